import type { CanonicalEvent } from '@tripline/model'
import { describe, expectTypeOf, test } from 'vitest'
import {
  above,
  anchor,
  before,
  below,
  contains,
  definePlan,
  exists,
  is,
  on,
  page,
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
  test('several of one property; anything where nothing is declared', () => {
    expectTypeOf(added.where({ price: [above(1), below(2)] })).toEqualTypeOf(added)
    // @ts-expect-error a text is not above 1
    added.where({ product_id: [above(1)] })
    const left = page('Checkout').where({ seconds: above(10), path: startsWith('/') })
    expectTypeOf(left).toEqualTypeOf(page())
  })
  test('a property of the anchor suits every type', () => {
    const same = added.where({ price: is(anchor('price')), product_id: is(anchor('product_id')) })
    expectTypeOf(same).toEqualTypeOf(added)
  })
})

describe('what is typed against the plan', () => {
  test('a property of the anchor has its type', () => {
    expectTypeOf(added.where({ price: above(added.anchor('price')) })).toEqualTypeOf(added)
    // @ts-expect-error a number is not a text
    added.where({ product_id: is(added.anchor('price')) })
    // @ts-expect-error a text is not above anything
    added.where({ price: above(added.anchor('product_id')) })
    // @ts-expect-error no such property
    added.anchor('prize')
  })
  test('changes and dates of traits, and what steps write', () => {
    expectTypeOf(plan.changes('lifetimeValue', { to: null })).toEqualTypeOf(plan.changes('birthday'))
    // @ts-expect-error a number is no text
    plan.changes('lifetimeValue', { to: '100' })
    expectTypeOf(plan.at).parameter(0).toEqualTypeOf<'birthday'>()
    plan.setTrait('lifetimeValue', { value: 1 })
    plan.setTrait('lifetimeValue', added.anchor('price'))
    // @ts-expect-error a text is no number
    plan.setTrait('lifetimeValue', { value: 'much' })
    // @ts-expect-error the anchor's property is a text
    plan.setTrait('lifetimeValue', added.anchor('product_id'))
    plan.emit('Product Added', { price: { value: 1 } })
    // @ts-expect-error no such property
    plan.emit('Product Added', { prize: { value: 1 } })
  })
})

test('a plan without traits, or without events, leaves them free', () => {
  const events = definePlan({ events: { 'Signed Up': {} } })
  expectTypeOf(events.event).parameter(0).toEqualTypeOf<'Signed Up'>()
  expectTypeOf(events.trait('anything', above(1))).toEqualTypeOf<TraitCondition>()
  expectTypeOf(events.at).parameter(0).toEqualTypeOf<string>()
  const traits = definePlan({ traits: { tier: 'string' } })
  expectTypeOf(traits.trait).parameter(0).toEqualTypeOf<'tier'>()
  expectTypeOf(traits.event('Anything').match.type).toExtend<string>()
})

describe('messages are checked against the plan', () => {
  const shop = definePlan({
    events: {
      'Product Viewed': { product_id: 'string' },
      'Order Completed': {
        properties: {
          order_id: 'string',
          revenue: 'number',
          coupon: 'string',
          paid: 'money',
          tags: 'strings',
          'products[].product_id': 'string',
          'products[].price': 'number',
          'shipping.method': 'string',
        },
        required: ['order_id', 'products[].product_id'],
      },
    },
    traits: { plan: 'string', birthday: 'date' },
    requiredTraits: ['plan'],
  })
  test('types of values, lists and objects', () => {
    type Order = Parameters<typeof shop.track<'Order Completed'>>[1]
    expectTypeOf<Order['order_id']>().toEqualTypeOf<string>()
    expectTypeOf<Order['revenue']>().toEqualTypeOf<number | null | undefined>()
    expectTypeOf<Order['products'][number]['product_id']>().toEqualTypeOf<string>()
    expectTypeOf<Order['products'][number]['price']>().toEqualTypeOf<number | null | undefined>()
    expectTypeOf<NonNullable<Order['shipping']>['method']>().toEqualTypeOf<string | null | undefined>()
    expectTypeOf<NonNullable<Order['paid']>['amount']>().toEqualTypeOf<number>()
  })
  test('what is required, unknown, or of another type', () => {
    const products = [{ product_id: 'p1' }]
    const order = shop.track('Order Completed', { order_id: 'o1', products, coupon: null })
    expectTypeOf(order).toExtend<CanonicalEvent>()
    // @ts-expect-error the order id is missing
    shop.track('Order Completed', { products })
    // @ts-expect-error a product lacks its id
    shop.track('Order Completed', { order_id: 'o1', products: [{ price: 1 }] })
    // @ts-expect-error no such property
    shop.track('Order Completed', { order_id: 'o1', products, discount: 1 })
    // @ts-expect-error revenue is a number
    shop.track('Order Completed', { order_id: 'o1', products, revenue: '27.50' })
    // @ts-expect-error no such event
    shop.track('Order Complete', {})
    shop.track('Product Viewed', {})
  })
  test('traits', () => {
    expectTypeOf(shop.identify({ plan: 'pro', birthday: '2000-02-29' }).type).toEqualTypeOf<'identify'>()
    // @ts-expect-error plan is required
    shop.identify({ birthday: '2000-02-29' })
    // @ts-expect-error no such trait
    shop.identify({ plan: 'pro', tier: 1 })
  })
})

test('a trigger is its normal form', () => {
  expectTypeOf(trigger('t', { when: on(added).by('product_id') })).toEqualTypeOf<TriggerDefinition>()
})
