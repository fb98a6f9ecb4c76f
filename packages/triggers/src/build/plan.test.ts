import { parseMessage } from '@tripline/model'
import { expect, test } from 'vitest'
import { definePlan, on, parsePlan, trigger } from '../index.ts'

const plan = definePlan({
  events: {
    'Product Viewed': { product_id: 'string' },
    'Subscription Renewed': { properties: {}, class: 'passive' },
    'Order Completed': {
      properties: { order_id: 'string', 'products[].product_id': 'string' },
      required: ['order_id', 'products'],
    },
  },
  traits: { plan: 'string', birthday: 'date' },
  naming: { events: 'Title Case' },
})

test('the normal form of a plan says everything about each event', () => {
  expect(plan.definition).toEqual({
    specVersion: 1,
    events: {
      'Product Viewed': { properties: { product_id: 'string' }, required: [], class: 'active' },
      'Subscription Renewed': { properties: {}, required: [], class: 'passive' },
      'Order Completed': {
        properties: { order_id: 'string', 'products[].product_id': 'string' },
        required: ['order_id', 'products'],
        class: 'active',
      },
    },
    traits: { plan: 'string', birthday: 'date' },
    requiredTraits: [],
    naming: { events: 'Title Case' },
  })
  expect(parsePlan(plan.definition)).toEqual({ ok: true, definition: plan.definition })
})

test('an event may have a property called properties', () => {
  const { definition } = definePlan({ events: { Saved: { properties: 'object' } }, traits: {} })
  expect(definition.events['Saved']?.properties).toEqual({ properties: 'object' })
})

test.each([
  [
    'a required property nobody declared',
    { events: { A: { properties: {}, required: ['id'] } } },
    'events.A.required[0]',
  ],
  ['a required trait nobody declared', { requiredTraits: ['plan'] }, 'requiredTraits[0]'],
  ['an unknown type', { traits: { age: 'float' } }, 'traits.age'],
  ['a path that is none', { events: { A: { 'a..b': 'string' } } }, 'events.A["a..b"]'],
  ['an unknown class', { events: { A: { properties: {}, class: 'lazy' } } }, 'events.A.class'],
  ['an unknown style of names', { naming: { events: 'kebab-case' } }, 'naming.events'],
  ['a pattern that is none', { naming: { traits: { pattern: '(' } } }, 'naming.traits.pattern'],
  ['an event without a name', { events: { '': {} } }, 'events[""]'],
])('%s is a mistake', (_, input, path) => {
  const parsed = parsePlan({ specVersion: 1, ...input })
  expect(parsed.ok ? [] : parsed.mistakes.map((mistake) => mistake.path)).toEqual([path])
})

test('messages are messages of the Segment Spec', () => {
  const order = plan.track(
    'Order Completed',
    { order_id: 'o1', products: [{ product_id: 'p1' }] },
    { userId: 'u1', messageId: 'm1', timestamp: '2026-11-01T10:00:00Z' },
  )
  const parsed = parseMessage(order)
  expect(parsed.ok && parsed.items).toMatchObject([
    {
      kind: 'event',
      key: 'm1',
      event: { type: 'track', event: 'Order Completed', properties: { order_id: 'o1' } },
    },
  ])
  const profile = parseMessage(plan.identify({ plan: 'pro' }, { userId: 'u1', messageId: 'm2' }))
  expect(profile.ok && profile.items).toMatchObject([{ kind: 'profile', set: { plan: 'pro' } }])
})

test('occasions and steps of the plan are those without it', () => {
  const viewed = plan.event('Product Viewed')
  expect(trigger('t', { when: plan.at('birthday', { time: '09:00', repeat: 'yearly' }) }).when).toMatchObject(
    {
      kind: 'at',
      trait: 'birthday',
    },
  )
  expect(trigger('t', { when: plan.changes('plan', { to: 'pro' }) }).when).toEqual({
    kind: 'changes',
    trait: 'plan',
    to: 'pro',
  })
  const journey = [
    plan.setTrait('plan', { value: 'pro' }),
    plan.emit('Product Viewed', { product_id: viewed.anchor('product_id') }),
  ]
  expect(trigger('t', { when: on(viewed), journey }).journey).toEqual([
    { kind: 'setTrait', trait: 'plan', value: { value: 'pro' } },
    { kind: 'emit', event: 'Product Viewed', properties: { product_id: { anchor: 'product_id' } } },
  ])
})
