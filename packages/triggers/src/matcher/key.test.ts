import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { canonical } from './canonical.ts'
import { fromKey, toKey } from './key.ts'

const value = fc.oneof(
  fc.nat(3),
  fc.nat(3).map(String),
  fc.constantFrom(
    '',
    '0',
    '00',
    '-0',
    '01',
    '1.0',
    '1e3',
    ' 1',
    '\u0000',
    '\u00001',
    '\u0000"1"',
    'true',
    'null',
  ),
  fc.constantFrom(0, -1, 1.5, 1e21, -0, 2 ** 50, 2 ** 53, true, false),
  fc.constantFrom('1125899906842624', '1125899906842625', '999999999999999', '9007199254740993'),
  fc.constantFrom([1], ['1'], { a: 1, b: 2 }, { b: 2, a: 1 }),
)

describe('keys', () => {
  fcTest.prop([value, value], { numRuns: 2_000 })(
    'are equal when type and value are equal, and only then',
    (left, right) => {
      expect(toKey(left) === toKey(right)).toBe(canonical(left) === canonical(right))
    },
  )

  fcTest.prop([value])('are read back as what they stand for', (given) => {
    expect(canonical(fromKey(toKey(given) ?? ''))).toBe(canonical(given))
  })

  test('missing has none; ids that are numbers are packed', () => {
    expect([null, undefined].map(toKey)).toEqual([undefined, undefined])
    expect(['17', 17].map(toKey)).toEqual([-18, 17])
  })
})
