import { test as fcTest, fc } from '@fast-check/vitest'
import type { Field, FieldType, Loss, Value } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { decimal, fromText, toText } from './values.ts'

function put(
  value: Value,
  type?: FieldType,
): { readonly text: string | undefined; readonly losses: readonly string[] } {
  const losses: Loss[] = []
  const field: Field | undefined = type && { of: 'user', name: 'x', type }
  const text = toText(value, field, { path: 'set.x', losses })
  return { text, losses: losses.map(({ kind }) => kind) }
}

describe('values become text', () => {
  test.each<[Value, FieldType | undefined, string | undefined, readonly string[]]>([
    ['pro', undefined, 'pro', []],
    ['', 'string', '', ['dropped']],
    [null, 'number', '', []],
    [12.5, 'number', '12.5', []],
    [-0.5, undefined, '-0.5', []],
    [true, 'boolean', 'true', []],
    ['2026-11-01', 'date', '2026-11-01', []],
    ['2026-11-01T00:00:00.000Z', 'date', '2026-11-01', []],
    ['2026-11-01T12:00:00+02:00', 'instant', '2026-11-01T10:00:00.000Z', []],
    [['b', 'a'], 'strings', 'b;a', []],
    [[], 'strings', '', []],
    [['a', 'a'], undefined, 'a', ['collapsed']],
    [['a;b'], 'strings', undefined, ['dropped']],
    [{ a: 1 }, 'object', '{"a":1}', ['coerced']],
    [[1, 2], undefined, '[1,2]', ['coerced']],
    ['12', 'number', undefined, ['dropped']],
    ['yes', 'boolean', undefined, ['dropped']],
    ['2026-11-01T10:00:00Z', 'date', undefined, ['dropped']],
  ])('%j as %s', (value, type, text, losses) => {
    expect(put(value, type)).toEqual({ text, losses })
  })

  test('65,536 characters stay, one more is cut, and never inside a code point', () => {
    expect(put('x'.repeat(65_536))).toEqual({ text: 'x'.repeat(65_536), losses: [] })
    expect(put('x'.repeat(65_537))).toEqual({ text: 'x'.repeat(65_536), losses: ['truncated'] })
    expect(put(`${'x'.repeat(65_535)}😀`)).toEqual({ text: 'x'.repeat(65_535), losses: ['truncated'] })
  })

  test('entries of a list are never cut', () => {
    expect(put(['x'.repeat(65_537)], 'strings')).toEqual({ text: undefined, losses: ['dropped'] })
  })

  fcTest.prop([fc.double({ noNaN: true, noDefaultInfinity: true })])(
    'a decimal is the number, without exponent',
    (value) => {
      expect(decimal(value)).toMatch(/^-?\d+(\.\d+)?$/)
      expect(Number(decimal(value))).toBe(value === 0 ? 0 : value)
    },
  )

  const canonical = {
    string: fc.string({ minLength: 1, maxLength: 50 }),
    number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    boolean: fc.boolean(),
    instant: fc
      .date({ min: new Date(0), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    strings: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 5 }),
  }
  for (const type of ['string', 'number', 'boolean', 'instant', 'strings'] as const)
    fcTest.prop([canonical[type] as fc.Arbitrary<Value>])(`a ${type} comes back as it was`, (value) => {
      const field: Field = { of: 'user', name: 'x', type }
      expect(fromText(put(value, type).text, field)).toEqual(value)
    })
})

test('what is not of the declared type is missing', () => {
  expect(fromText('soon', { of: 'user', name: 'x', type: 'instant' })).toBeUndefined()
  expect(fromText('', { of: 'user', name: 'x', type: 'string' })).toBeUndefined()
  expect(fromText(null, undefined)).toBeUndefined()
  expect(fromText('7', undefined)).toBe('7')
})
