import type { Item } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import {
  at,
  contactOf,
  eventOf,
  memberOf,
  openHubSpot,
  profileOf,
  results,
  settle,
  statuses,
} from '../fixtures/open-sandbox.ts'

const vip = { form: 'list', id: '501' } as const
const seed = {
  contacts: Array.from({ length: 20 }, (_, index) => ({ properties: { tripline_user_id: `u${index}` } })),
  lists: [{ listId: vip.id, name: 'VIP' }],
}
const faults = [
  'reset-before',
  'reset-after',
  'hang-before',
  'hang-after',
  'server-error',
  'server-error-after',
  'rate-limited',
] as const
const upsert = 'POST /crm/objects/{objectType}/batch/upsert'

/** One of every kind, for one person. */
const everything = (userId: string): readonly Item[] => [
  profileOf(`${userId}-1`, userId, { plan: 'pro', email: `${userId}@x.test` }),
  eventOf(`${userId}-2`, userId, { sku: 'x' }),
  memberOf(`${userId}-3`, userId, vip),
  {
    kind: 'group',
    key: `${userId}-4`,
    lane: userId,
    at,
    groupType: 'company',
    groupId: 'g1',
    set: { name: 'Acme' },
    member: { userId },
  },
  {
    kind: 'consent',
    key: `${userId}-5`,
    lane: userId,
    at,
    who: { userId },
    channel: 'email',
    state: 'denied',
  },
]

describe('a lost or refused answer', () => {
  test.each(faults)('%s on every endpoint: everything arrives once', async (kind) => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed })
    sandbox.chaos({
      script: [
        'contacts/batch/upsert',
        'companies/batch/upsert',
        '/associations/',
        '/memberships/',
        'send',
        'unsubscribe-all',
        'batch/read',
      ].map((on) => ({ kind, on })),
    })
    const done = await results(hubspot, everything('new'))
    expect(done.map(({ outcome }) => outcome.status)).toEqual(['sent', 'sent', 'sent', 'sent', 'sent'])
    expect(done.some(({ outcome }) => 'maybeTwice' in outcome)).toBe(false)
    settle(sandbox)
    const { contacts, companies, events, lists, associations } = sandbox.inspect()
    expect(contacts.filter(({ properties }) => properties['tripline_user_id'] === 'new')).toHaveLength(1)
    expect([companies.length, events.length, lists[0]?.members.length, associations.length]).toEqual([
      1, 1, 1, 1,
    ])
  })

  test('a tenth of all requests fail: nothing is lost, nothing doubles', async () => {
    const { sandbox, hubspot } = await openHubSpot({ missingContact: 'create' }, { seed })
    sandbox.chaos({ rate: 0.1, seed: 7 })
    const items = Array.from({ length: 60 }, (_, index) => everything(`p${index}`)).flat()
    expect(new Set(await statuses(hubspot, items))).toEqual(new Set(['sent']))
    sandbox.chaos({})
    settle(sandbox)
    const { contacts, events, lists, associations } = sandbox.inspect()
    expect([contacts.length, events.length, lists[0]?.members.length, associations.length]).toEqual([
      80, 60, 60, 60,
    ])
  })

  test('half of a batch fails for the moment, without a status: it is sent again', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot()
    sandbox.chaos({ script: [{ kind: 'partial', on: 'batch/upsert', times: 2 }] })
    const items = Array.from({ length: 4 }, (_, index) => profileOf(`k${index}`, `v${index}`, { plan: 'x' }))
    expect(await statuses(hubspot, items)).toEqual(['sent', 'sent', 'sent', 'sent'])
    expect(requests()).toEqual([upsert, upsert, upsert])
    expect(sandbox.inspect().contacts).toHaveLength(4)
  })

  test('a batch that says complete and names nobody is no success', async () => {
    const { sandbox, hubspot } = await openHubSpot()
    sandbox.chaos({ script: [{ kind: 'silent', on: 'batch/upsert', times: 100 }] })
    const [done] = await results(hubspot, [profileOf('1', 'v1', { plan: 'x' })])
    expect(done?.outcome).toMatchObject({
      status: 'retry',
      fault: { message: expect.stringMatching(/neither as written/) as string },
    })
  })

  test('events that HubSpot loses after 204 are only ever "accepted"', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed })
    sandbox.chaos({ script: [{ kind: 'silent', on: '/send' }] })
    const [done] = await results(hubspot, [eventOf('1', 'u1')])
    expect(done?.outcome).toEqual({ status: 'sent', proof: 'accepted' })
  })

  test('an HTML page of the gateway, and a lock', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { account: { serverError: 'html' } })
    sandbox.chaos({ script: [{ kind: 'server-error', on: 'upsert' }] })
    expect(await statuses(hubspot, [profileOf('1', 'v1', { plan: 'x' })])).toEqual(['sent'])
    sandbox.configure({ lockedUntilMs: sandbox.clock.now() + 5_000 })
    const startedMs = sandbox.clock.now()
    expect(await statuses(hubspot, [profileOf('2', 'v1', { plan: 'y' })])).toEqual(['sent'])
    expect(sandbox.clock.now() - startedMs).toBeGreaterThanOrEqual(5_000)
  })
})

describe('limits of HubSpot', () => {
  test('ten seconds: the budget waits, HubSpot never has to refuse', async () => {
    const { sandbox, hubspot } = await openHubSpot({ tier: 'free' }, { account: { tier: 'starter' } })
    const items = Array.from({ length: 15_000 }, (_, index) =>
      profileOf(`k${index}`, `v${index}`, { plan: 'x' }),
    )
    const startedMs = sandbox.clock.now()
    expect(new Set(await statuses(hubspot, items))).toEqual(new Set(['sent']))
    expect(sandbox.requests().filter(({ status }) => status === 429)).toEqual([])
    expect(sandbox.clock.now() - startedMs).toBeGreaterThanOrEqual(9_000)
  })

  test('a smaller limit than ours is learnt from the headers', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { account: { limits: { perTenSeconds: 10 } } })
    const items = Array.from({ length: 5_000 }, (_, index) =>
      profileOf(`k${index}`, `v${index}`, { plan: 'x' }),
    )
    expect(new Set(await statuses(hubspot, items))).toEqual(new Set(['sent']))
    // Those under way when an answer is written are not in it: three at a time, for five windows.
    expect(sandbox.requests().filter(({ status }) => status === 429).length).toBeLessThanOrEqual(15)
  })

  test('the daily limit: the rest is for after midnight, with no spinning', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { account: { limits: { perDay: 3 } } })
    const items = Array.from({ length: 1_000 }, (_, index) =>
      profileOf(`k${index}`, `v${index}`, { plan: 'x' }),
    )
    const done = await results(hubspot, items)
    const late = done.filter(({ outcome }) => outcome.status === 'retry')
    expect(late).toHaveLength(700)
    expect(late[0]?.outcome).toMatchObject({ notBefore: expect.stringMatching(/T00:00:00.000Z$/) as string })
    expect(sandbox.requests().length).toBeLessThanOrEqual(10)
  })

  test('an account on the move is left alone', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot()
    sandbox.configure({ migratingUntilMs: sandbox.clock.now() + 3_600_000 })
    const [done] = await results(hubspot, [profileOf('1', 'v1', { plan: 'x' })])
    expect(done?.outcome).toMatchObject({
      status: 'retry',
      notBefore: new Date(sandbox.clock.now() + 3_600_000).toISOString(),
    })
    expect(requests()).toHaveLength(1)
  })
})

describe('order in a lane', () => {
  test('is kept over endpoints; other lanes go on', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed })
    sandbox.chaos({ script: [{ kind: 'server-error', on: '/send', times: 100 }] })
    const report = await hubspot.deliver([
      profileOf('1', 'a', { plan: 'x' }),
      eventOf('2', 'a'),
      profileOf('3', 'a', { plan: 'later' }),
      profileOf('4', 'b', { plan: 'y' }),
    ])
    expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'retry', 'retry', 'sent'])
    expect(contactOf(sandbox, 'a')?.properties['plan']).toBe('x')
  })

  test('a dead item does not hold its lane', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed })
    const nothing = { type: 'track', event: 'Nothing', properties: {} } as const
    expect(
      await statuses(hubspot, [
        eventOf('1', 'u1', {}, { event: nothing }),
        profileOf('2', 'u1', { plan: 'x' }),
      ]),
    ).toEqual(['dead', 'sent'])
    expect(contactOf(sandbox, 'u1')?.properties['plan']).toBe('x')
  })
})

describe('a call ends', () => {
  test('by its deadline: the rest is retry, and the next call does it', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed })
    sandbox.chaos({ script: [{ kind: 'hang-after', on: 'upsert' }] })
    const items = everything('new')
    const deadline = new Date(sandbox.clock.now() + 1_000).toISOString()
    const report = await hubspot.deliver(items, { deadline })
    expect(new Set(report.results.map(({ outcome }) => outcome.status))).toEqual(new Set(['retry']))
    expect(await statuses(hubspot, items)).toEqual(['sent', 'sent', 'sent', 'sent', 'sent'])
    settle(sandbox)
    expect(sandbox.inspect().events).toHaveLength(1)
  })

  test('by abort, before and while it runs', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot({}, { seed })
    const before = await hubspot.deliver(everything('new'), { signal: AbortSignal.abort() })
    expect(new Set(before.results.map(({ outcome }) => outcome.status))).toEqual(new Set(['retry']))
    expect(requests()).toEqual([])
    const stop = new AbortController()
    sandbox.chaos({ script: [{ kind: 'hang-before', on: 'upsert' }] })
    const running = hubspot.deliver(everything('new'), { signal: stop.signal })
    void sandbox.clock.sleep(500).then(() => stop.abort())
    expect(new Set((await running).results.map(({ outcome }) => outcome.status))).toEqual(new Set(['retry']))
  })
})

describe('a dry run', () => {
  test('makes no request and shows the very ones', async () => {
    const { hubspot, planned, requests } = await openHubSpot()
    const report = await hubspot.deliver(everything('new'), { dryRun: true })
    expect(report.results.map(({ outcome }) => outcome.status)).toEqual([
      'planned',
      'planned',
      'planned',
      'planned',
      'planned',
    ])
    expect(requests()).toEqual([])
    const writes = planned.filter(({ purpose }) => purpose === 'write')
    expect(writes.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      'POST /crm/objects/2026-09/contacts/batch/upsert',
      'POST /events/custom/2026-09/send',
      'PUT /crm/lists/2026-09/501/memberships/add-and-remove',
      'POST /crm/objects/2026-09/companies/batch/upsert',
      'POST /crm/associations/2026-09/contacts/companies/batch/create',
      'POST /communication-preferences/2026-09/statuses/%7Be-mail%7D/unsubscribe-all',
    ])
    expect(JSON.parse(writes[1]?.body ?? '')).toMatchObject({
      eventName: 'pe{portal id}_product_added',
      objectId: '{record id of new}',
      properties: { sku: 'x' },
    })
    expect(JSON.stringify(planned)).not.toMatch(/pat-na1|authorization/)
  })

  test('leaves nothing behind for the real one', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed })
    await hubspot.deliver(everything('new'), { dryRun: true })
    expect(await statuses(hubspot, everything('new'))).toEqual(['sent', 'sent', 'sent', 'sent', 'sent'])
    settle(sandbox)
    expect(sandbox.inspect().events).toHaveLength(1)
  })
})
