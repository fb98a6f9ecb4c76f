import { startBrazeSandbox, brazeDefaults } from '@tripline/sandbox/braze'
import type { Item, ItemResult } from '@tripline/model'
import { comparePictures, expectBraze, observeBraze } from '@tripline/testkit/expectations'
import { afterEach, expect, test } from 'vitest'
import { createBraze, type BrazeOptions } from './index.ts'

type Sandbox = Awaited<ReturnType<typeof startBrazeSandbox>>
let sandbox: Sandbox
afterEach(() => sandbox.close())

async function open(options: Partial<BrazeOptions> = {}) {
  sandbox = await startBrazeSandbox()
  return createBraze({ baseUrl: sandbox.url, apiKey: brazeDefaults.apiKeys[0].key, ...options }, sandbox.host)
}
const at = (): string => new Date(sandbox.clock.now() - 60_000).toISOString()
let count = 0
const event = (userId: string, name: string, properties = {}): Item => ({
  kind: 'event',
  key: `k${count++}`,
  lane: userId,
  at: at(),
  who: { userId },
  event: { type: 'track', event: name, properties },
})

test('160 events of 40 people leave in three requests and arrive in order', async () => {
  const braze = await open()
  const items = Array.from({ length: 160 }, (_, index) => event(`u${index % 40}`, `E${index}`))
  const report = await braze.deliver(items)
  expect(report.results.map((result) => result.outcome.status)).toEqual(items.map(() => 'sent'))
  expect(report.calls).toMatchObject([
    { endpoint: 'POST /users/track', purpose: 'write', count: 3, retries: 0 },
  ])
  const names = sandbox
    .inspect()
    .events.filter((one) => JSON.stringify(one).includes('"u3"'))
    .map((one) => one.name)
  expect(names).toEqual(['E3', 'E43', 'E83', 'E123'])
})

test("an event that Braze refuses is dead with the vendor's word, the rest of the request arrives", async () => {
  const braze = await open()
  sandbox.configure({ blockedExternalIds: ['bot'] })
  const report = await braze.deliver([event('u1', 'A'), event('bot', 'B'), event('u2', 'C')])
  expect(report.results.map((result) => result.outcome.status)).toEqual(['sent', 'dead', 'sent'])
  expect(sandbox.inspect().events).toHaveLength(2)
})

test('an order with everything is an ecommerce event, one without product names becomes purchases, one bare an event', async () => {
  const braze = await open()
  const product = { product_id: 'p1', name: 'Shoe', variant: 'red', price: 10, quantity: 120 }
  const order = { order_id: 'o1', currency: 'EUR', total: 1200, products: [product] }
  const report = await braze.deliver([
    event('u1', 'Order Completed', order),
    event('u2', 'Order Completed', {
      ...order,
      order_id: 'o2',
      products: [{ product_id: 'p1', price: 10, quantity: 120 }],
    }),
    event('u3', 'Order Completed', { revenue: 5 }),
  ])
  expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'sent', 'sent'])
  expect(report.results.map(({ losses }) => losses.length)).toEqual([0, 1, 2])
  const { events, purchases } = sandbox.inspect()
  expect(events.map(({ name }) => name)).toEqual(['ecommerce.order_placed', 'Order Completed'])
  expect(purchases.map(({ quantity }) => quantity)).toEqual([100, 20])
  expect(report.cost).toEqual({ unit: 'dataPoints', amount: 121 })
})

const line = { product_id: 'p1', name: 'Shoe', variant: 'red', price: 10, quantity: 1 }
const whole = { order_id: 'o1', currency: 'EUR', total: 10, products: [line] }
const profileOf = (userId: string): Item => ({
  kind: 'profile',
  key: `k${count++}`,
  lane: userId,
  at: at(),
  who: { userId },
  set: { plan: 'pro' },
})

test('answers lost until the tries are used up: attributes are retry, events unknown, and nothing leaves again', async () => {
  const braze = await open({ maxAttempts: 3 })
  sandbox.chaos({ script: [{ kind: 'reset-after', times: 50 }] })
  const report = await braze.deliver([profileOf('u1'), event('u2', 'E'), profileOf('u3')])
  expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'unknown', 'retry'])
  expect(sandbox.requests()).toHaveLength(3)
})

test('one lost answer that is to be reported: the event is unknown, the attributes beside it arrive', async () => {
  const braze = await open()
  sandbox.chaos({ script: [{ kind: 'reset-before' }] })
  const report = await braze.deliver([profileOf('u1'), event('u2', 'E')], { onUnknown: 'report' })
  expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'unknown'])
})

test('a link with an id that is too long, or a group with one that is none, is dead before it is sent', async () => {
  const braze = await open()
  const link = (userId: string, anonymousId: string): Item => ({
    kind: 'link',
    key: `k${count++}`,
    lane: userId,
    at: at(),
    known: { userId },
    other: { anonymousId },
  })
  const group = {
    ...profileOf('u1'),
    kind: 'group',
    groupType: 'team',
    groupId: 7,
    set: {},
    member: { userId: 'u1' },
  }
  const report = await braze.deliver([
    link('u'.repeat(988), 'a1'),
    link('u1', 'a'.repeat(237)),
    group as unknown as Item,
    link('u'.repeat(987), 'a'.repeat(236)),
  ])
  expect(
    report.results.map(({ outcome }) => ('fault' in outcome ? outcome.fault.path : outcome.status)),
  ).toEqual(['known.userId', 'other.anonymousId', 'groupId', 'sent'])
})

test.each([
  ['a negative total', { ...whole, total: -10 }, 'Order Completed'],
  ['a negative price', { ...whole, products: [{ ...line, price: -10 }] }, 'Order Completed'],
  ['no pieces', { ...whole, products: [{ ...line, quantity: 0 }, line] }, 'Order Completed'],
  ['half a piece', { ...whole, products: [{ ...line, quantity: 0.5 }] }, 'Order Completed'],
  ['pieces as text', { ...whole, products: [{ ...line, quantity: '3' }] }, 'Order Completed'],
  [
    'more pieces than anybody buys',
    { ...whole, products: [{ ...line, quantity: 1e9, variant: '' }] },
    'Order Completed',
  ],
  ['a product that is none', { ...whole, products: [line, 'p2'] }, 'Order Completed'],
  ['a currency that is none', { ...whole, currency: 'BTC' }, 'Order Completed'],
  [
    'an id that would be cut',
    { ...whole, products: [{ ...line, product_id: 'p'.repeat(256) }] },
    'Order Completed',
  ],
  ['a discount as text', { ...whole, discount: '5' }, 'ecommerce.order_placed'],
  ['a currency in lower case', { ...whole, currency: 'eur' }, 'ecommerce.order_placed'],
  [
    'a long address',
    { ...whole, products: [{ ...line, url: `https://a.example/${'x'.repeat(300)}` }] },
    'ecommerce.order_placed',
  ],
])('an order with %s is one event, beside another one', async (_, properties, name) => {
  const braze = await open()
  const items = [event('u1', 'Order Completed', properties), event('u2', 'Order Completed', whole)]
  const { results } = await braze.deliver(items)
  expect(results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'sent'])
  sandbox.clock.advance(600_000)
  const state = sandbox.inspect()
  expect(state.events.map((one) => one.name)).toEqual([name, 'ecommerce.order_placed'])
  expect(state.purchases).toEqual([])
  const delivered = items.map((item, index) => ({ item, result: results[index] as ItemResult }))
  expect(comparePictures(expectBraze(delivered), observeBraze(state)).differences).toEqual([])
})

test('only differences are sent and billed; what is left out says so', async () => {
  const braze = await open()
  const profile = (set: Record<string, unknown>, before?: Record<string, unknown>): Item =>
    ({
      kind: 'profile',
      key: `k${count++}`,
      lane: 'u1',
      at: at(),
      who: { userId: 'u1' },
      set,
      ...(before && { before }),
    }) as Item
  await braze.deliver([profile({ firstName: 'Ada', plan: 'free', phone: '12345' })])
  const report = await braze.deliver([
    profile({ firstName: 'Ada', plan: 'pro' }, { firstName: 'Ada', plan: 'free' }),
  ])
  expect(report.cost?.amount).toBe(1)
  const same = await braze.deliver([profile({ plan: 'pro' }, { plan: 'pro' })])
  expect(same.results[0]?.outcome).toMatchObject({ status: 'skipped', because: 'unchanged' })
  expect(same.calls).toEqual([])
})

test('a wrong key halts the connector and keeps every item for later', async () => {
  const braze = await open({ apiKey: 'wrong' })
  const report = await braze.deliver([event('u1', 'A'), event('u2', 'B')])
  expect(report.halt).toMatchObject({ what: 'connector', fault: { code: 'auth', status: 401 } })
  expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'retry'])
})

test('a dry run makes no request and shows the very one it would make', async () => {
  sandbox = await startBrazeSandbox()
  const planned: string[] = []
  const braze = createBraze(
    { baseUrl: sandbox.url, apiKey: 'secret' },
    {
      ...sandbox.host,
      onPlanned: (request) => void planned.push(`${request.method} ${request.url} ${request.body ?? ''}`),
    },
  )
  const report = await braze.deliver([event('u1', 'A', { colour: 'red' })], { dryRun: true })
  expect(report.results[0]?.outcome).toEqual({ status: 'planned' })
  expect(sandbox.requests()).toEqual([])
  expect(planned).toHaveLength(1)
  expect(planned[0]).toContain('"name":"A"')
  expect(planned[0]).not.toContain('secret')
})

test('starting a paused Canvas is a failure although Braze answers 201', async () => {
  const braze = await open()
  sandbox.seed({
    canvases: [
      { id: 'live', name: 'Live' },
      { id: 'paused', name: 'Paused', enabled: false },
    ],
  })
  const start = (id: string) =>
    ({ key: `s${id}`, lane: 'u1', at: at(), who: { userId: 'u1' }, via: { kind: 'canvas', id } }) as const
  const report = await braze.start([start('live'), start('paused')])
  expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'dead'])
  expect(report.results[1]?.outcome).toMatchObject({ fault: { code: 'not-live' } })
})

test('two groups and two consents of one person in one call are all kept', async () => {
  const braze = await open()
  const base = (key: string) => ({ key, lane: 'u1', at: at() })
  const group = (groupId: string): Item => ({
    ...base(groupId),
    kind: 'group',
    groupType: 'company',
    groupId,
    set: {},
    member: { userId: 'u1' },
  })
  const consent = (topic: string, state: 'granted' | 'denied'): Item => ({
    ...base(`${topic} ${state}`),
    kind: 'consent',
    who: { userId: 'u1' },
    channel: 'email',
    topic,
    state,
  })
  sandbox.seed({
    subscription_groups: ['g1', 'g2'].map((id) => ({ id, name: id, channel: 'email' as const })),
  })
  await braze.deliver([
    group('acme'),
    group('other'),
    consent('g1', 'granted'),
    consent('g2', 'granted'),
    consent('g1', 'denied'),
  ])
  sandbox.clock.advance(1_000)
  expect(sandbox.inspect().profiles[0]).toMatchObject({
    custom_attributes: { company_ids: ['acme', 'other'] },
    subscription_groups: { g1: 'Unsubscribed', g2: 'Subscribed' },
  })
})

test('a membership or a group never takes a name of Braze’s own', async () => {
  const braze = await open()
  const base = { key: 'k', lane: 'u1', at: at(), who: { userId: 'u1' } }
  const flag = (id: string): Item => ({
    ...base,
    kind: 'membership',
    segment: { form: 'attribute', id },
    member: true,
  })
  const report = await braze.deliver([
    ...['external_id', 'email', '$vip', '', 'x'.repeat(256)].map(flag),
    { ...base, kind: 'group', groupType: '$team', groupId: 'g', set: {}, member: { userId: 'u1' } },
  ])
  expect(report.results.map(({ outcome }) => outcome.status)).toEqual(Array<string>(6).fill('dead'))
  expect(sandbox.requests()).toEqual([])
})

test('what is no value is dead, in a start, too', async () => {
  const braze = await open()
  const item = { key: 'k', lane: 'u1', at: at(), who: { userId: 'u1' }, data: { n: Number.NaN } }
  const report = await braze.start([{ ...item, via: { kind: 'canvas', id: 'c' } }])
  expect(report.results[0]?.outcome).toMatchObject({ status: 'dead', fault: { path: 'data.n' } })
})
