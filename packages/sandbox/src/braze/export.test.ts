import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { openBraze, type TestClient } from './test-client.ts'

const members = (count: number): string[] => Array.from({ length: count }, (_, n) => `u${n}`)
const seeded = async (count: number): Promise<TestClient> => {
  const braze = await openBraze()
  braze.sandbox.seed({
    profiles: members(count).map((external_id, n) => ({
      external_id,
      custom_attributes: { vip: n % 2 === 0, n },
    })),
    segments: [
      { id: 'all', name: 'All', members: members(count) },
      { id: 'vip', name: 'VIP', rule: { attribute: 'vip', equals: true } },
    ],
  })
  return braze
}
async function unzip(url: unknown): Promise<readonly (readonly Record<string, unknown>[])[]> {
  const bytes = new Uint8Array(await (await fetch(String(url))).arrayBuffer())
  return Object.values(unzipSync(bytes)).map((file) =>
    strFromU8(file)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  )
}

describe('users/export/ids', () => {
  const read = (braze: TestClient, body: object) =>
    braze.post('/users/export/ids', { fields_to_export: ['external_id', 'custom_attributes'], ...body })

  test('answers the fields asked for, leaves out what has no value, and names unknown ids', async () => {
    await using braze = await seeded(2)
    const reply = await read(braze, {
      external_ids: ['u1', 'nobody'],
      fields_to_export: ['external_id', 'custom_attributes', 'email'],
    })
    expect([reply.status, reply.body]).toEqual([
      200,
      {
        message: 'success',
        users: [{ external_id: 'u1', custom_attributes: { vip: false, n: 1 } }],
        invalid_user_ids: ['nobody'],
      },
    ])
  })

  test('has the vendor forms: Rails zone, UTC text, longitude first, 90 days of events', async () => {
    await using braze = await openBraze()
    const old = new Date(braze.sandbox.clock.now() - 91 * 86_400_000).toISOString()
    await braze.post('/users/track', {
      attributes: [
        {
          external_id: 'u',
          time_zone: 'America/New_York',
          current_location: { longitude: -73.9, latitude: 40.7 },
        },
      ],
      events: [
        { external_id: 'u', name: 'old', time: old },
        { external_id: 'u', name: 'new', time: new Date(braze.sandbox.clock.now()).toISOString() },
      ],
    })
    braze.settle()
    const reply = await read(braze, {
      external_ids: ['u'],
      fields_to_export: ['time_zone', 'last_coordinates', 'created_at', 'custom_events'],
    })
    const [user] = reply.body['users'] as [Record<string, unknown>]
    expect(user).toMatchObject({
      time_zone: 'Eastern Time (US & Canada)',
      last_coordinates: [-73.9, 40.7],
      custom_events: [{ name: 'new', count: 1 }],
    })
    expect(user['created_at']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC$/)
  })

  test('sees a write only after the lag', async () => {
    await using braze = await openBraze()
    await braze.post('/users/track', { attributes: [{ external_id: 'u', n: 1 }] })
    expect((await read(braze, { external_ids: ['u'] })).body['users']).toEqual([])
    braze.sandbox.clock.advance(50)
    expect((await read(braze, { external_ids: ['u'] })).body['users']).toEqual([
      { external_id: 'u', custom_attributes: { n: 1 } },
    ])
  })

  test('needs known fields, or none on an account from before August 2024', async () => {
    await using braze = await seeded(1)
    expect((await read(braze, { external_ids: ['u0'], fields_to_export: undefined })).status).toBe(400)
    expect((await read(braze, { external_ids: ['u0'], fields_to_export: ['firstname'] })).status).toBe(400)
    braze.sandbox.configure({ exportFieldsRequired: false })
    const reply = await read(braze, { external_ids: ['u0'], fields_to_export: undefined })
    expect(reply.body['users']).toMatchObject([
      { external_id: 'u0', random_bucket: expect.any(Number) as number },
    ])
  })

  test('50 ids, one e-mail, one kind of identifier', async () => {
    await using braze = await seeded(51)
    expect((await read(braze, { external_ids: members(50) })).body['users']).toHaveLength(50)
    expect((await read(braze, { external_ids: members(51) })).body).toEqual({
      message: 'The max number of external_ids and aliases per request was exceeded',
    })
    expect((await read(braze, { email_address: ['a@b.test', 'c@d.test'] })).status).toBe(400)
    expect((await read(braze, { external_ids: ['u0'], email_address: 'a@b.test' })).status).toBe(400)
    expect((await read(braze, {})).status).toBe(400)
    braze.sandbox.configure({ exportMixesIdentifiers: true })
    expect((await read(braze, { external_ids: ['u0'], email_address: 'a@b.test' })).status).toBe(200)
  })

  test('an e-mail may have several users', async () => {
    await using braze = await openBraze()
    braze.sandbox.seed({
      profiles: [
        { external_id: 'a', standard: { email: 'x@y.test' } },
        { external_id: 'b', standard: { email: 'x@y.test' } },
      ],
    })
    expect((await read(braze, { email_address: 'x@y.test' })).body['users']).toEqual([
      { external_id: 'a' },
      { external_id: 'b' },
    ])
  })
})

describe('users/export/segment', () => {
  const start = (braze: TestClient, body: object = {}) =>
    braze.post('/users/export/segment', { segment_id: 'all', fields_to_export: ['external_id'], ...body })

  test('the link is denied until the export is ready, works, and expires four hours after the call', async () => {
    await using braze = await seeded(3)
    const reply = await start(braze)
    const url = String(reply.body['url'])
    expect(reply.status).toBe(201)
    expect(url).toMatch(
      new RegExp(
        `^${braze.sandbox.url}/segment-export/all/\\d{4}-\\d\\d-\\d\\d/${String(reply.body['object_prefix'])}/[0-9a-f]{32}\\.zip$`,
      ),
    )
    const early = await braze.get(url)
    expect([early.status, early.text]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')])
    braze.sandbox.clock.advance(60_000)
    expect(await unzip(url)).toEqual([[{ external_id: 'u0' }, { external_id: 'u1' }, { external_id: 'u2' }]])
    braze.sandbox.clock.advance(4 * 3_600_000 - 60_001)
    expect((await fetch(url)).status).toBe(200)
    braze.sandbox.clock.advance(1)
    expect((await braze.get(url)).text).toContain('<Code>ExpiredToken</Code>')
  })

  test('5,000 users a file', async () => {
    await using braze = await seeded(5_001)
    const reply = await start(braze)
    braze.sandbox.clock.advance(60_000)
    expect((await unzip(reply.body['url'])).map((file) => file.length)).toEqual([5_000, 1])
  })

  test('one export of a segment at a time', async () => {
    await using braze = await seeded(1)
    await start(braze)
    expect((await start(braze)).status).toBe(400)
    expect((await start(braze, { segment_id: 'vip' })).status).toBe(201)
    braze.sandbox.clock.advance(60_000)
    expect((await start(braze)).status).toBe(201)
  })

  test('a rule is evaluated when the export is made; single attributes can be chosen', async () => {
    await using braze = await seeded(4)
    const reply = await start(braze, { segment_id: 'vip', custom_attributes_to_export: ['n', 'unknown'] })
    await braze.post('/users/track', {
      attributes: [
        { external_id: 'u0', vip: false },
        { external_id: 'u3', vip: true },
      ],
    })
    braze.sandbox.clock.advance(60_000)
    expect(await unzip(reply.body['url'])).toEqual([
      [
        { external_id: 'u2', custom_attributes: { n: 2 } },
        { external_id: 'u3', custom_attributes: { n: 3 } },
      ],
    ])
  })

  test.each([
    { segment_id: 'none' },
    { fields_to_export: [] },
    { fields_to_export: undefined },
    { custom_attributes_to_export: members(501) },
    { output_format: 'rar' },
  ])('refuses %#', async (body) => {
    await using braze = await seeded(1)
    expect((await start(braze, body)).status).toBe(400)
  })
})

describe('segments', () => {
  test('100 a page, archived ones left out, newest first on request', async () => {
    await using braze = await openBraze()
    braze.sandbox.seed({
      segments: [
        ...members(101).map((id) => ({ id, name: id })),
        { id: 'gone', name: 'gone', archived: true },
      ],
    })
    const page = async (query: string) =>
      ((await braze.get(`/segments/list${query}`)).body['segments'] as { id: string }[]).map(
        (segment) => segment.id,
      )
    expect(await page('?page=0')).toHaveLength(100)
    expect(await page('?page=1')).toEqual(['u100'])
    expect(await page('?page=2')).toEqual([])
    expect((await page('?sort_direction=desc'))[0]).toBe('u100')
  })

  test('details are prose, the series has a size only with analytics tracking', async () => {
    await using braze = await seeded(4)
    braze.sandbox.seed({
      segments: [
        {
          id: 'vip',
          name: 'VIP',
          rule: { attribute: 'vip', equals: true },
          analytics_tracking_enabled: true,
          tags: ['t'],
        },
      ],
    })
    expect((await braze.get('/segments/details?segment_id=vip')).body).toMatchObject({
      name: 'VIP',
      description: 'Custom Attribute: vip is true',
      tags: ['t'],
    })
    expect(
      (await braze.get('/segments/data_series?segment_id=vip&length=2&ending_at=2026-01-02')).body['data'],
    ).toEqual([
      { time: '2026-01-01', size: 2 },
      { time: '2026-01-02', size: 2 },
    ])
    expect((await braze.get('/segments/data_series?segment_id=all&length=2')).body['data']).toEqual([])
    expect((await braze.get('/segments/data_series?segment_id=vip&length=101')).status).toBe(400)
    expect((await braze.get('/segments/details?segment_id=none')).status).toBe(400)
  })
})

describe('what the workspace knows', () => {
  test('custom attributes: 50 a page, the next page in the Link header', async () => {
    await using braze = await openBraze()
    braze.sandbox.seed({ custom_attributes: members(51).map((name) => ({ name, type: 'Number' as const })) })
    const first = await braze.get('/custom_attributes')
    const next = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1]
    expect(first.body['attributes']).toHaveLength(50)
    const second = await braze.get(next ?? '')
    expect([second.body['attributes'], second.headers.get('link')]).toEqual([
      [
        {
          name: 'u9',
          data_type: 'Number (Automatically Detected)',
          array_length: null,
          description: '',
          status: 'Active',
          tag_names: [],
        },
      ],
      null,
    ])
    expect((await braze.get('/custom_attributes?cursor=bm9uZQ==')).status).toBe(400)
  })

  test('events and products are known from the first one on', async () => {
    await using braze = await openBraze()
    const time = '2026-01-01T00:00:00Z'
    await braze.post('/users/track', {
      events: [{ external_id: 'u', name: 'seen', time }],
      purchases: [{ external_id: 'u', product_id: 'p', currency: 'USD', price: 1, time }],
    })
    braze.settle()
    expect((await braze.get('/events')).body['events']).toMatchObject([{ name: 'seen', status: 'Active' }])
    expect((await braze.get('/events/list')).body['events']).toEqual(['seen'])
    expect((await braze.get('/purchases/product_list?page=0')).body['products']).toEqual(['p'])
  })
})
