import type { EventItem, Item } from '@tripline/model'
import { segmentDefaults, startSegmentSandbox } from '@tripline/sandbox/segment'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  connect,
  createItems,
  profileOf,
  statuses,
  wide,
  type Items,
  type Sandbox,
} from '../fixtures/open-sandbox.ts'
import { createSegment } from './index.ts'

let sandbox: Sandbox
let make: Items
beforeEach(async () => {
  sandbox = await startSegmentSandbox()
  make = createItems(sandbox.clock)
})
afterEach(() => sandbox.close())
const event: Items['event'] = (...given) => make.event(...given)
const profile: Items['profile'] = (...given) => make.profile(...given)

describe('what arrives', () => {
  test('every kind of item, in the words of the spec', async () => {
    const segment = connect(sandbox, { integrations: { All: false, Mixpanel: true } })
    const who = { userId: 'u1', anonymousId: 'a1' }
    const base = (): { key: string; lane: string; at: string } => ({
      key: make.key(),
      lane: 'u1',
      at: make.at(),
    })
    const items: readonly Item[] = [
      { kind: 'link', ...base(), known: { userId: 'u1' }, other: { anonymousId: 'a1' } },
      { kind: 'profile', ...base(), who, set: { plan: 'pro' } },
      { ...event('u1', 'Product Viewed', { price: 5, currency: 'EUR' }), lane: 'u1' },
      {
        kind: 'event',
        ...base(),
        who,
        event: { type: 'page', event: 'Docs', properties: { category: 'help' } },
      },
      { kind: 'event', ...base(), who, event: { type: 'screen', event: '', properties: {} } },
      { kind: 'group', ...base(), groupType: 'company', groupId: 'g1', set: { name: 'Acme' }, member: who },
      { kind: 'membership', ...base(), who, segment: { form: 'attribute', id: 'seg_vip' }, member: true },
      { kind: 'consent', ...base(), who, channel: 'email', state: 'granted', basis: 'opt-in' },
    ]
    const report = await segment.deliver(items)
    expect(statuses(report)).toEqual(items.map(() => 'sent'))
    expect(report.results.every(({ outcome }) => 'proof' in outcome && outcome.proof === 'accepted')).toBe(
      true,
    )
    expect(report.calls).toMatchObject([
      { endpoint: 'POST /v1/batch', purpose: 'write', count: 1, retries: 0 },
    ])
    const { messages, rejected } = sandbox.inspect()
    expect(rejected).toEqual([])
    expect(messages.map(({ type }) => type)).toEqual([
      'identify',
      'identify',
      'track',
      'page',
      'screen',
      'group',
      'identify',
      'track',
    ])
    expect(messages[2]).toMatchObject({
      event: 'Product Viewed',
      originalTimestamp: items[2]?.at,
      timestamp: items[2]?.at,
      integrations: { All: false, Mixpanel: true },
      context: { library: { name: 'tripline' } },
    })
    expect(messages[3]).toMatchObject({ name: 'Docs', category: 'help', properties: { category: 'help' } })
    expect(messages[4]?.name).toBeUndefined()
    expect(messages[7]?.properties).toEqual({ basis: { email: 'opt-in' } })
    const found = profileOf(sandbox, 'u1')
    expect(found?.traits).toEqual({ plan: 'pro', seg_vip: true })
    expect(found?.consent).toEqual({ email: true })
    expect(found?.externalIds.map(({ id }) => id)).toContain('a1')
    expect(profileOf(sandbox, 'g1')).toMatchObject({ collection: 'accounts', traits: { name: 'Acme' } })
  })

  test('order inside a lane is kept over requests; 10,000 items have 10,000 results', async () => {
    const segment = connect(sandbox)
    const items = Array.from({ length: 10_000 }, (_, index) => event(`u${index % 7}`, `E${index}`))
    const report = await segment.deliver(items)
    expect(report.results.map(({ key }) => key)).toEqual(items.map(({ key }) => key))
    const { messages } = sandbox.inspect()
    expect(messages).toHaveLength(10_000)
    for (let user = 0; user < 7; user++) {
      const names = messages.filter(({ userId }) => userId === `u${user}`).map((one) => one.event)
      const given = items.filter(({ who }) => who.userId === `u${user}`).map((one) => one.event.event)
      expect(names).toEqual(given)
    }
  })

  test('nothing to deliver is no request', async () => {
    const segment = connect(sandbox)
    expect(await segment.deliver([])).toMatchObject({ results: [], calls: [] })
    expect(sandbox.requests()).toEqual([])
  })

  test('acts of consent of one call become one event, because what an act does not name becomes false', async () => {
    const segment = connect(sandbox, { consentCategories: { 'email:news': 'C0002' } })
    const act = (channel: string, state: 'granted' | 'denied', topic?: string): Item => ({
      kind: 'consent',
      key: make.key(),
      lane: 'u1',
      at: make.at(),
      who: { userId: 'u1' },
      channel,
      state,
      ...(topic !== undefined && { topic }),
    })
    const acts = [
      act('email', 'granted'),
      act('sms', 'denied'),
      act('email', 'granted', 'news'),
      act('sms', 'granted', 'x'),
    ]
    const report = await segment.deliver(acts)
    expect(statuses(report)).toEqual(['sent', 'sent', 'sent', 'sent'])
    expect(report.results[0]?.losses).toMatchObject([{ path: 'channel', kind: 'coerced' }])
    await segment.deliver(acts)
    const { messages, duplicates } = sandbox.inspect()
    expect([messages.length, duplicates.length]).toEqual([1, 1])
    sandbox.clock.advance(10_000)
    expect(profileOf(sandbox, 'u1')?.consent).toEqual({ email: true, sms: false, C0002: true, sms_x: true })
    await segment.deliver([...acts, act('push', 'granted')])
    expect(sandbox.inspect().messages).toHaveLength(2)
  })

  test('unknown fields and every script pass through untouched', async () => {
    const segment = connect(sandbox)
    const properties = { 'with.dot': 1, '日本 🧀': { deep: [{ er: null }] }, '': 'empty' }
    await segment.deliver([event('00001', 'Käse gekauft 🧀', properties)])
    expect(sandbox.inspect().messages).toMatchObject([
      { userId: '00001', event: 'Käse gekauft 🧀', properties },
    ])
  })
})

describe('keys', () => {
  test('the same item twice is stored once, also over calls', async () => {
    const segment = connect(sandbox)
    const items = [event('u1', 'A'), profile('u2', { plan: 'pro' })]
    await segment.deliver(items)
    expect(statuses(await segment.deliver(items))).toEqual(['sent', 'sent'])
    expect(sandbox.inspect().messages).toHaveLength(2)
    expect(sandbox.inspect().duplicates).toHaveLength(2)
  })

  test('a second source gets its copy: ids are made for each', async () => {
    const web = connect(sandbox)
    const second = { baseUrl: sandbox.url, writeKey: segmentDefaults.secondWriteKey }
    const backend = createSegment({ ...second, source: 'backend' }, sandbox.host)
    const named = createSegment(second, sandbox.host)
    const unnamed = createSegment({ ...second, writeKey: segmentDefaults.writeKey }, sandbox.host)
    const item = event('u1', 'A')
    for (const connector of [web, backend, named, unnamed]) await connector.deliver([item])
    const ids = sandbox.inspect().messages.map(({ messageId }) => messageId)
    expect(new Set(ids).size).toBe(4)
    expect(
      ids.every((id) => /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(id)),
    ).toBe(true)
  })
})

describe('limits', () => {
  test.each([2_499, 2_500, 2_501])('%i events', async (count) => {
    const segment = connect(sandbox)
    const items = Array.from({ length: count }, (_, index) => event(`u${index}`, 'E'))
    const report = await segment.deliver(items)
    expect(report.calls).toMatchObject([{ count: count > 2_500 ? 2 : 1 }])
    expect(sandbox.inspect().messages).toHaveLength(count)
  })

  test('32 KB an event, counted in bytes; a larger one is dead, the rest of the batch arrives', async () => {
    const segment = connect(sandbox)
    const sized = (text: string): EventItem => event('u1', 'Big', { text })
    const overhead = Buffer.byteLength(
      JSON.stringify({
        type: 'track',
        messageId: 'x'.repeat(36),
        userId: 'u1',
        properties: { text: '' },
        timestamp: make.at(),
        event: 'Big',
      }),
    )
    const room = 32 * 1_024 - overhead
    const report = await segment.deliver([
      sized('x'.repeat(room - 1)),
      sized('x'.repeat(room)),
      sized('x'.repeat(room + 1)),
      sized('ä'.repeat(Math.floor(room / 2))),
      sized('ä'.repeat(Math.floor(room / 2) + 1)),
    ])
    expect(statuses(report)).toEqual(['sent', 'sent', 'dead', 'sent', 'dead'])
    expect(report.results[2]?.outcome).toMatchObject({ fault: { code: 'too-large' } })
    expect(sandbox.inspect().messages).toHaveLength(3)
    expect(sandbox.requests().map(({ status }) => status)).toEqual([200])
  })

  test('500 KB a batch: no request is larger, and none is refused', async () => {
    const segment = connect(sandbox)
    const items = Array.from({ length: 40 }, (_, index) =>
      event(`u${index}`, 'E', { text: 'ö'.repeat(16_000) }),
    )
    await segment.deliver(items)
    const sizes = sandbox.requests().map(({ bytes }) => bytes)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(512_000)
    expect(sizes).toHaveLength(3)
    expect(sandbox.inspect().messages).toHaveLength(40)
  })

  test('300 properties and 299 traits arrive; of more the most important by the registry, because Segment would keep none', async () => {
    const segment = connect(sandbox, {
      fields: [
        { of: 'event', name: 'p300', type: 'number' },
        { of: 'user', name: 'p299', type: 'number' },
      ],
    })
    const { results } = await segment.deliver([
      event('u1', 'E', wide(299)),
      event('u1', 'E', wide(300)),
      event('u2', 'E', wide(302)),
      profile('u1', wide(298)),
      profile('u1', wide(299)),
      profile('u2', wide(300)),
      profile('u1', wide(300), wide(290)),
    ])
    expect(results.map(({ outcome }) => outcome.status)).toEqual(results.map(() => 'sent'))
    expect(results.map(({ losses }) => losses.map(({ kind, path }) => `${kind} ${path}`))).toEqual([
      [],
      [],
      ['dropped event.properties.p299', 'dropped event.properties.p301'],
      [],
      [],
      ['dropped set.p298'],
      [],
    ])
    sandbox.clock.advance(10_000)
    expect(sandbox.inspect().dropped).toEqual([])
    expect(profileOf(sandbox, 'u1')?.events).toHaveLength(2)
    expect(profileOf(sandbox, 'u2')?.events).toHaveLength(1)
  })

  test('1,000 requests a second: a 429 is waited out, with Retry-After', async () => {
    const segment = connect(sandbox)
    sandbox.configure({ trackingPerSecond: 1 })
    const items = Array.from({ length: 5_000 }, (_, index) => event(`u${index}`, 'E'))
    const started = sandbox.clock.now()
    expect(new Set(statuses(await segment.deliver(items)))).toEqual(new Set(['sent']))
    expect(sandbox.clock.now() - started).toBeGreaterThanOrEqual(1_000)
    expect(sandbox.inspect().messages).toHaveLength(5_000)
  })
})

describe('profiles', () => {
  test('with `before` only differences leave; null is kept as null, and that is a loss', async () => {
    const segment = connect(sandbox, { fields: [{ of: 'user', name: 'tags', type: 'strings' }] })
    const before = { plan: 'free', tags: ['a', 'b'], city: 'Riga' }
    const report = await segment.deliver([
      profile('u1', { plan: 'pro', tags: ['b', 'a'], city: null, gone: null }, before),
      profile('u1', { plan: 'pro' }, { plan: 'pro' }),
      profile('u2', { phone: '0151 1' }),
      profile('u3', { phone: '+4915112345678' }),
      profile('u4', { email: 'Ada@x.test ' }, { email: 'ada@x.test' }),
      profile('u5', { phone: 4915112345678 }),
    ])
    expect(statuses(report)).toEqual(['sent', 'skipped', 'sent', 'sent', 'skipped', 'sent'])
    expect(report.results[5]?.losses).toMatchObject([{ path: 'set.phone', kind: 'dropped' }])
    expect(report.results[0]?.losses).toMatchObject([{ path: 'set.city', kind: 'coerced' }])
    expect(report.results[2]?.losses).toMatchObject([{ path: 'set.phone', kind: 'dropped' }])
    expect(sandbox.inspect().messages.map(({ traits }) => traits)).toEqual([
      { plan: 'pro', city: null },
      {},
      { phone: '+4915112345678' },
      {},
    ])
  })

  test('an account may rename events and fields, and may want everything sent again', async () => {
    const segment = connect(sandbox, {
      skipUnchanged: false,
      eventNames: { 'Trial Started': 'trial_started' },
      fieldNames: { plan: 'subscription_plan' },
    })
    await segment.deliver([
      event('u1', 'Trial Started', { plan: 'pro', other: 1 }),
      profile('u1', { plan: 'pro' }, { plan: 'pro' }),
    ])
    expect(sandbox.inspect().messages).toMatchObject([
      { event: 'trial_started', properties: { subscription_plan: 'pro', other: 1 } },
      { traits: { subscription_plan: 'pro' } },
    ])
    expect(() => createSegment({ fieldNames: { a: 'x', b: 'x' } })).toThrow('both become "x"')
    const fields = [{ of: 'event', name: 'x', type: 'string' }] as const
    expect(() => createSegment({ fields, fieldNames: { a: 'x' } })).toThrow('both become "x"')
  })

  test('two names of one item that a rename makes one: the first stays, and that is a loss', async () => {
    const segment = connect(sandbox, { fieldNames: { plan: 'tier' } })
    const report = await segment.deliver([
      event('u1', 'E', { plan: 'pro', tier: 1 }),
      profile('u1', { tier: 1, plan: 'pro' }),
    ])
    expect(report.results.map(({ losses }) => losses)).toMatchObject([
      [{ path: 'event.properties.tier', kind: 'collapsed' }],
      [{ path: 'set.plan', kind: 'collapsed' }],
    ])
    expect(sandbox.inspect().messages).toMatchObject([
      { properties: { tier: 'pro' } },
      { traits: { tier: 1 } },
    ])
  })
})

test('orders pass through; an amount without a currency is read as dollars, and that is a loss', async () => {
  const segment = connect(sandbox)
  const order = {
    order_id: 'o1',
    currency: 'JPY',
    total: 0,
    revenue: 0,
    products: [{ product_id: 'p', quantity: 120 }],
  }
  const report = await segment.deliver([
    event('u1', 'Order Completed', order),
    event('u1', 'Order Completed', { revenue: 5 }),
    event('u1', 'Order Completed', { coupon: 'X' }),
  ])
  expect(report.results.map(({ losses }) => losses)).toMatchObject([
    [],
    [{ path: 'event.properties.revenue' }],
    [],
  ])
  expect(sandbox.inspect().messages.map(({ properties }) => properties)).toEqual([
    order,
    { revenue: 5 },
    { coupon: 'X' },
  ])
})
