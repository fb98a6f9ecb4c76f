import { expect, test } from 'vitest'
import { transportOptions } from './options.ts'

test('only what is given is handed on', () => {
  expect(transportOptions({})).toEqual({})
  expect(transportOptions({ timeoutMs: 5, fields: [] })).toEqual({ timeoutMs: 5 })
  expect(transportOptions({ timeoutMs: 5, maxAttempts: 2 })).toEqual({ timeoutMs: 5, maxAttempts: 2 })
})
