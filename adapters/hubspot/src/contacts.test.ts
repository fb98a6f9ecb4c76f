import type { ProfileItem } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { contactOf, openHubSpot, profileOf, results, statuses } from '../fixtures/open-sandbox.ts'

const upsert = 'POST /crm/objects/{objectType}/batch/upsert'
const read = 'POST /crm/objects/{objectType}/batch/read'

describe('profiles', () => {
  test('100 a call, by our unique property, with the record id in the result', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot()
    const items = Array.from({ length: 201 }, (_, index) =>
      profileOf(`k${index}`, `u${index}`, { plan: `p${index}` }),
    )
    const done = await results(hubspot, items)
    expect(requests()).toEqual([upsert, upsert, upsert])
    for (const [index, { outcome }] of done.entries()) {
      const stored = contactOf(sandbox, `u${index}`)
      expect(stored?.properties['plan']).toBe(`p${index}`)
      expect(outcome).toEqual({ status: 'sent', proof: 'stored', vendorId: stored?.id })
    }
  })

  test.each([
    [99, 1],
    [100, 1],
    [101, 2],
  ])('%i people are %i calls', async (people, calls) => {
    const { hubspot, requests } = await openHubSpot()
    await hubspot.deliver(
      Array.from({ length: people }, (_, index) => profileOf(`k${index}`, `u${index}`, { plan: 'x' })),
    )
    expect(requests()).toHaveLength(calls)
  })

  test('two of one person are one input; the later value wins', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot()
    const items = [
      profileOf('1', 'u1', { plan: 'pro', ltv: 1 }),
      profileOf('2', 'u2', { plan: 'free' }),
      profileOf('3', 'u1', { plan: 'gold' }),
    ]
    expect(await statuses(hubspot, items)).toEqual(['sent', 'sent', 'sent'])
    expect(requests()).toEqual([upsert])
    expect(contactOf(sandbox, 'u1')?.properties).toMatchObject({ plan: 'gold', ltv: '1' })
  })

  test('a bad property is a fault on its item, and the rest arrives', async () => {
    const { sandbox, hubspot } = await openHubSpot()
    const done = await results(hubspot, [
      profileOf('1', 'u1', { plan: 'pro' }),
      profileOf('2', 'u2', { nope: 'x', plan: 'pro' }),
      profileOf('3', 'u3', { tags: ['a', 'zzz'] }),
      profileOf('4', 'u4', { email: 'no address' }),
      profileOf('5', 'u5', { plan: 'pro' }),
    ])
    expect(done.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'sent' },
      {
        status: 'dead',
        fault: {
          code: 'invalid',
          path: 'set.nope',
          message: expect.stringMatching(/fields apply/) as string,
        },
      },
      {
        status: 'dead',
        fault: {
          code: 'invalid',
          path: 'set.tags',
          message: expect.stringMatching(/INVALID_OPTION/) as string,
        },
      },
      { status: 'dead', fault: { code: 'invalid', path: 'set.email' } },
      { status: 'sent' },
    ])
    expect(sandbox.inspect().contacts).toHaveLength(2)
    expect(JSON.stringify(done)).not.toContain('no address')
  })

  test('… or is left out, by option, with a loss', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot({ invalidFields: 'drop' })
    const [done] = await results(hubspot, [profileOf('1', 'u1', { plan: 'pro', nope: 'x', tags: ['zzz'] })])
    expect(done).toMatchObject({
      outcome: { status: 'sent' },
      losses: [
        { path: 'set.nope', kind: 'dropped' },
        { path: 'set.tags', kind: 'dropped' },
      ],
    })
    expect(requests()).toEqual([upsert, upsert])
    expect(contactOf(sandbox, 'u1')?.properties).toMatchObject({ plan: 'pro' })
  })

  test('… and when the second try gets no answer, the item is tried again later, the others are done', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot({ invalidFields: 'drop', maxAttempts: 2 })
    sandbox.chaos({ script: [{ kind: 'server-error', on: 'upsert', nth: 2, times: 100 }] })
    const items = [profileOf('1', 'u1', { plan: 'pro', nope: 'x' }), profileOf('2', 'u2', { plan: 'pro' })]
    const done = await results(hubspot, items)
    expect(done.map(({ outcome }) => outcome.status)).toEqual(['retry', 'sent'])
    expect(requests()).toEqual([upsert, upsert, upsert]) // two tries of the second, and no more
    sandbox.chaos({})
    expect(await statuses(hubspot, items)).toEqual(['sent', 'sent'])
  })

  test('all types arrive and come back, and null clears', async () => {
    const { sandbox, hubspot } = await openHubSpot()
    const set = {
      plan: 'pro',
      ltv: 12.5,
      isVip: false,
      bornOn: '2000-02-29',
      seenAt: '2026-11-01T10:00:00.000Z',
      tags: ['a', 'b'],
      spent: { amount: 5, currency: 'JPY' },
      prefs: { a: [1] },
    }
    await hubspot.deliver([profileOf('1', 'u1', set)])
    expect(contactOf(sandbox, 'u1')?.properties).toMatchObject({
      tags: 'a;b',
      spent: '5',
      spent_currency: 'JPY',
      bornon: '2000-02-29',
    })
    const query = { mode: 'ids', who: [{ userId: 'u1' }], fields: Object.keys(set) } as const
    for await (const { items } of hubspot.readProfiles(query)) expect(items).toMatchObject([{ traits: set }])
    await hubspot.deliver([profileOf('2', 'u1', { plan: null, tags: null, spent: null })])
    for await (const { items } of hubspot.readProfiles(query))
      expect(Object.keys(items[0]?.kind === 'profile' ? items[0].traits : {})).toEqual([
        'ltv',
        'isVip',
        'bornOn',
        'seenAt',
        'prefs',
      ])
  })

  test('by record id, and nothing of ours is written then', async () => {
    const { sandbox, hubspot } = await openHubSpot(
      {},
      { seed: { contacts: [{ id: '7001', properties: { plan: 'free' } }] } },
    )
    const who = { vendorIds: { hubspot: '7001' } }
    expect(await statuses(hubspot, [profileOf('1', 'x', { plan: 'pro' }, { who })])).toEqual(['sent'])
    expect(sandbox.inspect().contacts).toMatchObject([{ id: '7001', properties: { plan: 'pro' } }])
    const unknown = await results(hubspot, [
      profileOf('2', 'y', { plan: 'pro' }, { who: { vendorIds: { hubspot: '999' } } }),
    ])
    expect(unknown[0]?.outcome).toMatchObject({ status: 'dead', fault: { code: 'not-found' } })
  })

  test('nobody without an id of ours: anonymous people wait, an address alone identifies nobody', async () => {
    const { hubspot, requests } = await openHubSpot()
    const done = await results(hubspot, [
      profileOf('1', 'a', { plan: 'pro' }, { who: { anonymousId: 'a1' } }),
      profileOf('2', 'b', { plan: 'pro' }, { who: { email: 'a@x.test' } }),
      profileOf('3', 'c', { plan: 'pro' }, { who: { userId: 7 as unknown as string } }),
      profileOf('4', 'd', { plan: 'pro' }, { who: { vendorIds: { hubspot: 'abc' } } }),
      {
        kind: 'link',
        key: '5',
        lane: 'e',
        at: '2026-11-01T10:00:00.000Z',
        known: { userId: 'u' },
        other: { anonymousId: 'a1' },
      },
    ])
    expect(done.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'skipped', because: 'unsupported' },
      { status: 'dead', fault: { code: 'invalid', path: 'who' } },
      { status: 'dead', fault: { path: 'who.userId' } },
      { status: 'dead', fault: { path: 'who.vendorIds.hubspot' } },
      { status: 'skipped', because: 'unsupported' },
    ])
    expect(requests()).toEqual([])
  })
})

describe('people known by their address', () => {
  const byEmail = (key: string, email: string, set: ProfileItem['set']) =>
    profileOf(key, email, set, { who: { email } })

  test('are found first and written by record id: no partial upsert by address', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot(
      { emailIdentifies: true },
      {
        seed: {
          contacts: [
            {
              id: '7001',
              properties: { email: 'a@x.test', plan: 'free', hs_additional_emails: 'old@x.test' },
            },
          ],
        },
      },
    )
    expect(
      await statuses(hubspot, [
        byEmail('1', 'A@x.test', { plan: 'pro' }),
        byEmail('2', 'new@x.test', { plan: 'new' }),
      ]),
    ).toEqual(['sent', 'sent'])
    expect(requests()).toEqual([read, upsert])
    expect(sandbox.inspect().contacts.map(({ properties: { email, plan } }) => [email, plan])).toEqual([
      ['a@x.test', 'pro'],
      ['new@x.test', 'new'],
    ])
    expect(await statuses(hubspot, [byEmail('3', 'old@x.test', { plan: 'gold' })])).toEqual(['sent'])
    expect(sandbox.inspect().contacts[0]?.properties['plan']).toBe('gold')
  })

  test('a contact that holds the address and no id of ours is adopted', async () => {
    const seed = { contacts: [{ id: '7001', properties: { email: 'a@x.test' } }] }
    const { sandbox, hubspot } = await openHubSpot({ emailIdentifies: true }, { seed })
    const [done] = await results(hubspot, [profileOf('1', 'u1', { email: 'a@x.test', plan: 'pro' })])
    expect(done?.outcome).toMatchObject({ status: 'sent', vendorId: '7001' })
    expect(sandbox.inspect().contacts).toMatchObject([
      { properties: { tripline_user_id: 'u1', plan: 'pro' } },
    ])
  })

  test.each([
    [{}, {}],
    [{ emailIdentifies: true }, { tripline_user_id: 'somebody' }],
  ])('otherwise it is a conflict that names the record, never a merge (%j, %j)', async (options, held) => {
    const seed = { contacts: [{ id: '7001', properties: { email: 'a@x.test', ...held } }] }
    const { sandbox, hubspot } = await openHubSpot(options, { seed })
    const [done] = await results(hubspot, [profileOf('1', 'u1', { email: 'a@x.test' })])
    expect(done?.outcome).toMatchObject({
      status: 'dead',
      fault: { code: 'conflict', path: 'set.email', message: expect.stringContaining('7001') as string },
    })
    expect(sandbox.inspect().contacts).toHaveLength(1)
  })
})

describe('the life-cycle goes back', () => {
  const seed = { contacts: [{ properties: { tripline_user_id: 'u1', lifecyclestage: 'customer' } }] }

  test('in two writes, when the value before is known', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot({}, { seed })
    const [done] = await results(hubspot, [
      profileOf(
        '1',
        'u1',
        { lifecycleStage: 'lead', plan: 'pro' },
        { before: { lifecycleStage: 'customer' } },
      ),
    ])
    expect(done).toMatchObject({ outcome: { status: 'sent' }, done: ['lifecycle-reset', 'profile'] })
    expect(requests()).toEqual([upsert, upsert])
    expect(contactOf(sandbox, 'u1')?.properties).toMatchObject({ lifecyclestage: 'lead', plan: 'pro' })
  })

  test('… the second of which is all that is left to a repeat', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot({}, { seed })
    const item = profileOf(
      '1',
      'u1',
      { lifecycleStage: 'lead' },
      { before: { lifecycleStage: 'customer' }, done: ['lifecycle-reset'] },
    )
    await hubspot.deliver([item])
    expect(requests().length).toBeGreaterThan(0)
    expect(contactOf(sandbox, 'u1')?.properties['lifecyclestage']).toBe('lead')
  })

  test('and is seen in the answer, when it is not', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot({}, { seed })
    expect(await statuses(hubspot, [profileOf('1', 'u1', { lifecycleStage: 'lead' })])).toEqual(['sent'])
    expect(requests()).toEqual([upsert, upsert, upsert])
    expect(contactOf(sandbox, 'u1')?.properties['lifecyclestage']).toBe('lead')
  })

  test('forward is one write', async () => {
    const { hubspot, requests } = await openHubSpot({}, { seed })
    await hubspot.deliver([
      profileOf('1', 'u1', { lifecycleStage: 'evangelist' }, { before: { lifecycleStage: 'customer' } }),
    ])
    expect(requests()).toEqual([upsert])
  })
})

test('10,000 people and none at all', async () => {
  const { sandbox, hubspot } = await openHubSpot()
  expect(await hubspot.deliver([])).toMatchObject({ results: [], calls: [] })
  const items = Array.from({ length: 10_000 }, (_, index) =>
    profileOf(`k${index}`, `u${index}`, { plan: 'x' }),
  )
  const report = await hubspot.deliver(items)
  expect(report.results.filter(({ outcome }) => outcome.status === 'sent')).toHaveLength(10_000)
  expect(report.calls).toMatchObject([
    { endpoint: 'POST /crm/objects/contacts/batch/upsert', count: 100, retries: 0 },
  ])
  expect(sandbox.inspect().contacts).toHaveLength(10_000)
})

test('an account without our property says what to do, once', async () => {
  const { hubspot, requests } = await openHubSpot({ idProperty: 'not_there' })
  const items = Array.from({ length: 300 }, (_, index) => profileOf(`k${index}`, `u${index}`, { plan: 'x' }))
  const report = await hubspot.deliver(items)
  expect(report.halt).toMatchObject({
    what: 'profile',
    fault: { message: expect.stringMatching(/not_there.*fields apply/) as string },
  })
  expect(report.results.every(({ outcome }) => outcome.status === 'retry')).toBe(true)
  expect(requests().length).toBeLessThanOrEqual(4)
})
