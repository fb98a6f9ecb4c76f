import { expect, test } from 'vitest'
import { jsonProblem } from './json-problem.ts'

test.each([
  ['', 'it ends too early'],
  ['{"messageId": "m1", "userId": "u1"', 'it ends too early'],
  ['{"a":"b', 'it ends too early'],
  ['{"a":1,', 'it ends too early'],
  ['{"a":-', 'it ends too early'],
  ['{"type" "track"}', 'unexpected at position 8'],
  ['{"a":1}x', 'unexpected at position 7'],
  ['not json', 'it does not begin like JSON'],
  ['\0\0', 'it does not begin like JSON'],
  ['{"a": ada@example.com}', 'something stands where a value should'],
])('%j: %s', (text, problem) => {
  let thrown: unknown
  try {
    JSON.parse(text)
  } catch (error) {
    thrown = error
  }
  expect(jsonProblem(thrown, text)).toBe(problem)
})
