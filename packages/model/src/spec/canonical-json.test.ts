import { test as fcTest, fc } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import type { Value } from '../value.ts'
import { canonicalJson } from './canonical-json.ts'

test('names are sorted at every level, numbers and text are as JSON has them', () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }], a: -0, '': 'é\n' })).toBe(
    '{"":"é\\n","a":0,"b":[{"c":null,"d":1}]}',
  )
})

fcTest.prop([fc.jsonValue()])('says the same value, whatever the order of names', (value) => {
  const reversed = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part
    if (Array.isArray(part)) return part.map(reversed)
    return Object.fromEntries(
      Object.entries(part)
        .toReversed()
        .map(([name, member]) => [name, reversed(member)]),
    )
  }
  const text = canonicalJson(value as Value)
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
  expect(canonicalJson(reversed(value) as Value)).toBe(text)
})
