import type { Item, StartItem, Value } from '@tripline/model'
import { expect, test } from 'vitest'
import { faultOfValues } from './item-values.ts'

const base = { key: 'k', lane: 'l', at: '2026-11-01T10:00:00.000Z', who: { userId: 'u1' } }
const profile = (set: unknown): Item => ({ ...base, kind: 'profile', set }) as Item
const event = (properties: unknown, context?: unknown): Item =>
  ({ ...base, kind: 'event', event: { type: 'track', event: 'E', properties, context } }) as Item
const start = (data: unknown): StartItem => ({ ...base, via: { kind: 'event', id: 'E' }, data }) as StartItem
let deep: Value = 1
for (let level = 0; level < 200; level++) deep = [deep]

test.each([
  ['undefined', profile({ plan: undefined }), 'set.plan'],
  ['NaN', profile({ score: Number.NaN }), 'set.score'],
  ['infinity in a list', event({ a: [{ b: -Infinity }] }), 'event.properties.a[0].b'],
  ['a bigint in the context', event({}, { n: 1n }), 'event.context.n'],
  ['a hole in a list', start({ a: [, 1] }), 'data.a[0]'], // eslint-disable-line no-sparse-arrays -- the hole is what is tested
  ['a list for an object', profile([]), 'set'],
  ['a function', profile({ f: () => 1 }), 'set.f'],
])('refused: %s', (_, item, path) => {
  expect(faultOfValues(item)).toMatchObject({ code: 'invalid', path })
})

test('endless nesting is refused without exhausting the stack', () => {
  const own: Record<string, unknown> = {}
  own['own'] = own
  expect(faultOfValues(profile(own))?.code).toBe('invalid')
  expect(faultOfValues(profile({ deep }))?.code).toBe('invalid')
})

test('null, empty text and empty lists are values', () => {
  expect(
    faultOfValues(profile({ a: null, b: '', c: [], d: {}, e: 0, f: [null, { g: false }] })),
  ).toBeUndefined()
  expect(
    faultOfValues({ ...base, kind: 'membership', segment: { form: 'tag', id: '1' }, member: true }),
  ).toBe(undefined)
})
