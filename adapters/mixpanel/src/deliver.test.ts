import { describe, expect, onTestFinished, test } from 'vitest'
import { connect, eventItem, profileItem, statuses, type Connected } from '../fixtures/sandbox-account.ts'
import type { Item, LinkItem } from '@tripline/model'

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
  test('a request of 75 that is committed and then reset: the repeat leaves 75, within the call and over calls', async () => {
    const mixpanel = await project()
    const items = many(mixpanel, 75)
    mixpanel.sandbox.chaos({ script: [{ kind: 'reset-after' }] })
    const { results } = await mixpanel.connector.deliver(items)
    expect(results.map(({ outcome }) => outcome)).toEqual(
      items.map(() => ({ status: 'sent', proof: 'stored' })),
    )
    expect(mixpanel.sandbox.inspect()).toMatchObject({
      distinctEvents: 75,
      counters: { eventsReceived: 150 },
    })
    const stop = new AbortController()
    mixpanel.sandbox.chaos({ script: [{ kind: 'hang-after' }] })
    void mixpanel.sandbox.clock.sleep(1_000).then(() => stop.abort())
    const aborted = await mixpanel.connector.deliver(items, { signal: stop.signal })
    expect(aborted.results.map(({ outcome }) => outcome.status)).toEqual(items.map(() => 'retry'))
    expect(await statuses(mixpanel.connector, items)).toEqual(items.map(() => 'sent'))
    expect(mixpanel.sandbox.inspect().distinctEvents).toBe(75)
  })
  test.each([
    [undefined, 'sent', ['Product Viewed']],
    ['mute', 'sent', ['Product Viewed (backfill)']],
    ['refuse', 'skipped', []],
  ] as const)('an old event, by the option backfill %s: %s', async (backfill, status, names) => {
    const mixpanel = await project({}, backfill && { backfill })
    const item = eventItem('old', at(mixpanel), { backfill: true })
    const { results } = await mixpanel.connector.deliver([item])
    expect(results[0]?.outcome.status).toBe(status)
    expect(results[0]?.losses.map(({ kind }) => kind)).toEqual(backfill === 'mute' ? ['renamed'] : [])
    expect(mixpanel.sandbox.inspect().events.map(({ event }) => event)).toEqual(names)
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
