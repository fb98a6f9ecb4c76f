import type { EventItem, Item, ItemResult, Loss, ProfileItem } from '@tripline/model'
import { expect, test } from 'vitest'
import { comparePictures } from '../compare-pictures.ts'
import type { Delivered } from '../picture.ts'
import { expectBraze } from './expect.ts'
import { observeBraze } from './observe.ts'

const at = '2026-01-02T03:04:05.678Z'
const sent: ItemResult['outcome'] = { status: 'sent', proof: 'accepted' }
const event = (properties: EventItem['event']['properties'], more: Partial<EventItem> = {}): EventItem => ({
  kind: 'event',
  key: 'k',
  lane: 'u1',
  at,
  who: { userId: 'u1' },
  event: { type: 'track', event: 'Seen', properties },
  ...more,
})
const profile = (set: ProfileItem['set'], who: ProfileItem['who'] = { userId: 'u1' }): ProfileItem => ({
  kind: 'profile',
  key: 'p',
  lane: 'u1',
  at,
  who,
  set,
})
const done = (
  item: Item,
  outcome: ItemResult['outcome'] = sent,
  losses: readonly Loss[] = [],
): Delivered => ({
  item,
  result: { key: item.key, outcome, losses, done: [] },
})
const loss = (path: string, kind: Loss['kind']): Loss => ({ path, kind, because: 'test', source: 'test' })
const user = {
  braze_id: 'b1',
  external_id: 'u1',
  user_aliases: [],
  standard: {},
  custom_attributes: {},
  subscription_groups: {},
}
const stored = (properties: object, name = 'Seen') => ({ braze_id: 'b1', name, time: at, properties })
const state = (parts: object): unknown => ({ profiles: [user], events: [], purchases: [], ...parts })

test('what was given and stored alike is equal', () => {
  const picture = comparePictures(
    expectBraze([done(event({ a: 1, gone: null })), done(profile({ firstName: 'Ada', plan: 'pro' }))]),
    observeBraze(
      state({
        profiles: [{ ...user, standard: { first_name: 'Ada' }, custom_attributes: { plan: 'pro' } }],
        events: [stored({ a: 1 })],
      }),
    ),
  )
  expect(picture.differences).toEqual([])
  expect(picture.counts).toEqual({ eventsExpected: 1, eventsFound: 1, facts: 2 })
})

test('a text that is cut without a loss is a difference, and with one it is not', () => {
  const long = `${'x'.repeat(254)}🧀`
  const seen = observeBraze(state({ events: [stored({ note: 'x'.repeat(254) })] }))
  expect(comparePictures(expectBraze([done(event({ note: long }))]), seen).differences).toEqual([
    { person: 'user:u1', what: `event "Seen" at ${at}: note`, expected: long, found: 'x'.repeat(254) },
  ])
  const losses = [loss('event.properties.note', 'truncated')]
  expect(comparePictures(expectBraze([done(event({ note: long }), sent, losses)]), seen).isEqual).toBe(true)
})

test('an attribute under a wrong name is two differences', () => {
  const seen = observeBraze(state({ profiles: [{ ...user, custom_attributes: { firstName: 'Ada' } }] }))
  const { differences } = comparePictures(expectBraze([done(profile({ firstName: 'Ada' }))]), seen)
  expect(differences.map(({ what }) => what)).toEqual(['first_name', 'firstName'])
})

test('a lost answer allows one more, an unknown one fewer, and nothing beyond', () => {
  const twice = done(event({}), { status: 'sent', proof: 'accepted', maybeTwice: true })
  const unknown = done(event({}), { status: 'unknown', fault: { code: 'timeout', message: 'lost' } })
  const compare = (given: Delivered, copies: number): number =>
    comparePictures(expectBraze([given]), observeBraze(state({ events: Array(copies).fill(stored({})) })))
      .total
  expect([0, 1, 2, 3].map((copies) => compare(twice, copies))).toEqual([1, 0, 0, 1])
  expect([0, 1, 2].map((copies) => compare(unknown, copies))).toEqual([0, 0, 1])
})

test('an alias that becomes a user takes its events along; a second one stays apart', () => {
  const by = (anonymousId: string): Delivered => done(event({}, { who: { anonymousId } }))
  const link = (anonymousId: string): Delivered =>
    done({ kind: 'link', key: 'l', lane: 'u1', at, known: { userId: 'u1' }, other: { anonymousId } })
  const expected = expectBraze([by('a1'), link('a1'), by('a1'), by('a2'), link('a2'), link('nobody')])
  const seen = observeBraze(
    state({
      profiles: [
        user,
        { ...user, braze_id: 'b2', external_id: undefined, user_aliases: [{ alias_name: 'a2' }] },
      ],
      events: [stored({}), stored({}), { ...stored({}), braze_id: 'b2' }],
    }),
  )
  expect(comparePictures(expected, seen).differences).toEqual([])
})

test('an order is an ecommerce event, its rest is metadata', () => {
  const order = event({
    order_id: 'o1',
    currency: 'EUR',
    total: 5,
    coupon: 'X',
    products: [{ product_id: 'p', name: 'Pen', sku: 's', price: 5, category: 'ink' }],
  })
  const given = done({ ...order, event: { ...order.event, event: 'Order Completed' } })
  const product = { product_id: 'p', product_name: 'Pen', variant_id: 's', quantity: 1, price: 5 }
  const properties = {
    order_id: 'o1',
    currency: 'EUR',
    total_value: 5,
    source: 'tripline',
    metadata: { coupon: 'X' },
    products: [{ ...product, metadata: { category: 'ink' } }],
  }
  const seen = observeBraze(state({ events: [stored(properties, 'ecommerce.order_placed')] }))
  expect(comparePictures(expectBraze([given]), seen).differences).toEqual([])
})

test('an event whose time is that of arrival is found by everything else', () => {
  const given = done(event({ a: 1 }), sent, [loss('at', 'coerced')])
  const seen = observeBraze(state({ events: [{ ...stored({ a: 1 }), time: '2026-01-02T00:00:00.000Z' }] }))
  expect(comparePictures(expectBraze([given]), seen).differences).toEqual([])
  const other = observeBraze(state({ events: [{ ...stored({ a: 2 }), time: '2026-01-02T00:00:00.000Z' }] }))
  expect(comparePictures(expectBraze([given]), other).differences.map(({ what }) => what)).toEqual([
    `event "Seen" at arrival: a`,
  ])
})
