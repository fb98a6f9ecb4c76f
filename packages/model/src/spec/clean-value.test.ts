import { runInNewContext } from 'node:vm'
import { test as fcTest, fc } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { isClean, isPlainObject, reportUnclean } from './clean-value.ts'
import type { Findings } from './mistake.ts'

function problems(value: unknown): readonly string[] {
  const findings: Findings = { mistakes: [], notes: [] }
  reportUnclean(value, 'properties', findings)
  return findings.mistakes.map((mistake) => mistake.path)
}

test('plain objects are those of JSON, of this realm or another', () => {
  expect([{}, Object.create(null), runInNewContext('({ a: 1 })')].every(isPlainObject)).toBe(true)
  const inherited: unknown = Object.create(
    Object.create(null, { a: { value: 1, enumerable: true } }) as object,
  )
  expect([[], new Date(), new Map(), null, 'x', inherited].some(isPlainObject)).toBe(false)
})

test('holes of a list are undefined values', () => {
  const holes: unknown[] = [1]
  holes[2] = 3
  expect(isClean(holes)).toBe(false)
  expect(problems(holes)).toEqual(['properties[1]'])
})

fcTest.prop([fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true })])(
  'a value is clean exactly when there is nothing to report about it',
  (value) => {
    expect(isClean(value)).toBe(problems(value).length === 0)
  },
)

fcTest.prop([fc.jsonValue()])('every JSON value is clean', (value) => {
  expect(isClean(value)).toBe(true)
})
