import { describe, expectTypeOf, test } from 'vitest'
import {
  above,
  anchor,
  before,
  contains,
  definePlan,
  exists,
  is,
  on,
  sequence,
  startsWith,
  total,
  type TraitCondition,
  type TriggerDefinition,
  trigger,
} from '../index.ts'

const plan = definePlan({
  events: {
    'Product Viewed': { product_id: 'string' },
    'Product Added': { product_id: 'string', price: 'number', tags: 'strings' },
  },
  traits: { lifetimeValue: 'number', birthday: 'date' },
})
const added = plan.event('Product Added')

describe('what the tracking plan does not declare does not compile', () => {
  test('events', () => {
    expectTypeOf(plan.event).parameter(0).toEqualTypeOf<'Product Viewed' | 'Product Added'>()
    // @ts-expect-error no such event
    plan.event('Product Aded')
  })
  test('properties', () => {
    expectTypeOf(on(added).by).parameter(0).toEqualTypeOf<'product_id' | 'price' | 'tags'>()
    // @ts-expect-error no such property
    added.where({ prize: above(1) })
    // @ts-expect-error no such property
    total(added, 'prize', 'sum', above(1))
    // @ts-expect-error no such property
    on(added).by('sku')
  })
  test('a sequence is correlated by what its events have in common', () => {
    const chain = sequence([plan.event('Product Viewed'), added], { within: '30m' })
    expectTypeOf(chain.by).parameter(0).toEqualTypeOf<'product_id'>()
    // @ts-expect-error the view has no price
    chain.by('price')
  })
  test('traits', () => {
    expectTypeOf(plan.trait('lifetimeValue', above(1))).toEqualTypeOf<TraitCondition>()
    // @ts-expect-error no such trait
    plan.trait('lifetimevalue', above(1))
  })
})

describe('comparisons suit the declared type', () => {
  test('numbers', () => {
    const fit = added.where({ price: above(1) }, { price: is(1) }, { price: exists() })
    expectTypeOf(fit).toEqualTypeOf(added)
    // @ts-expect-error a number is no text
    added.where({ price: startsWith('1') })
    // @ts-expect-error a number is not '1'
    added.where({ price: is('1') })
  })
  test('texts, and sets of them', () => {
    expectTypeOf(added.where({ product_id: startsWith('p'), tags: contains('new') })).toEqualTypeOf(added)
    // @ts-expect-error a text is not above 1
    added.where({ product_id: above(1) })
  })
  test('days', () => {
    expectTypeOf(plan.trait('birthday', before('2000-01-01'))).toEqualTypeOf<TraitCondition>()
    // @ts-expect-error a number is no day
    plan.trait('lifetimeValue', before('2000-01-01'))
  })
  test('a property of the anchor suits every type', () => {
    const same = added.where({ price: is(anchor('price')), product_id: is(anchor('product_id')) })
    expectTypeOf(same).toEqualTypeOf(added)
  })
})

test('a trigger is its normal form', () => {
  expectTypeOf(trigger('t', { when: on(added).by('product_id') })).toEqualTypeOf<TriggerDefinition>()
})
