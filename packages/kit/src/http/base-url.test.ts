import { expect, test } from 'vitest'
import { baseUrlOf } from './base-url.ts'

test.each([
  ['https://api.example.com', 'https://api.example.com'],
  ['https://api.example.com/', 'https://api.example.com'],
  ['https://api.example.com/v1//', 'https://api.example.com/v1'],
])('%s', (given, base) => {
  expect(baseUrlOf('example', given)).toBe(base)
  expect(baseUrlOf('example', new URL(given))).toBe(base)
})

test('what is no URL is named, with the form that is wanted', () => {
  expect(() => baseUrlOf('example', 'api.example.com')).toThrow('write it with its protocol')
})
