import type { Value, Values } from '@tripline/model'
import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { flatten, isRecord, keepImportant } from './flatten.ts'

test('joins the names of nested objects; arrays and nulls stay', () => {
  const values = { plan: null, address: { city: 'Riga', geo: { lat: 1 } }, tags: [{ a: 1 }], empty: {} }
  expect(flatten(values)).toEqual({ plan: null, address_city: 'Riga', address_geo_lat: 1, tags: [{ a: 1 }] })
  expect(flatten({ a: { b: 1 } }, '.')).toEqual({ 'a.b': 1 })
})

test('a property called __proto__ is a property', () => {
  const flat = flatten(JSON.parse('{"__proto__":"x","a":{"__proto__":1}}') as Values)
  expect(JSON.stringify(flat)).toBe('{"__proto__":"x","a___proto__":1}')
})

const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.integer(), { maxLength: 2 }),
)
const { tree } = fc.letrec<{ tree: Values; value: Value }>((tie) => ({
  tree: fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('value'), { maxKeys: 4 }),
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie('tree')),
}))
const leavesOf = (value: Value): number =>
  isRecord(value) ? Object.values(value).reduce<number>((sum, each) => sum + leavesOf(each), 0) : 1

fcTest.prop([tree])('keeps every leaf and leaves no object', (values) => {
  const flat = flatten(values, '.')
  expect(Object.values(flat).some(isRecord)).toBe(false)
  expect(Object.keys(flat)).toHaveLength(leavesOf(values))
  for (const [path, value] of Object.entries(flat)) {
    const found = path
      .split('.')
      .reduce<Value | undefined>((at, name) => (isRecord(at) ? at[name] : undefined), values)
    expect(found).toEqual(value)
  }
})

const registry = new Map(['plan', 'email', 'city'].map((name, place) => [name, place]))
test.each([
  [['a', 'city', 'b', 'plan'], 4, ['a', 'city', 'b', 'plan']],
  [['a', 'city', 'b', 'plan'], 3, ['plan', 'city', 'a']],
  [['b', 'a'], 1, ['b']],
  [['a'], 0, []],
])('of %j the %i most important are %j', (names, max, kept) => {
  expect(keepImportant(names, max, registry)).toEqual(kept)
})
