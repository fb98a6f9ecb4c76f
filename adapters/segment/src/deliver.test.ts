import type { EventItem, Item, ProfileItem } from '@tripline/model'
import { segmentDefaults, startSegmentSandbox } from '@tripline/sandbox/segment'
import { afterEach, describe, expect, test } from 'vitest'
import { createSegment, type SegmentOptions } from './index.ts'

type Sandbox = Awaited<ReturnType<typeof startSegmentSandbox>>
let sandbox: Sandbox
afterEach(() => sandbox.close())

async function open(options: SegmentOptions = {}) {
  sandbox = await startSegmentSandbox()
  const { writeKey } = segmentDefaults
  return createSegment({ baseUrl: sandbox.url, writeKey, source: 'web', ...options }, sandbox.host)
}
const at = (): string => new Date(sandbox.clock.now() - 60_000).toISOString()
let count = 0
const next = (): string => `k${count++}`
const event = (
  userId: string,
  name: string,
  properties: EventItem['event']['properties'] = {},
): EventItem => ({
  kind: 'event',
  key: next(),
  lane: userId,
  at: at(),
  who: { userId },
  event: { type: 'track', event: name, properties },
})
const profile = (userId: string, set: ProfileItem['set'], before?: ProfileItem['set']): ProfileItem => ({
  kind: 'profile',
  key: next(),
  lane: userId,
  at: at(),
  who: { userId },
  set,
  ...(before && { before }),
})
const statuses = ({ results }: { readonly results: readonly { outcome: { status: string } }[] }): string[] =>
  results.map(({ outcome }) => outcome.status)
const wide = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, index]))
const settled = (): void => sandbox.clock.advance(10_000)
const profileOf = (userId: string) =>
  sandbox.inspect().profiles.find(({ externalIds }) => externalIds.some(({ id }) => id === userId))

describe('what arrives', () => {
  test('every kind of item, in the words of the spec', async () => {
    const segment = await open({ integrations: { All: false, Mixpanel: true } })
    const who = { userId: 'u1', anonymousId: 'a1' }
    const base = (): { key: string; lane: string; at: string } => ({ key: next(), lane: 'u1', at: at() })
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
    settled()
    const found = profileOf('u1')
    expect(found?.traits).toEqual({ plan: 'pro', seg_vip: true })
    expect(found?.consent).toEqual({ email: true })
    expect(found?.externalIds.map(({ id }) => id)).toContain('a1')
    expect(profileOf('g1')).toMatchObject({ collection: 'accounts', traits: { name: 'Acme' } })
  })

  test('order inside a lane is kept over requests; 10,000 items have 10,000 results', async () => {
    const segment = await open()
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
    const segment = await open()
    expect(await segment.deliver([])).toMatchObject({ results: [], calls: [] })
    expect(sandbox.requests()).toEqual([])
  })

  test('acts of consent of one call become one event, because what an act does not name becomes false', async () => {
    const segment = await open({ consentCategories: { 'email:news': 'C0002' } })
    const act = (channel: string, state: 'granted' | 'denied', topic?: string): Item => ({
      kind: 'consent',
      key: next(),
      lane: 'u1',
      at: at(),
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
    settled()
    expect(profileOf('u1')?.consent).toEqual({ email: true, sms: false, C0002: true, sms_x: true })
    await segment.deliver([...acts, act('push', 'granted')])
    expect(sandbox.inspect().messages).toHaveLength(2)
  })

  test('unknown fields and every script pass through untouched', async () => {
    const segment = await open()
    const properties = { 'with.dot': 1, '日本 🧀': { deep: [{ er: null }] }, '': 'empty' }
    await segment.deliver([event('00001', 'Käse gekauft 🧀', properties)])
    expect(sandbox.inspect().messages).toMatchObject([
      { userId: '00001', event: 'Käse gekauft 🧀', properties },
    ])
  })
})

describe('keys', () => {
  test('the same item twice is stored once, also over calls', async () => {
    const segment = await open()
    const items = [event('u1', 'A'), profile('u2', { plan: 'pro' })]
    await segment.deliver(items)
    expect(statuses(await segment.deliver(items))).toEqual(['sent', 'sent'])
    expect(sandbox.inspect().messages).toHaveLength(2)
    expect(sandbox.inspect().duplicates).toHaveLength(2)
  })

  test('a second source gets its copy: ids are made for each', async () => {
    const web = await open()
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

describe('what Segment would lose behind its 200 is dead before it is sent', () => {
  const bad: readonly (readonly [string, (item: EventItem) => unknown, string, string])[] = [
    ['no id', (item) => ({ ...item, who: { email: 'a@example.com' } }), 'no_user_anon_id', 'who'],
    ['an empty id', (item) => ({ ...item, who: { userId: '' } }), 'no_user_anon_id', 'who.userId'],
    ['a number as id', (item) => ({ ...item, who: { userId: 7 } }), 'id_not_string', 'who.userId'],
    ['blocked: zeros', (item) => ({ ...item, who: { userId: '00-0' } }), 'never makes an id', 'who.userId'],
    [
      'blocked: -1',
      (item) => ({ ...item, who: { anonymousId: '-1' } }),
      'never makes an id',
      'who.anonymousId',
    ],
    [
      'blocked: null',
      (item) => ({ ...item, who: { userId: 'u', anonymousId: 'null' } }),
      'never',
      'who.anonymousId',
    ],
    ['blocked: anonymous', (item) => ({ ...item, who: { userId: 'anonymous' } }), 'never', 'who.userId'],
    [
      'half a character',
      (item) => ({ ...item, who: { userId: 'a\ud83e' } }),
      'half a character',
      'who.userId',
    ],
    ['no name', (item) => named(item, ''), 'event_not_defined', 'event.event'],
    ['a number as name', (item) => named(item, 5), 'event_not_string', 'event.event'],
    ['a list as properties', (item) => having(item, []), 'properties_not_object', 'event.properties'],
    ['NaN', (item) => having(item, { a: [{ b: Number.NaN }] }), 'not a value', 'event.properties.a[0].b'],
    ['a bigint', (item) => having(item, { a: 5n }), 'not a value', 'event.properties.a'],
    ['301 properties', (item) => having(item, wide(301)), 'keeps 300', 'event.properties'],
    ['an empty group', (item) => within(item, { groupId: '' }), 'group needs an id', 'event.context.groupId'],
    ['a long group', (item) => within(item, { groupId: 'g'.repeat(501) }), '500', 'event.context.groupId'],
    [
      'no preferences',
      (item) => within(item, { consent: {} }),
      'consent_categorypreferences_should_exist',
      'event.context.consent',
    ],
    [
      'preferences as list',
      (item) => within(item, { consent: { categoryPreferences: [] } }),
      'consent_categorypreferences_fields_should_be_object',
      'event.context.consent.categoryPreferences',
    ],
    [
      'a preference as text',
      (item) => within(item, { consent: { categoryPreferences: { ads: 'yes' } } }),
      'consent_categorypreferences_fields_should_be_bool',
      'event.context.consent.categoryPreferences.ads',
    ],
    [
      'a version as text',
      (item) => within(item, { consent: { categoryPreferences: { ads: true }, version: '2' } }),
      'consent_version_should_be_number',
      'event.context.consent.version',
    ],
    [
      'an advertising id as number',
      (item) => within(item, { device: { advertisingId: 5 } }),
      'device_advertisingid_should_be_string',
      'event.context.device.advertisingId',
    ],
    [
      'the consent event without consent',
      (item) => named(item, 'Segment Consent Preference Updated'),
      'consent_categorypreferences_should_exist',
      'event.context.consent',
    ],
    ['a time before 1970', (item) => ({ ...item, at: '1969-12-31T23:59:59.999Z' }), '1970', 'at'],
    ['a time without a zone', (item) => ({ ...item, at: '2026-11-01T10:00:00.000' }), 'no instant', 'at'],
  ]
  const named = (item: EventItem, name: unknown): unknown => ({
    ...item,
    event: { ...item.event, event: name },
  })
  const having = (item: EventItem, properties: unknown): unknown => ({
    ...item,
    event: { ...item.event, properties },
  })
  const within = (item: EventItem, context: unknown): unknown => ({
    ...item,
    event: { ...item.event, context },
  })

  test.each(bad)('%s', async (_, spoil, message, path) => {
    const segment = await open()
    const spoilt = spoil(event('u1', 'B')) as Item
    const report = await segment.deliver([event('u1', 'A'), spoilt, event('u1', 'C')])
    expect(statuses(report)).toEqual(['sent', 'dead', 'sent'])
    const outcome = report.results[1]?.outcome
    expect(outcome).toMatchObject({ fault: { path, message: expect.stringContaining(message) as string } })
    const { messages, rejected } = sandbox.inspect()
    expect(messages.map((one) => one.event)).toEqual(['A', 'C'])
    expect(rejected).toEqual([])
    settled()
    expect(sandbox.inspect().dropped).toEqual([])
  })

  test('the same for people, groups and consent', async () => {
    const segment = await open()
    const base = (): { key: string; lane: string; at: string } => ({ key: next(), lane: 'l', at: at() })
    const who = { userId: 'u1' }
    const group = (groupId: string, set = {}): Item => ({
      kind: 'group',
      ...base(),
      groupType: 'company',
      groupId,
      set,
      member: who,
    })
    const report = await segment.deliver([
      profile('0', {}),
      { ...profile('u1', {}), set: [] as never },
      { ...profile('u1', {}), at: 'yesterday' },
      profile('u1', { bad: Infinity }),
      group(''),
      group('g'.repeat(501)),
      group('g'.repeat(500)),
      group('0-0'),
      group('g', wide(301)),
      { kind: 'link', ...base(), known: who, other: { anonymousId: 'anonymous' } },
      { kind: 'membership', ...base(), who: {}, segment: { form: 'attribute', id: 's' }, member: false },
      { kind: 'consent', ...base(), who: {}, channel: 'email', state: 'denied' },
    ])
    const dead = Array.from({ length: 6 }, () => 'dead')
    expect(statuses(report)).toEqual([...dead, 'sent', 'dead', 'dead', 'dead', 'dead', 'dead'])
  })

  test('what has no place is skipped, and says why', async () => {
    const segment = await open()
    const base = (): { key: string; lane: string; at: string } => ({ key: next(), lane: 'l', at: at() })
    const who = { userId: 'u1' }
    const report = await segment.deliver([
      { kind: 'link', ...base(), known: who, other: { userId: 'u2' } },
      { kind: 'group', ...base(), groupType: 'team', groupId: 'g', set: {} },
      { kind: 'membership', ...base(), who, segment: { form: 'audience', id: 'vip' }, member: true },
      { ...event('u1', 'Old'), backfill: true },
      { ...event('u1', 'Old'), backfill: true, event: { type: 'page', event: 'Old', properties: {} } },
    ])
    expect(report.results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'skipped', because: 'unsupported' },
      {
        status: 'skipped',
        because: 'unsupported',
        detail: expect.stringContaining('one of its members') as string,
      },
      {
        status: 'skipped',
        because: 'unsupported',
        detail: expect.stringContaining('no members of an audience') as string,
      },
      { status: 'sent' },
      { status: 'skipped', because: 'disabled' },
    ])
    expect(report.results[1]?.losses).toMatchObject([{ path: 'groupType', kind: 'dropped' }])
    expect(report.results[3]?.losses).toMatchObject([{ path: 'event.event', kind: 'renamed' }])
    expect(sandbox.inspect().messages).toMatchObject([{ event: 'Old (backfill)' }])
    const refusing = createSegment({ baseUrl: sandbox.url, writeKey: 'k', backfill: 'refuse' }, sandbox.host)
    expect(statuses(await refusing.deliver([{ ...event('u1', 'Old'), backfill: true }]))).toEqual(['skipped'])
  })
})

describe('limits', () => {
  test.each([2_499, 2_500, 2_501])('%i events', async (count) => {
    const segment = await open()
    const items = Array.from({ length: count }, (_, index) => event(`u${index}`, 'E'))
    const report = await segment.deliver(items)
    expect(report.calls).toMatchObject([{ count: count > 2_500 ? 2 : 1 }])
    expect(sandbox.inspect().messages).toHaveLength(count)
  })

  test('32 KB an event, counted in bytes; a larger one is dead, the rest of the batch arrives', async () => {
    const segment = await open()
    const sized = (text: string): EventItem => event('u1', 'Big', { text })
    const overhead = Buffer.byteLength(
      JSON.stringify({
        type: 'track',
        messageId: 'x'.repeat(36),
        userId: 'u1',
        properties: { text: '' },
        timestamp: at(),
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
    const segment = await open()
    const items = Array.from({ length: 40 }, (_, index) =>
      event(`u${index}`, 'E', { text: 'ö'.repeat(16_000) }),
    )
    await segment.deliver(items)
    const sizes = sandbox.requests().map(({ bytes }) => bytes)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(512_000)
    expect(sizes).toHaveLength(3)
    expect(sandbox.inspect().messages).toHaveLength(40)
  })

  test('300 properties and 299 traits arrive; one more of either would vanish', async () => {
    const segment = await open()
    const report = await segment.deliver([
      event('u1', 'E', wide(299)),
      event('u1', 'E', wide(300)),
      profile('u1', wide(298)),
      profile('u1', wide(299)),
      profile('u1', wide(300)),
      profile('u1', wide(300), wide(290)),
    ])
    expect(statuses(report)).toEqual(['sent', 'sent', 'sent', 'sent', 'dead', 'sent'])
    settled()
    expect(sandbox.inspect().dropped).toEqual([])
    expect(profileOf('u1')?.events).toHaveLength(2)
  })

  test('1,000 requests a second: a 429 is waited out, with Retry-After', async () => {
    const segment = await open()
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
    const segment = await open({ fields: [{ of: 'user', name: 'tags', type: 'strings' }] })
    const before = { plan: 'free', tags: ['a', 'b'], city: 'Riga' }
    const report = await segment.deliver([
      profile('u1', { plan: 'pro', tags: ['b', 'a'], city: null, gone: null }, before),
      profile('u1', { plan: 'pro' }, { plan: 'pro' }),
      profile('u2', { phone: '0151 1' }),
      profile('u3', { phone: '+4915112345678' }),
    ])
    expect(statuses(report)).toEqual(['sent', 'skipped', 'sent', 'sent'])
    expect(report.results[0]?.losses).toMatchObject([{ path: 'set.city', kind: 'coerced' }])
    expect(report.results[2]?.losses).toMatchObject([{ path: 'set.phone', kind: 'dropped' }])
    expect(sandbox.inspect().messages.map(({ traits }) => traits)).toEqual([
      { plan: 'pro', city: null },
      {},
      { phone: '+4915112345678' },
    ])
  })

  test('an account may rename events and fields, and may want everything sent again', async () => {
    const segment = await open({
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
  })
})

describe('when things go wrong', () => {
  test('an unknown key that Segment refuses keeps every item for later', async () => {
    const asked: boolean[] = []
    const segment = await open({ writeKey: (expired) => (asked.push(expired), 'wrong') })
    sandbox.configure({ unknownWriteKey: 'refused' })
    const report = await segment.deliver([event('u1', 'A'), event('u2', 'B')])
    expect(report.halt).toMatchObject({ what: 'connector', fault: { code: 'auth', status: 401 } })
    expect(statuses(report)).toEqual(['retry', 'retry'])
    expect(asked).toEqual([false, true])
  })

  test('an expired key is asked for once more', async () => {
    const segment = await open({ writeKey: (expired) => (expired ? segmentDefaults.writeKey : 'old') })
    sandbox.configure({ unknownWriteKey: 'refused' })
    expect(statuses(await segment.deliver([event('u1', 'A')]))).toEqual(['sent'])
  })

  test('no key at all halts with the name of the variable', async () => {
    sandbox = await startSegmentSandbox()
    const segment = createSegment({ baseUrl: sandbox.url, writeKey: () => '' }, sandbox.host)
    const report = await segment.deliver([event('u1', 'A')])
    expect(report.halt?.fault.message).toContain('SEGMENT_WRITE_KEY')
    expect(sandbox.requests()).toEqual([])
  })

  test('the other region’s endpoint halts and names the option', async () => {
    const segment = await open()
    sandbox.configure({ region: 'wrong-refused' })
    const items = Array.from({ length: 50 }, (_, index) => event(`u${index}`, 'E'))
    const report = await segment.deliver(items)
    expect(report.halt).toMatchObject({
      what: 'connector',
      fault: { message: expect.stringContaining('option region') as string },
    })
    expect(new Set(statuses(report))).toEqual(new Set(['retry']))
    expect(sandbox.requests()).toHaveLength(1)
  })

  test('a redirect is not followed: a followed one would lose the events and answer 200', async () => {
    const segment = await open()
    sandbox.configure({ trackingRedirect: `${sandbox.url}/echo` })
    const report = await segment.deliver([event('u1', 'A'), event('u2', 'B')])
    expect(statuses(report)).toEqual(['retry', 'retry'])
    expect(report.halt).toMatchObject({ what: 'connector', fault: { status: 302 } })
    expect(sandbox.requests()).toHaveLength(1)
  })

  test('an address that is not the Tracking API halts instead of killing every item', async () => {
    const segment = await open({ hosts: { tracking: 'http://127.0.0.1:9/x' }, maxAttempts: 2 })
    const elsewhere = createSegment({ baseUrl: `${sandbox.url}/v1/proxy/`, writeKey: 'k' }, sandbox.host)
    const items = [event('u1', 'A'), event('u2', 'B')]
    expect(statuses(await elsewhere.deliver(items))).toEqual(['retry', 'retry'])
    expect(sandbox.requests()).toMatchObject([{ path: '/v1/proxy/v1/batch', status: 404 }])
    expect(statuses(await segment.deliver(items))).toEqual(['retry', 'retry'])
  })

  test.each([
    'reset-before',
    'reset-after',
    'hang-before',
    'hang-after',
    'server-error',
    'server-error-after',
    'rate-limited',
  ] as const)('%s: exactly once, never in doubt, with a fresh sentAt', async (kind) => {
    const segment = await open()
    sandbox.chaos({ script: [{ kind }] })
    const items = Array.from({ length: 75 }, (_, index) => event(`u${index}`, 'E'))
    const report = await segment.deliver(items)
    expect(report.results.every(({ outcome }) => outcome.status === 'sent' && !outcome.maybeTwice)).toBe(true)
    const { messages } = sandbox.inspect()
    expect(messages).toHaveLength(75)
    // a stale sentAt would shift the time of the event by the time of the wait
    expect(messages.map(({ timestamp }) => timestamp)).toEqual(items.map((item) => item.at))
    expect(report.calls).toMatchObject([{ count: 1, retries: 1 }])
  })

  test('abort before and in flight, and a deadline: what is not known to be done comes back as retry', async () => {
    const segment = await open()
    const before = await segment.deliver([event('u1', 'A')], { signal: AbortSignal.abort() })
    expect(statuses(before)).toEqual(['retry'])
    expect(sandbox.requests()).toEqual([])
    sandbox.chaos({ script: [{ kind: 'hang-after' }] })
    const deadline = new Date(sandbox.clock.now() + 5_000).toISOString()
    const item = event('u1', 'A')
    const late = await segment.deliver([item, event('u1', 'B')], { deadline })
    expect(statuses(late)).toEqual(['retry', 'retry'])
    const again = await segment.deliver([item])
    expect(statuses(again)).toEqual(['sent'])
    expect(sandbox.inspect().messages).toHaveLength(2)
  })

  test('a dry run makes no request, and shows the very one without its key', async () => {
    sandbox = await startSegmentSandbox()
    const planned: { url: string; headers: object; body?: string }[] = []
    const { privateKey: _, ...oauth } = { privateKey: '', clientId: 'app', keyId: 'key' }
    const segment = createSegment(
      { baseUrl: sandbox.url, writeKey: 'secret', oauth },
      { ...sandbox.host, onPlanned: (request) => void planned.push(request) },
    )
    const report = await segment.deliver([event('u1', 'A', { colour: 'red' })], { dryRun: true })
    expect(report.results[0]).toMatchObject({ outcome: { status: 'planned' }, done: [] })
    expect(planned).toHaveLength(1)
    expect(planned[0]?.url).toBe(`${sandbox.url}/v1/batch`)
    expect(planned[0]?.body).toContain('"properties":{"colour":"red"}')
    expect(JSON.stringify(planned)).not.toContain('secret')
    expect(sandbox.requests()).toEqual([])
  })
})

test('orders pass through; an amount without a currency is read as dollars, and that is a loss', async () => {
  const segment = await open()
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
