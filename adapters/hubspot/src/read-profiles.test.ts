import type { Cursor, ProfileRow } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { collect, openHubSpot, pagesOf, profileOf, settle, type Sandbox } from '../fixtures/open-sandbox.ts'

const start = '2020-01-01T00:00:00.000Z'
const idsOf = (rows: readonly ProfileRow[]) => rows.map(({ who }) => who.userId)
const contacts = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({
    properties: { tripline_user_id: `u${from + index}`, plan: 'x' },
  }))
const search = 'POST /crm/objects/{objectType}/search'

function seedApart(sandbox: Sandbox, count: number): void {
  for (let index = 0; index < count; index++) {
    sandbox.clock.advance(1)
    sandbox.seed({ contacts: contacts(1, index) })
  }
}

describe('since', () => {
  test('oldest first, with a cursor for the next time that goes back a minute', async () => {
    const { sandbox, hubspot } = await openHubSpot()
    seedApart(sandbox, 3)
    const pages = await pagesOf(hubspot.readProfiles({ mode: 'since', from: start, fields: ['plan'] }))
    expect(pages).toMatchObject([{ last: true, items: [{ kind: 'profile', traits: { plan: 'x' } }, {}, {}] }])
    const from = pages[0]?.cursor as Cursor
    sandbox.clock.advance(59_000)
    sandbox.seed({ contacts: contacts(1, 10) })
    expect(idsOf(await collect(hubspot.readProfiles({ mode: 'since', from, fields: [] })))).toEqual([
      'u0',
      'u1',
      'u2',
      'u10',
    ])
    sandbox.clock.advance(120_000)
    const later = await pagesOf(hubspot.readProfiles({ mode: 'since', from, fields: [] }))
    const next = later[0]?.cursor as Cursor
    expect(idsOf(await collect(hubspot.readProfiles({ mode: 'since', from: next, fields: [] })))).toEqual([
      'u0',
      'u1',
      'u2',
      'u10',
    ])
  })

  test('a read that finds nothing does not fall behind', async () => {
    const { sandbox, hubspot } = await openHubSpot()
    const now = new Date(sandbox.clock.now()).toISOString()
    let from: string | Cursor = now
    for (let round = 0; round < 3; round++) {
      const pages = await pagesOf(hubspot.readProfiles({ mode: 'since', from, fields: [] }))
      from = pages[0]?.cursor as Cursor
    }
    sandbox.clock.advance(-90_000)
    sandbox.seed({ contacts: contacts(1) })
    expect(await collect(hubspot.readProfiles({ mode: 'since', from, fields: [] }))).toEqual([])
  })

  test('a record that the index shows late is found by the overlap', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { account: { searchLagMs: 30_000 } })
    await hubspot.deliver([profileOf('1', 'late', { plan: 'x' })])
    sandbox.clock.advance(1_000)
    sandbox.seed({ contacts: contacts(1) }) // seeds are indexed at once
    const pages = await pagesOf(hubspot.readProfiles({ mode: 'since', from: start, fields: [] }))
    expect(idsOf(pages.flatMap(({ items }) => items))).toEqual(['u0'])
    sandbox.clock.advance(30_000)
    const from = pages.at(-1)?.cursor as Cursor
    expect(idsOf(await collect(hubspot.readProfiles({ mode: 'since', from, fields: [] })))).toEqual([
      'late',
      'u0',
    ])
  })

  test.each([199, 200, 201, 401])('%i records, each once, by pages of 200', async (count) => {
    const { sandbox, hubspot } = await openHubSpot()
    seedApart(sandbox, count)
    const rows = await collect(hubspot.readProfiles({ mode: 'since', from: start, fields: [] }))
    expect(idsOf(rows)).toEqual(Array.from({ length: count }, (_, index) => `u${index}`))
  })

  test('12,000 records of one moment, beyond the wall of 10,000, each once and no end missed', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot()
    sandbox.seed({ contacts: contacts(12_000) })
    sandbox.clock.advance(5)
    sandbox.seed({ contacts: contacts(3, 12_000) })
    const rows = await collect(hubspot.readProfiles({ mode: 'since', from: start, fields: [] }))
    expect(new Set(idsOf(rows)).size).toBe(12_003)
    expect(rows.length).toBeLessThanOrEqual(12_003 + 200)
    expect(requests().filter((route) => route === search).length).toBeLessThan(70)
  })

  test('a record changed while the read goes on moves nothing past it', async () => {
    const { sandbox, hubspot } = await openHubSpot()
    seedApart(sandbox, 450)
    const seen = new Set<string | undefined>()
    for await (const { items } of hubspot.readProfiles({ mode: 'since', from: start, fields: [] })) {
      for (const { who } of items) seen.add(who.userId)
      await hubspot.deliver([
        profileOf(`c${seen.size}`, 'u0', { plan: `p${seen.size}` }),
        profileOf(`d${seen.size}`, 'u1', { plan: 'y' }),
      ])
      settle(sandbox)
    }
    expect(seen.size).toBe(450)
  })

  test('goes on from a cursor of the middle, and refuses a foreign one', async () => {
    const { sandbox, hubspot } = await openHubSpot()
    seedApart(sandbox, 250)
    const [page] = await pagesOf(hubspot.readProfiles({ mode: 'since', from: start, fields: [] }))
    if (!page?.cursor) throw new Error('no cursor')
    const rest = await collect(hubspot.readProfiles({ mode: 'since', from: page.cursor, fields: [] }))
    expect([...idsOf(page.items), ...idsOf(rest)]).toEqual(
      Array.from({ length: 250 }, (_, index) => `u${index}`),
    )
    await expect(
      collect(hubspot.readProfiles({ mode: 'since', from: { vendor: 'braze', token: 'x' }, fields: [] })),
    ).rejects.toThrow(/start the read anew/)
    await expect(
      collect(hubspot.readProfiles({ mode: 'since', from: 'yesterday', fields: [] })),
    ).rejects.toThrow(/instant/)
  })

  test('too many fields for a search of 3,000 characters are read by record id', async () => {
    const names = Array.from({ length: 150 }, (_, index) => `some_long_property_name_${index}`)
    const properties = { contacts: names.map((name) => ({ name, type: 'string', fieldType: 'text' })) }
    const { sandbox, hubspot, requests } = await openHubSpot({}, { seed: { properties } })
    sandbox.seed({ contacts: [{ properties: { tripline_user_id: 'u1', some_long_property_name_149: 'v' } }] })
    const rows = await collect(hubspot.readProfiles({ mode: 'since', from: start, fields: names }))
    expect(rows).toMatchObject([{ who: { userId: 'u1' }, traits: { some_long_property_name_149: 'v' } }])
    expect(requests()).toEqual([search, 'POST /crm/objects/{objectType}/batch/read'])
  })

  test('five searches a second are kept without headers', async () => {
    const { sandbox, hubspot } = await openHubSpot()
    seedApart(sandbox, 2_100)
    const startedMs = sandbox.clock.now()
    await collect(hubspot.readProfiles({ mode: 'since', from: start, fields: [] }))
    expect(sandbox.clock.now() - startedMs).toBeGreaterThanOrEqual(2_000)
    expect(sandbox.requests().filter(({ status }) => status === 429)).toEqual([])
  })
})

describe('all', () => {
  test('100 a page, resumed behind a page', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot()
    sandbox.seed({ contacts: contacts(250) })
    const pages = await pagesOf(hubspot.readProfiles({ mode: 'all', fields: ['plan'] }))
    expect(pages.map(({ items, last }) => [items.length, last])).toEqual([
      [100, false],
      [100, false],
      [50, true],
    ])
    expect(requests()).toHaveLength(3)
    const resume = pages[0]?.cursor as Cursor
    expect(await collect(hubspot.readProfiles({ mode: 'all', resume, fields: [] }))).toHaveLength(150)
  })

  test('a long list of fields is not put into the address', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `some_long_property_name_${index}`)
    const properties = { contacts: names.map((name) => ({ name, type: 'string', fieldType: 'text' })) }
    const { sandbox, hubspot, requests } = await openHubSpot({}, { seed: { properties } })
    sandbox.seed({ contacts: [{ properties: { tripline_user_id: 'u1', some_long_property_name_199: 'v' } }] })
    const rows = await collect(hubspot.readProfiles({ mode: 'all', fields: names }))
    expect(rows).toMatchObject([{ traits: { some_long_property_name_199: 'v' } }])
    expect(requests()).toEqual(['GET /crm/objects/{objectType}', 'POST /crm/objects/{objectType}/batch/read'])
  })
})

describe('by ids', () => {
  test('one row per identity, in order', async () => {
    const { sandbox, hubspot } = await openHubSpot(
      {},
      { seed: { contacts: [{ id: '7001', properties: { tripline_user_id: 'u1', plan: 'pro' } }] } },
    )
    sandbox.seed({ contacts: contacts(150, 100) })
    const who = [
      { userId: 'nobody' },
      { userId: 'u1' },
      { vendorIds: { hubspot: '7001' } },
      { anonymousId: 'a' },
      ...Array.from({ length: 150 }, (_, index) => ({ userId: `u${100 + index}` })),
    ]
    const rows = await collect(hubspot.readProfiles({ mode: 'ids', who, fields: ['plan'] }))
    expect(rows.slice(0, 4)).toMatchObject([
      { kind: 'missing', who: { userId: 'nobody' } },
      { kind: 'profile', who: { userId: 'u1', vendorIds: { hubspot: '7001' } }, traits: { plan: 'pro' } },
      { kind: 'profile', who: { userId: 'u1' } },
      { kind: 'missing', who: { anonymousId: 'a' } },
    ])
    expect(rows.slice(4).every(({ kind }) => kind === 'profile')).toBe(true)
    expect(await collect(hubspot.readProfiles({ mode: 'ids', who: [], fields: [] }))).toEqual([])
  })

  test('archived and merged ones are gone, where their record id is asked for', async () => {
    const { sandbox, hubspot } = await openHubSpot(
      {},
      {
        seed: {
          contacts: ['7001', '7002', '7003'].map((id) => ({
            id,
            properties: { tripline_user_id: `of ${id}` },
          })),
        },
      },
    )
    const headers = { authorization: 'Bearer pat-na1-sandbox', 'content-type': 'application/json' }
    await fetch(`${sandbox.url}/crm/objects/2026-09/contacts/7001`, { method: 'DELETE', headers })
    const body = JSON.stringify({ primaryObjectId: '7002', objectIdToMerge: '7003' })
    await fetch(`${sandbox.url}/crm/objects/2026-09/contacts/merge`, { method: 'POST', headers, body })
    const who = ['7001', '7003', '9999'].map((id) => ({ vendorIds: { hubspot: id } }))
    const rows = await collect(hubspot.readProfiles({ mode: 'ids', who, fields: [] }))
    expect(rows).toMatchObject([
      { kind: 'gone', who: who[0] },
      { kind: 'gone', who: who[1], mergedInto: { userId: 'of 7002' } },
      { kind: 'missing', who: who[2] },
    ])
  })

  test('a token without the scope is a plain error', async () => {
    const { hubspot } = await openHubSpot({}, { account: { scopes: ['oauth'] } })
    await expect(
      collect(hubspot.readProfiles({ mode: 'ids', who: [{ userId: 'u' }], fields: [] })),
    ).rejects.toThrow(/crm.objects.contacts.read/)
  })
})
