import { describe, expect, test } from 'vitest'
import type { BrazeAccount } from './account.ts'
import { openBraze } from './test-client.ts'

const time = '2026-01-01T00:00:00Z'
const one = { events: [{ external_id: 'u', name: 'seen', time }] }
const headersOf = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-ratelimit')))
async function exhaust(call: () => Promise<{ status: number }>, max: number): Promise<void> {
  for (let sent = 0; sent < max; sent++) expect((await call()).status).toBeLessThan(300)
  expect((await call()).status).toBe(429)
}
const small = (group: string, max: number, perMs: number): Partial<BrazeAccount> => ({
  rateLimits: { [group]: { max, perMs, window: 'fixed' } },
})

describe('who may', () => {
  test.each([
    ['no key', { authorization: '' }, 401, 'Invalid API Key'],
    ['another key', { authorization: 'Bearer other' }, 401, 'Invalid API Key'],
    ['another scheme', { authorization: 'Basic braze-sandbox-key' }, 401, 'Invalid API Key'],
    ['no JSON', { 'content-type': 'text/plain' }, 415, 'Unsupported Media Type'],
  ])('%s', async (_what, headers, status, message) => {
    await using braze = await openBraze()
    expect(await braze.post('/users/track', one, headers)).toMatchObject({ status, body: { message } })
    expect(braze.sandbox.inspect().events).toEqual([])
  })

  test('the key in body or query is not read', async () => {
    await using braze = await openBraze()
    expect(
      (
        await braze.post(
          '/users/track?api_key=braze-sandbox-key',
          { api_key: 'braze-sandbox-key', ...one },
          { authorization: '' },
        )
      ).status,
    ).toBe(401)
  })

  test('a key without the permission is denied there, and only there', async () => {
    await using braze = await openBraze({
      account: { apiKeys: [{ key: 'braze-sandbox-key', permissions: ['users.track'] }] },
    })
    expect((await braze.post('/users/track', one)).status).toBe(201)
    expect(await braze.get('/segments/list')).toMatchObject({
      status: 403,
      body: { message: 'Access Denied' },
    })
    braze.sandbox.configure({ apiKeys: [] })
    expect((await braze.post('/users/track', one)).status).toBe(401)
  })

  test.each(['/users/track/', '//users/track', '/users/tracks'])('%s is no path of Braze', async (path) => {
    await using braze = await openBraze()
    expect((await braze.post(path, one)).status).toBe(404)
  })

  test('4 MB fit, one byte more does not', async () => {
    await using braze = await openBraze()
    const padded = (bytes: number) => {
      const empty = JSON.stringify({ ...one, padding: '' })
      return JSON.stringify({ ...one, padding: 'x'.repeat(bytes - empty.length) })
    }
    expect((await braze.post('/users/track', padded(4_000_000))).status).toBe(201)
    expect((await braze.post('/users/track', padded(4_000_001))).status).toBe(413)
  })
})

describe('rate limits', () => {
  test('a data point contract has 3,000 requests in 3 s, with an epoch to wait for', async () => {
    await using braze = await openBraze({
      account: { apiKeys: [{ key: 'braze-sandbox-key', permissions: 'all' }] },
    })
    const first = await braze.post('/users/track', one)
    const reset = Math.floor((Math.floor(braze.sandbox.clock.now() / 3_000) + 1) * 3)
    expect(headersOf(first.headers)).toEqual({
      'x-ratelimit-limit': '3000',
      'x-ratelimit-remaining': '2999',
      'x-ratelimit-reset': String(reset),
    })
    await exhaust(() => braze.post('/users/track', one), 2_999)
    const refused = await braze.post('/users/track', one)
    expect(refused.body).toEqual({ message: 'Rate Limited' })
    expect(headersOf(refused.headers)).toEqual({
      'x-ratelimit-limit': '3000',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(reset),
    })
    braze.sandbox.clock.advance(3_000)
    expect((await braze.post('/users/track', one)).status).toBe(201)
    expect(braze.sandbox.inspect().events).toHaveLength(3_001)
  })

  test('a MAU plan counts by the hour, in seconds to wait, and says only that when it is used up', async () => {
    await using braze = await openBraze({
      account: { plan: 'mau', mauLimits: { perHour: 3, perThreeSeconds: 2 } },
    })
    const send = () => braze.post('/users/track', one)
    const left = Math.ceil((3_600_000 - (braze.sandbox.clock.now() % 3_600_000)) / 1_000)
    expect(headersOf((await send()).headers)).toEqual({
      'x-ratelimit-limit': '3',
      'x-ratelimit-remaining': '2',
      'x-ratelimit-reset': String(left),
    })
    await send()
    const burst = await send()
    expect([burst.status, Object.keys(headersOf(burst.headers))]).toEqual([429, ['x-ratelimit-retry-after']])
    expect(Number(burst.headers.get('x-ratelimit-retry-after'))).toBeLessThanOrEqual(3)
    braze.sandbox.clock.advance(3_000)
    await send()
    const refused = await send()
    expect(refused.status).toBe(429)
    expect(headersOf(refused.headers)).toEqual({
      'x-ratelimit-retry-after': expect.stringMatching(/^\d+$/) as string,
    })
    expect(() => braze.sandbox.configure({ mauLimits: undefined })).toThrow('mauLimits')
  })

  test('the 250,000 are shared and start anew on the clock hour', async () => {
    await using braze = await openBraze({ account: small('shared', 2, 3_600_000) })
    await braze.get('/segments/list')
    const second = await braze.get('/canvas/list')
    const nextHour = (Math.floor(braze.sandbox.clock.now() / 3_600_000) + 1) * 3_600
    expect(second.headers.get('x-ratelimit-reset')).toBe(String(nextHour))
    expect((await braze.get('/campaigns/list')).status).toBe(429)
    expect((await braze.post('/users/track', one)).status).toBe(201)
    braze.sandbox.clock.advance(nextHour * 1_000 - braze.sandbox.clock.now())
    expect((await braze.get('/campaigns/list')).status).toBe(200)
    expect((await braze.get('/campaigns/list')).headers.get('x-ratelimit-limit')).toBe('2')
  })

  test('250 exports by id a minute; the 40 a second need calls without message summaries', async () => {
    await using braze = await openBraze()
    const read = (field = 'email') =>
      braze.post('/users/export/ids', { external_ids: ['u'], fields_to_export: [field] })
    await exhaust(read, 250)
    braze.sandbox.configure({ exportIdsRate: '40-a-second' })
    expect((await read()).headers.get('x-ratelimit-limit')).toBe('40')
    expect((await read('campaigns_received')).status).toBe(429)
    braze.sandbox.configure({ exportIdsRate: '2500-a-minute' })
    expect((await read('campaigns_received')).headers.get('x-ratelimit-limit')).toBe('2500')
  })

  test('five user endpoints share one limit', async () => {
    await using braze = await openBraze({ account: small('users', 2, 60_000) })
    await braze.post('/users/delete', { external_ids: ['u'] })
    await braze.post('/users/alias/new', { user_aliases: [{ alias_name: 'a', alias_label: 'l' }] })
    expect((await braze.post('/users/merge', { merge_updates: [] })).status).toBe(429)
  })

  test('a broadcast has 10 a minute per audience, named people do not', async () => {
    await using braze = await openBraze()
    braze.sandbox.seed({ canvases: [{ id: 'c', name: 'C' }] })
    const audience = (value: string) => ({
      canvas_id: 'c',
      audience: { custom_attribute: { custom_attribute_name: 'n', comparison: 'equals', value } },
    })
    await exhaust(() => braze.post('/canvas/trigger/send', audience('x')), 10)
    expect((await braze.post('/canvas/trigger/send', audience('y'))).status).toBe(201)
    const named = await braze.post('/canvas/trigger/send', {
      canvas_id: 'c',
      recipients: [{ external_user_id: 'u' }],
    })
    expect(named.headers.get('x-ratelimit-limit')).toBe('250000')
  })
})

describe('faults', () => {
  const two = {
    events: [
      { external_id: 'a', name: 'seen', time },
      { external_id: 'b', name: 'seen', time },
    ],
  }

  test('rate-limited and server-error do nothing and look like Braze', async () => {
    await using braze = await openBraze()
    braze.sandbox.chaos({ script: [{ kind: 'rate-limited' }, { kind: 'server-error' }] })
    const limited = await braze.post('/users/track', one)
    expect([limited.status, limited.body, limited.headers.get('x-ratelimit-remaining')]).toEqual([
      429,
      { message: 'Rate Limited' },
      '0',
    ])
    const failed = await braze.post('/users/track', one)
    expect([failed.status, failed.headers.get('content-type'), braze.sandbox.inspect().events]).toEqual([
      500,
      'text/html',
      [],
    ])
  })

  test('server-error-after has stored everything', async () => {
    await using braze = await openBraze()
    braze.sandbox.chaos({ script: [{ kind: 'server-error-after' }] })
    expect((await braze.post('/users/track', one)).status).toBe(500)
    expect(braze.sandbox.inspect().events).toHaveLength(1)
  })

  test('partial: 201 with errors, and just the others stored', async () => {
    await using braze = await openBraze()
    braze.sandbox.chaos({ script: [{ kind: 'partial', times: 2 }] })
    const reply = await braze.post('/users/track', { events: [...two.events, { name: 'seen', time }] })
    expect([reply.status, reply.body['events_processed'], reply.body['errors']]).toEqual([
      201,
      1,
      [
        { type: 'provided external_id is blacklisted and disallowed', input_array: 'events', index: 0 },
        {
          type: "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
          input_array: 'events',
          index: 2,
        },
      ],
    ])
    expect(braze.sandbox.inspect().events.map((event) => event.external_id)).toEqual(['b'])
    expect((await braze.post('/users/track', one)).body).toEqual({ message: 'success', events_processed: 1 })
  })

  test('silent: a notice for a start, another message for the rest, nothing done', async () => {
    await using braze = await openBraze()
    braze.sandbox.seed({ canvases: [{ id: 'c', name: 'C' }], profiles: [{ external_id: 'u' }] })
    braze.sandbox.chaos({ script: [{ kind: 'silent', times: 2 }] })
    const started = await braze.post('/canvas/trigger/send', {
      canvas_id: 'c',
      recipients: [{ external_user_id: 'u' }],
    })
    expect([started.status, started.body['message'], typeof started.body['notice']]).toEqual([
      201,
      'success',
      'string',
    ])
    const tracked = await braze.post('/users/track', one)
    expect([tracked.status, tracked.body['message'] === 'success']).toEqual([201, false])
    expect(braze.sandbox.inspect()).toMatchObject({ sends: [], events: [] })
  })
})

test('reset empties the workspace and starts its ids and limits anew', async () => {
  await using braze = await openBraze()
  const ids = []
  for (let round = 0; round < 2; round++) {
    braze.sandbox.seed({ canvases: [{ id: 'c', name: 'C' }] })
    ids.push(
      (await braze.post('/canvas/trigger/send', { canvas_id: 'c', recipients: [{ external_user_id: 'u' }] }))
        .body['dispatch_id'],
    )
    await braze.post('/users/track', one)
    expect(braze.sandbox.inspect().profiles).toHaveLength(1)
    braze.sandbox.reset()
    expect(braze.sandbox.inspect()).toMatchObject({
      profiles: [],
      events: [],
      canvases: [],
      sends: [],
      custom_attributes: [],
      queued: 0,
    })
  }
  expect(ids[0]).toBe(ids[1])
})
