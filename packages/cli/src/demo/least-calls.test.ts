import type { CallCount, Item, Limit } from '@tripline/model'
import { expect, test } from 'vitest'
import type { Delivered } from './deliver-all.ts'
import { leastCalls } from './least-calls.ts'

const limit = (of: 'items' | 'bytes', max: number, endpoint: string): Limit => ({
  id: `${of} ${endpoint}`,
  kind: 'size',
  of,
  max,
  over: 'refused',
  endpoints: [endpoint],
  source: 'test',
  verified: true,
})
const base = { at: '2026-10-01T10:00:00.000Z' } as const
const event = (key: string, lane: string): Item => ({
  ...base,
  kind: 'event',
  key,
  lane,
  who: { userId: lane },
  event: { type: 'track', event: 'Seen', properties: {} },
})
const profile = (key: string, lane: string): Item => ({
  ...base,
  kind: 'profile',
  key,
  lane,
  who: { userId: lane },
  set: {},
})
const link = (key: string, lane: string): Item => ({
  ...base,
  kind: 'link',
  key,
  lane,
  known: { userId: lane },
  other: { anonymousId: `${lane}-before` },
})
const sent = (item: Item): Delivered => ({
  item,
  result: { key: item.key, outcome: { status: 'sent', proof: 'stored' }, losses: [], done: [] },
})
const limits = [limit('items', 2, 'POST /users/track'), limit('items', 2, 'POST /users/identify')]
const least = (items: readonly Item[], calls: readonly CallCount[] = [], known: readonly Limit[] = limits) =>
  leastCalls('braze', [items.map(sent)], known, calls)

test('requests are filled, and the attributes of one person are one value', () => {
  expect(least([event('1', 'a'), event('2', 'a'), event('3', 'b')])).toBe(2)
  expect(least([profile('1', 'a'), profile('2', 'a'), profile('3', 'b')])).toBe(1)
})

test('a lane that changes the endpoint and comes back needs another request', () => {
  expect(least([event('1', 'a'), link('2', 'a'), event('3', 'a')])).toBe(3)
  expect(least([event('1', 'a'), link('2', 'b')])).toBe(2)
})

test('no fewer than the bytes need, repeats left out', () => {
  const call = { endpoint: 'POST /users/track', purpose: 'write', count: 3, retries: 1, bytes: 400 } as const
  const known = [...limits, limit('bytes', 100, 'POST /users/track')]
  expect(least([event('1', 'a')], [call], known)).toBe(3)
})

test('an endpoint without a limit takes one at a time, and what was not sent costs nothing', () => {
  expect(leastCalls('intercom', [[event('1', 'a'), event('2', 'a')].map(sent)], [], [])).toBe(2)
  const dead = sent(event('1', 'a'))
  const outcome = { status: 'dead', fault: { code: 'invalid', message: 'x' } } as const
  expect(leastCalls('intercom', [[{ ...dead, result: { ...dead.result, outcome } }]], [], [])).toBe(0)
})
