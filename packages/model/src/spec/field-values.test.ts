import { test as fcTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { Field, FieldType } from '../field.ts'
import type { Value } from '../value.ts'
import { coerceToField } from './coerce-to-field.ts'
import type { WireForm } from './coerced.ts'
import { readBack } from './read-back.ts'
import { sameValue } from './same-value.ts'

const field = (type: FieldType): Field => ({ of: 'user', name: 'f', type })
const coerce = (value: unknown, type: FieldType, form?: WireForm) => {
  const coerced = coerceToField(value, field(type), form)
  return coerced.ok ? coerced.value : coerced.finding.type
}
const read = (text: string | null, type: FieldType, form?: WireForm) => {
  const coerced = readBack(text, field(type), form)
  return coerced.ok ? coerced.value : coerced.finding.type
}

describe('coerceToField', () => {
  test.each<[unknown, FieldType, Value, WireForm?]>([
    ['', 'string', ''],
    ['00001', 'string', '00001'],
    [1.5, 'number', 1.5],
    [5, 'integer', 5],
    [false, 'boolean', false],
    ['2026-11-01', 'date', '2026-11-01'],
    ['2026-11-01T00:00:00Z', 'date', '2026-11-01'],
    ['2026-11-01T02:00:00+02:00', 'date', '2026-11-01'],
    [1_793_491_200, 'date', '2026-11-01', { epoch: 'seconds' }],
    [1_793_527_200_000, 'instant', '2026-11-01T10:00:00.000Z', { epoch: 'milliseconds' }],
    ['2026-11-01T12:00:00+02:00', 'instant', '2026-11-01T10:00:00.000Z'],
    [['b', 'a', 'b'], 'strings', ['b', 'a']],
    [{ amount: 5, currency: 'EUR' }, 'money', { amount: 5, currency: 'EUR' }],
    [{ a: [1] }, 'object', { a: [1] }],
  ])('%j as %s', (value, type, canonical, form) => {
    expect(coerce(value, type, form)).toEqual(canonical)
  })

  test.each<[unknown, FieldType]>([
    [5, 'string'],
    ['5', 'number'],
    [Number.NaN, 'number'],
    [1.5, 'integer'],
    [2 ** 53, 'integer'],
    ['true', 'boolean'],
    [1, 'boolean'],
    ['2026-11-01T10:00:00Z', 'date'],
    ['2026-02-30', 'date'],
    [1_793_491_200, 'date'],
    ['2026-11-01', 'instant'],
    ['2026-11-01T10:00:00', 'instant'],
    [1_793_527_200_000, 'instant'],
    [[1], 'strings'],
    ['a;b', 'strings'],
    [5, 'money'],
    [{ amount: 5 }, 'money'],
    [{ amount: 5, currency: 'eur' }, 'money'],
    [{ a: undefined }, 'object'],
    [undefined, 'string'],
  ])('%j is not guessed into %s', (value, type) => {
    expect(coerceToField(value, field(type))).toMatchObject({ ok: false, finding: { field: 'f', type } })
  })

  test('null is null in every type', () => {
    expect(coerce(null, 'string')).toBeNull()
    expect(coerce(null, 'money')).toBeNull()
  })
})

describe('readBack', () => {
  test.each<[string | null, FieldType, Value, WireForm?]>([
    [null, 'string', null],
    ['', 'string', ''],
    ['', 'number', null],
    ['', 'strings', null],
    ['12.50', 'number', 12.5],
    ['1.0E7', 'number', 10_000_000],
    ['7.0', 'integer', 7],
    ['true', 'boolean', true],
    ['2026-11-01', 'date', '2026-11-01'],
    ['1793491200000', 'date', '2026-11-01', { epoch: 'milliseconds' }],
    ['2026-11-01T10:00:00Z', 'instant', '2026-11-01T10:00:00.000Z'],
    ['a;b;a', 'strings', ['a', 'b']],
    [';a', 'strings', ['a']],
    ['a|b', 'strings', ['a', 'b'], { separator: '|' }],
    ['{"amount":5,"currency":"EUR"}', 'money', { amount: 5, currency: 'EUR' }],
  ])('%j as %s', (text, type, value, form) => {
    expect(read(text, type, form)).toEqual(value)
  })

  test.each<[string, FieldType]>([
    ['ten', 'number'],
    ['9007199254740993', 'integer'],
    ['yes', 'boolean'],
    ['1793491200000', 'instant'],
    ['{', 'object'],
    ['5', 'object'],
  ])('%j is a finding as %s', (text, type) => {
    expect(read(text, type)).toBe(type)
  })

  const written: fc.Arbitrary<[FieldType, Value, string]> = fc.oneof(
    fc.string().map((text): [FieldType, Value, string] => ['string', text, text]),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((number): [FieldType, Value, string] => ['number', number + 0, String(number)]),
    fc.maxSafeInteger().map((number): [FieldType, Value, string] => ['integer', number, String(number)]),
    fc.boolean().map((flag): [FieldType, Value, string] => ['boolean', flag, String(flag)]),
    fc
      .uniqueArray(fc.stringMatching(/^[^;]+$/), { minLength: 1 })
      .map((texts): [FieldType, Value, string] => ['strings', texts, texts.join(';')]),
    fc
      .dictionary(fc.string(), fc.jsonValue())
      .map((value): [FieldType, Value, string] => [
        'object',
        JSON.parse(JSON.stringify(value)) as Value,
        JSON.stringify(value),
      ]),
  )
  fcTest.prop([written])('what was written as text comes back as it was', ([type, value, text]) => {
    expect(readBack(text, field(type))).toEqual({ ok: true, value })
    expect(sameValue(read(text, type), value, type)).toBe(true)
  })
})

describe('sameValue', () => {
  test.each<[Value | undefined, Value | undefined, FieldType, object?]>([
    [null, undefined, 'string'],
    ['', null, 'string', { emptyIsNull: true }],
    [' A@B.example', 'a@b.example', 'string', { text: 'folded' }],
    [1.005, 1.01, 'number', { decimals: 2 }],
    ['2026-11-01T12:00:00+02:00', '2026-11-01T10:00:00Z', 'instant'],
    ['2026-11-01T10:00:00.900Z', '2026-11-01T10:00:00Z', 'instant', { instantMs: 1000 }],
    ['2026-11-01', '2026-11-01T00:00:00Z', 'date'],
    [['a', 'b', 'a'], ['b', 'a'], 'strings'],
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, 'object'],
    [{ amount: 1.001, currency: 'EUR' }, { currency: 'EUR', amount: 1 }, 'money', { decimals: 2 }],
  ])('%j is %j as %s', (first, second, type, resolution) => {
    expect(sameValue(first, second, type, resolution)).toBe(true)
    expect(sameValue(second, first, type, resolution)).toBe(true)
  })

  test.each<[Value | undefined, Value | undefined, FieldType, object?]>([
    ['', null, 'string'],
    ['A', 'a', 'string'],
    ['1', 1, 'number'],
    [false, null, 'boolean'],
    ['2026-11-01T10:00:00.999Z', '2026-11-01T10:00:01.000Z', 'instant', { instantMs: 1000 }],
    ['2026-11-01', '2026-11-02', 'date'],
    [['a'], ['a', 'b'], 'strings'],
    [[], null, 'strings'],
    [[1, 2], [2, 1], 'object'],
    [{ a: null }, { b: null }, 'object'],
    [{ amount: 1, currency: 'EUR' }, { amount: 1, currency: 'USD' }, 'money'],
  ])('%j is not %j as %s', (first, second, type, resolution) => {
    expect(sameValue(first, second, type, resolution)).toBe(false)
    expect(sameValue(second, first, type, resolution)).toBe(false)
  })

  fcTest.prop([fc.uniqueArray(fc.string()), fc.array(fc.nat())])(
    'sets know no order and no repeats',
    (texts, picks) => {
      const repeats = texts.length === 0 ? [] : picks.map((pick) => texts[pick % texts.length] ?? '')
      expect(sameValue(texts, [...texts, ...repeats].toReversed(), 'strings')).toBe(true)
    },
  )

  fcTest.prop([fc.jsonValue(), fc.jsonValue()])('is equality of JSON values for objects', (first, second) => {
    expect(sameValue(first as Value, structuredClone(first) as Value, 'object')).toBe(true)
    const same = sameValue(first as Value, second as Value, 'object')
    expect(same).toBe(sameValue(second as Value, first as Value, 'object'))
  })
})
