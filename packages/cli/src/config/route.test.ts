import type { Item, Values } from '@tripline/model'
import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { itemKinds } from './item-kinds.ts'
import { overrideRoute } from './route-override.ts'
import type { RouteRule } from './route-rule.ts'
import { createRoute } from './route.ts'

const base = { key: 'k', lane: 'u1', at: '2026-11-10T00:00:00.000Z', who: { userId: 'u1' } } as const
const event = (name: string, at: string = base.at): Item => ({
  ...base,
  kind: 'event',
  at,
  event: { type: 'track', event: name, properties: {} },
})
const profile = (set: Values): Item => ({ ...base, kind: 'profile', set, before: { plan: 'old', age: 1 } })
const decide = (rule: RouteRule, item: Item, newestAt?: string) =>
  createRoute({ braze: rule }, { vendors: ['braze'], ...(newestAt !== undefined && { newestAt }) })(item)[0]

test('without routes everything goes everywhere, in the order of the vendors', () => {
  const route = createRoute({}, { vendors: ['segment', 'braze'] })
  const item = event('Signed Up')
  expect(route(item)).toEqual([
    { vendor: 'segment', item, withheld: [] },
    { vendor: 'braze', item, withheld: [] },
  ])
})

describe('what is not routed says by which part of the route', () => {
  test.each([
    [{ off: true }, event('A'), 'off'],
    [{ items: ['profile'] }, event('A'), 'items'],
    [{ events: { only: ['B'] } }, event('A'), 'events'],
    [{ events: { except: ['A'] } }, event('A'), 'events'],
    [{ fields: { only: ['city'] } }, profile({ plan: 'pro' }), 'fields'],
  ] as const)('%o', (rule, item, because) => {
    expect(decide(rule, item)).toEqual({ vendor: 'braze', because })
  })

  test('what the parts name goes', () => {
    expect(decide({ events: { only: ['A'] } }, event('A'))).toHaveProperty('item')
    expect(decide({ events: { except: ['A'] } }, event('B'))).toHaveProperty('item')
    expect(decide({ items: ['event'], off: false }, event('B'))).toHaveProperty('item')
  })
})

test('fields that are not for a vendor are withheld, from the old values too', () => {
  expect(decide({ fields: { except: ['plan'] } }, profile({ plan: 'pro', age: 2 }))).toEqual({
    vendor: 'braze',
    item: { ...profile({ age: 2 }), before: { age: 1 } },
    withheld: ['plan'],
  })
})

test('a profile that had no traits still goes: it makes the person', () => {
  expect(decide({ fields: { only: ['city'] } }, profile({}))).toHaveProperty('withheld', [])
})

test('lastDays counts back from the newest event, to the millisecond, and leaves states alone', () => {
  const newest = '2026-11-10T00:00:00.000Z'
  const at = (instant: string) => decide({ lastDays: 1 }, event('A', instant), newest)
  expect(at('2026-11-09T00:00:00.000Z')).toHaveProperty('item')
  expect(at('2026-11-08T23:59:59.999Z')).toEqual({ vendor: 'braze', because: 'lastDays' })
  const old: Item = { ...profile({ plan: 'pro' }), at: '2001-01-01T00:00:00.000Z' }
  expect(decide({ lastDays: 1 }, old, newest)).toHaveProperty('item')
})

test('lastDays without a newest event is refused at start', () => {
  expect(() => createRoute({ braze: { lastDays: 1 } }, { vendors: ['braze'] })).toThrow(/--now/)
})

fcTest.prop([
  fc.record(
    {
      off: fc.boolean(),
      items: fc.subarray([...itemKinds]),
      events: fc.record({ only: fc.subarray(['A', 'B']) }),
      lastDays: fc.integer({ min: 1, max: 3 }),
    },
    { requiredKeys: [] },
  ),
  fc.constantFrom('A', 'B', 'C'),
  fc.integer({ min: 0, max: 5 * 86_400_000 }),
])('an event goes exactly when every part of the route lets it', (rule, name, ageMs) => {
  const newestAt = '2026-11-10T00:00:00.000Z'
  const at = new Date(Date.parse(newestAt) - ageMs).toISOString()
  const lets =
    !rule.off &&
    (rule.items?.includes('event') ?? true) &&
    (rule.events?.only.includes(name) ?? true) &&
    ageMs <= (rule.lastDays ?? Infinity) * 86_400_000
  expect('item' in (decide(rule, event(name, at), newestAt) ?? {})).toBe(lets)
})

describe('--route', () => {
  test.each([
    ['intercom:lastDays=90', { intercom: { lastDays: 90 } }],
    [
      'intercom:events.only=Order Completed,Signed Up',
      { intercom: { events: { only: ['Order Completed', 'Signed Up'] } } },
    ],
    ['braze:items=event', { braze: { off: true, items: ['event'] } }],
    ['braze:on', { braze: { off: false } }],
    ['hubspot:off', { hubspot: { off: true } }],
  ])('%s', (text, expected) => {
    const routes = { braze: { off: true } }
    expect(overrideRoute(routes, text)).toEqual({ ...routes, ...expected })
  })

  test.each([
    ['brase:off', '--route brase:off: "brase" is no vendor (segment, mixpanel, hubspot, braze, intercom)'],
    ['braze', '--route braze: "braze" is no vendor'],
    ['braze:lastDays=x', 'routes.braze.lastDays is NaN (allowed: days, more than 0)'],
    ['braze:item=event', '"item" is unknown; did you mean "items"?'],
    ['braze:items=evnt', 'routes.braze.items[0] "evnt" is unknown; did you mean "event"?'],
  ])('%s is refused', (text, message) => {
    expect(() => overrideRoute({}, text)).toThrow(message)
  })
})
