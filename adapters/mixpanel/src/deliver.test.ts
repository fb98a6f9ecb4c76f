import { describe, expect, onTestFinished, test } from 'vitest'
import { connect, eventItem, profileItem, statuses, type Connected } from '../fixtures/sandbox-account.ts'
import type { MembershipItem, GroupItem, Item, LinkItem } from '@tripline/model'

const project = async (...given: Parameters<typeof connect>): Promise<Connected> => {
  const connected = await connect(...given)
  onTestFinished(() => connected.sandbox.close())
  return connected
}
const at = (connected: Connected, offsetMs = -60_000): string =>
  new Date(connected.sandbox.clock.now() + offsetMs).toISOString()
const many = (connected: Connected, count: number) =>
  Array.from({ length: count }, (_, index) =>
    eventItem(`key-${index}`, at(connected), { lane: `u${index}`, who: { userId: `u${index}` } }),
  )

describe('events', () => {
  test('are stored with our key, in Mixpanel’s words', async () => {
    const mixpanel = await project()
    const item = eventItem('evt-1', at(mixpanel), { who: { userId: 'u1', anonymousId: 'a1' } })
    const { results, calls } = await mixpanel.connector.deliver([item])
    expect(results).toEqual([
      { key: 'evt-1', outcome: { status: 'sent', proof: 'stored' }, losses: [], done: ['event'] },
    ])
    expect(calls).toMatchObject([{ endpoint: 'POST /import', purpose: 'write', count: 1, retries: 0 }])
    expect(mixpanel.sandbox.inspect().events[0]).toMatchObject({
      event: 'Product Viewed',
      properties: {
        distinct_id: 'u1',
        $user_id: 'u1',
        $device_id: 'a1',
        $insert_id: 'evt-1',
        time: Date.parse(item.at),
        price: 12.5,
      },
    })
  })
  test('10,000 leave in five calls of 2,000, compressed', async () => {
    const mixpanel = await project()
    const { results, calls } = await mixpanel.connector.deliver(many(mixpanel, 10_000))
    expect(results.every(({ outcome }) => outcome.status === 'sent')).toBe(true)
    expect(calls).toMatchObject([{ count: 5, retries: 0 }])
    expect(mixpanel.sandbox.inspect().distinctEvents).toBe(10_000)
  })
  test.each([
    [1_999, 1],
    [2_000, 1],
    [2_001, 2],
  ])('%i events are %i calls', async (count, calls) => {
    const mixpanel = await project()
    await mixpanel.connector.deliver(many(mixpanel, count))
    expect(mixpanel.routes()).toEqual(Array.from({ length: calls }, () => 'POST /import 200'))
  })
  test('nothing to deliver makes no call', async () => {
    const mixpanel = await project()
    expect(await mixpanel.connector.deliver([])).toEqual({ results: [], calls: [] })
    expect(mixpanel.routes()).toEqual([])
  })
  test('a bad one among good ones is dead with its reason; the rest is stored and not sent again', async () => {
    const mixpanel = await project({ limits: { eventBytes: 2_000 } })
    const long = { tags: Array.from({ length: 20 }, () => 'x'.repeat(100)) }
    const [first, second, third] = many(mixpanel, 3)
    if (!first || !second || !third) throw new Error('three events')
    const bad = { ...second, event: { type: 'track', event: 'Long', properties: long } } as const
    const { results } = await mixpanel.connector.deliver([first, bad, third])
    expect(results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'sent' },
      { status: 'dead', fault: { code: 'invalid', status: 400, path: 'event' } },
      { status: 'sent' },
    ])
    expect(mixpanel.routes()).toEqual(['POST /import 400'])
    expect(mixpanel.sandbox.inspect().events).toHaveLength(2)
  })
  test('one of a megabyte is too large for any request, and known before', async () => {
    const mixpanel = await project()
    const properties = Object.fromEntries(
      Array.from({ length: 200 }, (_, name) => [
        `list${name}`,
        Array.from({ length: 80 }, () => 'x'.repeat(90)),
      ]),
    )
    const huge = eventItem('huge', at(mixpanel), { event: { type: 'track', event: 'Huge', properties } })
    const [small] = many(mixpanel, 1)
    const { results } = await mixpanel.connector.deliver([huge, ...(small ? [small] : [])])
    expect(results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'dead', fault: { code: 'too-large' } },
      { status: 'sent' },
    ])
    expect(mixpanel.sandbox.inspect().events).toHaveLength(1)
  })
  test('a batch that is too large for the vendor after all is halved', async () => {
    const mixpanel = await project({ limits: { importBytes: 2_000 } })
    expect(new Set(await statuses(mixpanel.connector, many(mixpanel, 40)))).toEqual(new Set(['sent']))
    expect(mixpanel.routes()).toContain('POST /import 413')
    expect(mixpanel.sandbox.inspect().events).toHaveLength(40)
  })
  test('the account’s own size of a request is kept', async () => {
    const mixpanel = await project({ limits: { importBytes: 2_000 } }, { maxBodyBytes: 2_000 })
    await mixpanel.connector.deliver(many(mixpanel, 40))
    expect(new Set(mixpanel.routes())).toEqual(new Set(['POST /import 200']))
    expect(mixpanel.connector.limits.find(({ id }) => id === 'body.bytes')).toMatchObject({ max: 2_000 })
  })
  test('a wrong identity mode is refused for every event with Mixpanel’s words', async () => {
    const mixpanel = await project({}, { identityMode: 'original' })
    const link: LinkItem = {
      kind: 'link',
      key: 'link-1',
      lane: 'u1',
      at: at(mixpanel),
      known: { userId: 'u1' },
      other: { anonymousId: 'a1' },
    }
    const { results } = await mixpanel.connector.deliver([...many(mixpanel, 3), link])
    expect(results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'sent', 'sent', 'dead'])
    expect(mixpanel.sandbox.inspect().distinctEvents).toBe(3)
  })
})

describe('lost answers', () => {
  test.each([
    'reset-before',
    'reset-after',
    'hang-before',
    'hang-after',
    'server-error',
    'server-error-after',
    'rate-limited',
  ] as const)('%s: exactly once for queries', async (kind) => {
    const mixpanel = await project()
    mixpanel.sandbox.chaos({ script: [{ kind }] })
    const { results, calls } = await mixpanel.connector.deliver(many(mixpanel, 3))
    expect(results.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 3 }, () => ({ status: 'sent', proof: 'stored' })),
    )
    expect(calls).toMatchObject([{ count: 1, retries: 1 }])
    expect(mixpanel.sandbox.inspect().distinctEvents).toBe(3)
  })
  test('the same key again is the same event', async () => {
    const mixpanel = await project()
    const items = [eventItem('no conforming key: ü', at(mixpanel))]
    await mixpanel.connector.deliver(items)
    await mixpanel.connector.deliver(items)
    expect(mixpanel.sandbox.inspect()).toMatchObject({ distinctEvents: 1, counters: { eventsReceived: 2 } })
  })
  test('a full budget is waited for, at least two seconds', async () => {
    const mixpanel = await project()
    mixpanel.sandbox.chaos({ script: [{ kind: 'rate-limited', times: 2 }] })
    const startedMs = mixpanel.sandbox.clock.now()
    await mixpanel.connector.deliver(many(mixpanel, 1))
    expect(mixpanel.sandbox.clock.now() - startedMs).toBeGreaterThanOrEqual(6_000)
  })
  test('30,000 events a second are kept without a 429', async () => {
    const mixpanel = await project({ limits: { ingestionEventsPerSecond: 30_000 } })
    await mixpanel.connector.deliver(many(mixpanel, 36_000))
    expect(new Set(mixpanel.routes())).toEqual(new Set(['POST /import 200']))
  })
  test('the deadline ends the waiting; what is unsent is retry', async () => {
    const mixpanel = await project()
    mixpanel.sandbox.chaos({ script: [{ kind: 'rate-limited', times: 50 }] })
    const deadline = at(mixpanel, 10_000)
    const { results } = await mixpanel.connector.deliver(many(mixpanel, 2), { deadline })
    expect(results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'retry', fault: { code: 'rate-limited' } },
      { status: 'retry', fault: { code: 'rate-limited' } },
    ])
  })
  test('an abort leaves retry: a repeat does no harm', async () => {
    const mixpanel = await project()
    const stop = new AbortController()
    const fetch: typeof globalThis.fetch = async (...given) => {
      const answer = await mixpanel.sandbox.host.fetch(...given)
      stop.abort(new Error('enough'))
      throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' }, answer })
    }
    const items = many(mixpanel, 2)
    const { results } = await mixpanel.create({}, { fetch }).deliver(items, { signal: stop.signal })
    expect(results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'retry'])
    expect(await statuses(mixpanel.connector, items)).toEqual(['sent', 'sent'])
    expect(mixpanel.sandbox.inspect().distinctEvents).toBe(2)
  })
})

describe('credentials', () => {
  test('a wrong secret halts the connector after one more question, with advice', async () => {
    const mixpanel = await project()
    const asked: boolean[] = []
    const serviceAccountSecret = (expired: boolean): string => {
      asked.push(expired)
      return 'wrong'
    }
    const { results, halt } = await mixpanel.create({ serviceAccountSecret }).deliver(many(mixpanel, 3))
    expect(asked).toEqual([false, true])
    expect(halt).toMatchObject({ what: 'connector', fault: { code: 'auth', status: 401 } })
    expect(halt?.fault.message).toMatch(/region/)
    expect(new Set(results.map(({ outcome }) => outcome.status))).toEqual(new Set(['retry']))
  })
  test('an expired secret is asked for anew, and the events arrive', async () => {
    const mixpanel = await project()
    const right = mixpanel.create()
    expect(right.vendor).toBe('mixpanel')
    const serviceAccountSecret = (expired: boolean): string =>
      expired ? 'SandboxServiceAccountSecret01' : 'an old one'
    expect(await statuses(mixpanel.create({ serviceAccountSecret }), many(mixpanel, 1))).toEqual(['sent'])
  })
  test('another region’s host is said to be a possible reason', async () => {
    const mixpanel = await project({ region: 'eu' })
    const { halt } = await mixpanel.connector.deliver(many(mixpanel, 1))
    expect(halt?.fault.message).toMatch(/another region/)
  })
  test('a role that may not import halts events, not profiles', async () => {
    const mixpanel = await project({
      serviceAccounts: [
        {
          username: 'sandbox.1a2b3c.mp-service-account',
          secret: 'SandboxServiceAccountSecret01',
          role: 'analyst',
        },
      ],
    })
    const { results, halt } = await mixpanel.connector.deliver([
      ...many(mixpanel, 1),
      profileItem('u2', { plan: 'pro' }),
    ])
    expect(halt).toMatchObject({ what: 'event', fault: { code: 'forbidden', status: 403 } })
    expect(halt?.fault.message).toMatch(/admin or owner/)
    expect(results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'sent'])
  })
})

describe('profiles', () => {
  test('null clears, the rest is set, and neither looks like a visit', async () => {
    const mixpanel = await project()
    mixpanel.sandbox.seed({ profiles: [{ distinctId: 'u1', properties: { old: 1, $city: 'Riga' } }] })
    const item = profileItem('u1', { email: 'Ada@Example.com', plan: 'pro', old: null })
    expect((await mixpanel.connector.deliver([item])).results[0]?.outcome).toEqual({
      status: 'sent',
      proof: 'accepted',
    })
    expect(mixpanel.properties('u1')).toEqual({ $city: 'Riga', $email: 'Ada@Example.com', plan: 'pro' })
  })
  test('only what differs is sent; nothing at all makes no call', async () => {
    const mixpanel = await project()
    const before = { plan: 'pro', tags: ['a', 'b'], gone: null }
    const fields = [{ of: 'user', name: 'tags', type: 'strings' }] as const
    const connector = mixpanel.create({ fields })
    const same = profileItem('u1', { plan: 'pro', tags: ['b', 'a'], gone: null }, { before })
    expect((await connector.deliver([same])).results[0]?.outcome).toEqual({
      status: 'skipped',
      because: 'unchanged',
    })
    expect(mixpanel.routes()).toEqual([])
  })
  test('several updates of one person are one, the later value wins', async () => {
    const mixpanel = await project()
    const items = [
      profileItem('u1', { plan: 'free', a: 1 }, { key: '1' }),
      profileItem('u1', { plan: 'pro', a: null }, { key: '2' }),
      profileItem('u1', { a: 2, b: null }, { key: '3' }),
    ]
    expect(await statuses(mixpanel.connector, items)).toEqual(['sent', 'sent', 'sent'])
    expect(mixpanel.routes()).toEqual(['POST /engage 200'])
    expect(mixpanel.properties('u1')).toEqual({ plan: 'pro', a: 2 })
  })
  test.each([
    [1_999, 1],
    [2_000, 1],
    [2_001, 2],
  ])('%i records of one operation are %i calls', async (count, calls) => {
    const mixpanel = await project()
    await mixpanel.connector.deliver(
      Array.from({ length: count }, (_, index) => profileItem(`u${index}`, { a: 1 })),
    )
    expect(mixpanel.routes()).toHaveLength(calls)
    expect(mixpanel.sandbox.inspect().profiles).toHaveLength(count)
  })
  test('a person with values to set and to clear counts twice', async () => {
    const mixpanel = await project()
    const items = Array.from({ length: 1_001 }, (_, index) => profileItem(`u${index}`, { a: 1, b: null }))
    await mixpanel.connector.deliver(items)
    expect(mixpanel.routes()).toEqual(['POST /engage 200', 'POST /engage 200'])
  })
  test('values that no record holds are dead before they are sent', async () => {
    const mixpanel = await project()
    const set = Object.fromEntries(
      Array.from({ length: 5 }, (_, name) => [
        `list${name}`,
        Array.from({ length: 250 }, () => 'x'.repeat(1_000)),
      ]),
    )
    const { results } = await mixpanel.connector.deliver([
      profileItem('u1', set),
      profileItem('u2', { a: 1 }),
    ])
    expect(results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'dead', fault: { code: 'too-large' } },
      { status: 'sent' },
    ])
  })
  test('updates of one person that fit alone arrive, even when they would not fit into one record', async () => {
    const mixpanel = await project()
    const list = Array.from({ length: 200 }, () => 'x'.repeat(1_000))
    const items = Array.from({ length: 8 }, (_, index) =>
      profileItem('u1', { [`list${index}`]: list }, { key: `${index}` }),
    )
    expect(new Set(await statuses(mixpanel.connector, items))).toEqual(new Set(['sent']))
    expect(Object.keys(mixpanel.properties('u1') ?? {})).toHaveLength(8)
  })
  test.each(['records', 'http-400', 'ignored'] as const)(
    'a record refused in the manner "%s" is found',
    async (engageStrict) => {
      const mixpanel = await project({ engageStrict, limits: { profileUpdateBytes: 600 } })
      const long = { text: 'x'.repeat(250), more: 'y'.repeat(250), again: 'z'.repeat(100) }
      const items = [profileItem('u1', { a: 1 }), profileItem('u2', long), profileItem('u3', { a: 3 })]
      expect(await statuses(mixpanel.connector, items)).toEqual(['sent', 'dead', 'sent'])
      expect(mixpanel.properties('u3')).toEqual({ a: 3 })
    },
  )
  test('a 200 that does nothing is tried again', async () => {
    const mixpanel = await project()
    mixpanel.sandbox.chaos({ script: [{ kind: 'silent' }] })
    expect(await statuses(mixpanel.connector, [profileItem('u1', { a: 1 })])).toEqual(['sent'])
    expect(mixpanel.properties('u1')).toEqual({ a: 1 })
  })
})

describe('links', () => {
  const link = (connected: Connected, other: string): LinkItem => ({
    kind: 'link',
    key: `link-${other}`,
    lane: 'u1',
    at: at(connected),
    known: { userId: 'u1' },
    other: { anonymousId: other },
  })
  test('an event with both ids joins what the device did', async () => {
    const mixpanel = await project({}, { linkEvent: 'Signed In' })
    expect(await statuses(mixpanel.connector, [link(mixpanel, 'a1')])).toEqual(['sent'])
    expect(mixpanel.sandbox.inspect()).toMatchObject({
      devices: [{ deviceId: 'a1', userId: 'u1' }],
      events: [{ event: 'Signed In' }],
    })
  })
  test('an original project gets $identify for a UUID, $create_alias for the rest', async () => {
    const mixpanel = await project({ identityMode: 'original' }, { identityMode: 'original' })
    const uuid = '0b0c6d3e-8f5c-4a46-9a62-3a1c40c5a6c1'
    expect(await statuses(mixpanel.connector, [link(mixpanel, uuid), link(mixpanel, 'short')])).toEqual([
      'sent',
      'sent',
    ])
    expect(mixpanel.sandbox.inspect().events.map(({ event }) => event)).toEqual([
      '$identify',
      '$create_alias',
    ])
    expect(mixpanel.sandbox.inspect().clusters).toMatchObject([
      { members: expect.arrayContaining([uuid, 'u1', 'short']) },
    ])
  })
  test('two known people are never merged', async () => {
    const mixpanel = await project()
    const merge: LinkItem = { ...link(mixpanel, ''), other: { userId: 'u2' } }
    expect(await statuses(mixpanel.connector, [merge])).toEqual(['skipped'])
  })
})

describe('groups', () => {
  const group = (more: Partial<GroupItem> = {}): GroupItem => ({
    kind: 'group',
    key: 'group-1',
    lane: 'acme',
    at: '2026-11-01T10:00:00.000Z',
    groupType: 'company',
    groupId: 'acme',
    set: { name: 'Acme', plan: 'pro' },
    ...more,
  })
  test('the group first, then its id in a list on the member', async () => {
    const mixpanel = await project({}, { groupKeys: ['company'] })
    const member = { userId: 'u1' }
    const { results } = await mixpanel.connector.deliver([
      group({ member }),
      group({ key: 'group-2', lane: 'other', groupId: 'other', member }),
    ])
    expect(results.map(({ done }) => done)).toEqual([
      ['group', 'member'],
      ['group', 'member'],
    ])
    expect(mixpanel.sandbox.inspect().groups[0]).toEqual({
      groupKey: 'company',
      groupId: 'acme',
      properties: { $name: 'Acme', plan: 'pro' },
    })
    expect(mixpanel.properties('u1')).toEqual({ company: ['acme', 'other'] })
  })
  test('200 a call', async () => {
    const mixpanel = await project({}, { groupKeys: ['company'] })
    await mixpanel.connector.deliver(
      Array.from({ length: 201 }, (_, index) =>
        group({ key: `${index}`, lane: `${index}`, groupId: `g${index}` }),
      ),
    )
    expect(mixpanel.routes()).toEqual(['POST /groups 200', 'POST /groups 200'])
  })
  test('a type without a key loses its traits and keeps its members', async () => {
    const mixpanel = await project()
    const { results } = await mixpanel.connector.deliver([
      group({ member: { userId: 'u1' } }),
      group({ key: 'alone' }),
    ])
    expect(results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'skipped'])
    expect(results[0]?.losses.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'dropped set.name',
      'dropped set.plan',
    ])
    expect(mixpanel.properties('u1')).toEqual({ company: ['acme'] })
    expect(mixpanel.routes()).toEqual(['POST /engage 200'])
  })
  test.each([402, 403] as const)(
    'without the add-on (%i) groups halt, people go on',
    async (entitlementStatus) => {
      const mixpanel = await project({ groupAnalytics: false, entitlementStatus }, { groupKeys: ['company'] })
      const { results, halt } = await mixpanel.connector.deliver([group(), profileItem('u1', { a: 1 })])
      expect(halt).toMatchObject({ what: 'group', fault: { code: 'forbidden', status: entitlementStatus } })
      expect(halt?.fault.message).toMatch(/add-on/)
      expect(results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'sent'])
    },
  )
})

describe('membership and consent', () => {
  const membership = (member: boolean, more: Partial<MembershipItem> = {}): MembershipItem => ({
    kind: 'membership',
    key: `member-${member}`,
    lane: 'u1',
    at: '2026-11-01T10:00:00.000Z',
    who: { userId: 'u1' },
    segment: { form: 'attribute', id: 'seg_vip' },
    member,
    ...more,
  })
  test('entering sets the flag, leaving takes it away', async () => {
    const mixpanel = await project()
    await mixpanel.connector.deliver([membership(true)])
    expect(mixpanel.properties('u1')).toEqual({ seg_vip: true })
    await mixpanel.connector.deliver([membership(false)])
    expect(mixpanel.properties('u1')).toEqual({})
  })
  test('a cohort computes itself', async () => {
    const mixpanel = await project()
    expect(
      await statuses(mixpanel.connector, [membership(true, { segment: { form: 'cohort', id: '7' } })]),
    ).toEqual(['skipped'])
  })
  test('consent is kept with its time and basis', async () => {
    const mixpanel = await project()
    const consent = {
      kind: 'consent',
      lane: 'u1',
      at: '2026-11-01T10:00:00.000Z',
      who: { userId: 'u1' },
      channel: 'email',
    } as const
    await mixpanel.connector.deliver([{ ...consent, key: '1', state: 'granted', basis: 'form' }])
    expect(mixpanel.properties('u1')).toEqual({
      consent_email: 'granted',
      consent_email_at: '2026-11-01T10:00:00.000Z',
      consent_email_basis: 'form',
    })
    await mixpanel.connector.deliver([{ ...consent, key: '2', topic: 'News', state: 'denied' }])
    expect(mixpanel.properties('u1')).toMatchObject({ consent_email_news: 'denied' })
  })
})

describe('order', () => {
  test('a lane keeps its order over endpoints', async () => {
    const mixpanel = await project()
    const items: readonly Item[] = [
      eventItem('e1', at(mixpanel)),
      profileItem('u1', { a: 1 }),
      eventItem('e2', at(mixpanel)),
      eventItem('other', at(mixpanel), { lane: 'u2', who: { userId: 'u2' } }),
    ]
    expect(new Set(await statuses(mixpanel.connector, items))).toEqual(new Set(['sent']))
    expect(mixpanel.routes()).toEqual(['POST /import 200', 'POST /engage 200', 'POST /import 200'])
    expect(mixpanel.sandbox.inspect().events.map(({ properties }) => properties['$insert_id'])).toEqual([
      'e1',
      'other',
      'e2',
    ])
  })
  test('a dry run sends nothing and shows the very requests', async () => {
    const mixpanel = await project({}, { groupKeys: ['company'] })
    const planned: string[] = []
    const connector = mixpanel.create(
      {},
      {
        onPlanned: ({ method, url, body, headers }) =>
          void planned.push(`${method} ${new URL(url).pathname} ${body} ${Object.keys(headers).join()}`),
      },
    )
    const { results } = await connector.deliver(
      [eventItem('e1', at(mixpanel)), profileItem('u2', { a: 1 })],
      {
        dryRun: true,
      },
    )
    expect(results.map(({ outcome }) => outcome.status)).toEqual(['planned', 'planned'])
    expect(mixpanel.routes()).toEqual([])
    expect(planned[0]).toMatch(/^POST \/import \[\{"event":"Product Viewed".*\}\] content-type$/)
    expect(planned[1]).toContain('"$distinct_id":"u2"')
  })
})
