import { startBrazeSandbox, brazeDefaults } from '@tripline/sandbox/braze'
import type { Item, StartItem, Values } from '@tripline/model'
import { afterEach, expect, test } from 'vitest'
import { createBraze, type BrazeOptions } from './index.ts'

type Sandbox = Awaited<ReturnType<typeof startBrazeSandbox>>
let sandbox: Sandbox
afterEach(() => sandbox.close())

async function open(options: Partial<BrazeOptions> = {}) {
  sandbox = await startBrazeSandbox()
  return createBraze({ baseUrl: sandbox.url, apiKey: brazeDefaults.apiKeys[0].key, ...options }, sandbox.host)
}
let count = 0
const event = (userId: string, name: string, more: Partial<Item> = {}): Item =>
  ({
    kind: 'event',
    key: `k${count++}`,
    lane: userId,
    at: new Date(sandbox.clock.now() - 60_000).toISOString(),
    who: { userId },
    event: { type: 'track', event: name, properties: {} },
    ...more,
  }) as Item
const link = (userId: string, anonymousId: string): Item => ({
  kind: 'link',
  key: `k${count++}`,
  lane: userId,
  at: new Date(sandbox.clock.now() - 60_000).toISOString(),
  known: { userId },
  other: { anonymousId },
})

test('one request of 75 that is committed and then reset: 75 are sent, perhaps twice, or unknown; never plain sent', async () => {
  const braze = await open()
  const items = Array.from({ length: 75 }, (_, index) => event(`u${index}`, 'E'))
  sandbox.chaos({ script: [{ kind: 'reset-after' }] })
  const repeated = await braze.deliver(items)
  expect(repeated.results.map(({ outcome }) => outcome)).toEqual(
    items.map(() => ({ status: 'sent', proof: 'accepted', maybeTwice: true })),
  )
  expect(repeated.calls).toMatchObject([{ endpoint: 'POST /users/track', count: 1, retries: 1 }])
  expect(sandbox.inspect().events).toHaveLength(150)
  sandbox.chaos({ script: [{ kind: 'reset-after' }] })
  const reported = await braze.deliver(items, { onUnknown: 'report' })
  expect(reported.results.map(({ outcome }) => outcome.status)).toEqual(items.map(() => 'unknown'))
  expect(reported.calls).toMatchObject([{ count: 1, retries: 0 }])
  expect(sandbox.inspect().events).toHaveLength(225)
})

test('an expired key is asked for once more, and everything arrives', async () => {
  const asked: boolean[] = []
  const braze = await open({
    apiKey: async (expired) => {
      asked.push(expired)
      return expired ? brazeDefaults.apiKeys[0].key : 'last month'
    },
  })
  const report = await braze.deliver([event('u1', 'A'), event('u2', 'B')])
  expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'sent'])
  expect(asked).toContain(true)
})

test('a key of another cluster halts, and the fault says that it may be one', async () => {
  const braze = await open()
  sandbox.configure({ apiKeys: [{ key: 'the key of this cluster', permissions: 'all' }] })
  const { halt, results } = await braze.deliver([event('u1', 'A')])
  expect(halt).toMatchObject({ what: 'connector', fault: { code: 'auth', status: 401 } })
  expect(halt?.fault.message).toContain('another cluster than baseUrl')
  expect(results[0]?.outcome.status).toBe('retry')
})

test.each([
  ['users.track', 'users.identify', ['retry', 'sent']],
  ['users.identify', 'users.track', ['sent', 'retry']],
])('without the permission %s it is named, and what goes by %s arrives', async (missing, given, statuses) => {
  const braze = await open()
  await braze.deliver([event('', '', { who: { anonymousId: 'a1' }, lane: 'u2' })])
  sandbox.configure({ apiKeys: [{ key: brazeDefaults.apiKeys[0].key, permissions: [given] }] })
  const { halt, results } = await braze.deliver([event('u1', 'A'), link('u2', 'a1')])
  expect(halt).toMatchObject({ fault: { code: 'forbidden', status: 403 } })
  expect(halt?.what).not.toBe('connector')
  expect(halt?.fault.message).toContain(missing)
  expect(results.map(({ outcome }) => outcome.status)).toEqual(statuses)
})

test('a contract of fewer objects than ours: the refused request is halved, everything arrives once', async () => {
  const braze = await open()
  sandbox.configure({ trackMaxObjects: 50 })
  const items = Array.from({ length: 75 }, (_, index) => event(`u${index}`, 'E'))
  const report = await braze.deliver(items)
  expect(report.results.map(({ outcome }) => outcome)).toEqual(
    items.map(() => ({ status: 'sent', proof: 'accepted' })),
  )
  expect(sandbox.inspect().events).toHaveLength(75)
})

test('a full budget: 429 is waited out, the rest arrives once', async () => {
  const braze = await open()
  sandbox.configure({ rateLimits: { track: { max: 2, perMs: 3_000, window: 'fixed' } } })
  const items = Array.from({ length: 400 }, (_, index) => event(`u${index}`, 'E'))
  const report = await braze.deliver(items)
  expect(new Set(report.results.map(({ outcome }) => outcome.status))).toEqual(new Set(['sent']))
  expect(sandbox.inspect().events).toHaveLength(400)
})

test('a time that is none and an event of more than 100 kB are dead, each with its place; the rest arrives', async () => {
  const braze = await open()
  const properties = { list: Array.from({ length: 600 }, () => 'x'.repeat(200)) }
  const { results } = await braze.deliver([
    event('u1', 'A'),
    event('u2', 'B', { at: 'yesterday' }),
    event('u3', 'C', { event: { type: 'track', event: 'C', properties } }),
    event('u4', 'D'),
  ])
  expect(results.map(({ outcome }) => ('fault' in outcome ? outcome.fault.code : outcome.status))).toEqual([
    'sent',
    'invalid',
    'too-large',
    'sent',
  ])
  expect(results[1]?.outcome).toMatchObject({ status: 'dead', fault: { path: 'at' } })
})

test('the event of a start is written like every other event: what Braze cannot hold is a loss, what is too long is dead', async () => {
  const braze = await open()
  const start = (id: string, data: Values): StartItem => ({
    key: `k${count++}`,
    lane: 'u1',
    at: new Date(sandbox.clock.now() - 60_000).toISOString(),
    who: { userId: 'u1' },
    via: { kind: 'event', id },
    data,
  })
  const { results } = await braze.start([
    start('Go', { note: 'x'.repeat(300), $own: 1, time: 'noon', ok: 1 }),
    start('G'.repeat(256), {}),
  ])
  expect(results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'dead'])
  expect(results[0]?.losses.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'truncated data.note',
    'dropped data.$own',
    'renamed data.time',
  ])
  expect(sandbox.inspect().events).toMatchObject([
    { name: 'Go', properties: { ok: 1, property_time: 'noon' } },
  ])
})
