import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../core/index.ts'
import {
  type SegmentAccount,
  segmentDefaults,
  type SegmentSeed,
  type SegmentState,
  startSegmentSandbox,
} from './index.ts'

let sandbox: Sandbox<SegmentAccount, SegmentSeed, SegmentState>
beforeEach(async () => {
  sandbox = await startSegmentSandbox({ account: { profileLagMs: 0 } })
})
afterEach(() => sandbox.close())

const bearer = { authorization: `Bearer ${segmentDefaults.publicApiToken}` }
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${sandbox.url}${path}`, { headers: { ...bearer, ...headers } })
const send = (
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${sandbox.url}${path}`, {
    method,
    headers: { ...bearer, 'content-type': 'application/vnd.segment.v1+json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
async function data<Body>(reply: Response | Promise<Response>): Promise<Body> {
  const answered = await reply
  expect(answered.status).toBe(200)
  return ((await answered.json()) as { data: Body }).data
}

describe('tokens', () => {
  test('missing, wrong, in Basic form: 401 with an error envelope', async () => {
    for (const authorization of ['', 'Bearer wrong', `Basic ${segmentDefaults.publicApiToken}`]) {
      const reply = await fetch(`${sandbox.url}/spaces`, { headers: { authorization } })
      expect(reply.status).toBe(401)
      expect(await reply.json()).toEqual({
        errors: [{ type: 'RequestError', message: 'Unauthorized', status: 401 }],
      })
    }
  })

  test('a read-only token reads and cannot write; without Source Admin there are no write keys', async () => {
    const token = { token: segmentDefaults.publicApiToken, access: 'read-only', sourceAdmin: false } as const
    sandbox.configure({ publicApiTokens: [token] })
    expect((await send('POST', '/regulations', {})).status).toBe(401)
    expect(await data(get('/sources'))).toMatchObject({
      sources: [{ id: 'src_sandbox', writeKeys: [] }, { writeKeys: [] }],
    })
  })

  test('a feature that is off hides its operations, with one of three statuses', async () => {
    sandbox.configure({ features: { audiences: false, spaces: true, protocols: false } })
    const path = `/spaces/${segmentDefaults.spaceId}/audiences`
    for (const status of [401, 404, 422] as const) {
      sandbox.configure({ featureOffStatus: status })
      expect((await get(path)).status).toBe(status)
      expect((await get('/tracking-plans')).status).toBe(status)
    }
    expect((await get('/spaces')).status).toBe(200)
  })
})

describe('media types', () => {
  test.each([
    ['application/json', 200, 'application/json'],
    ['*/*', 200, 'application/json'],
    ['application/vnd.segment.v1alpha+json', 200, 'application/vnd.segment.v1alpha+json'],
    ['application/vnd.segment.alpha+json', 200, 'application/vnd.segment.v1alpha+json'],
    ['application/vnd.segment.v1+json', 404, 'application/json'],
    ['text/html', 404, 'application/json'],
  ])('GET /spaces (alpha only) with Accept %s is %i', async (accept, status, type) => {
    const reply = await get('/spaces', { accept })
    expect([reply.status, reply.headers.get('content-type')]).toEqual([status, type])
  })

  test('a body must be JSON and say so', async () => {
    expect((await send('POST', '/regulations', '{"a":')).status).toBe(400)
    expect((await send('POST', '/regulations', '{}', { 'content-type': 'text/plain' })).status).toBe(422)
  })
})

describe('rates', () => {
  test('every success says what is left and when, as a date; the next one past it is 429', async () => {
    sandbox.configure({ publicPerMinute: 2 })
    const first = await get('/sources')
    expect([first.headers.get('x-ratelimit-consumed'), first.headers.get('x-ratelimit-remaining')]).toEqual([
      '1',
      '1',
    ])
    const reset = first.headers.get('x-ratelimit-reset') ?? ''
    expect(reset).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/)
    expect(Date.parse(reset)).toBe(Math.floor((sandbox.clock.now() + 60_000) / 1_000) * 1_000)
    expect((await get('/sources')).status).toBe(200)
    sandbox.clock.advance(10_000)
    const refused = await get('/sources')
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({
      errors: [{ data: { msBeforeNext: 50_000, remainingPoints: 0 } }],
    })
    // counted by operation
    expect((await get('/spaces')).status).toBe(200)
  })

  test('operations with a limit of their own: 25 a minute for discovery', async () => {
    for (let count = 0; count < 25; count++)
      expect((await get(`/spaces/${segmentDefaults.spaceId}/events`)).status).toBe(200)
    expect((await get(`/spaces/${segmentDefaults.spaceId}/events`)).status).toBe(429)
  })
})

describe('paging', () => {
  interface Page {
    readonly trackingPlans: readonly { readonly name: string }[]
    readonly pagination: {
      readonly current: string
      readonly next?: string
      readonly previous?: string
      readonly totalEntries: number
    }
  }
  beforeEach(async () => {
    for (const name of ['a', 'b', 'c']) await send('POST', '/tracking-plans', { name, type: 'LIVE' })
  })
  test('both spellings of the parameters, opaque cursors, no next on the last page', async () => {
    const first = await data<Page>(get('/tracking-plans?pagination.count=2'))
    expect(first.trackingPlans.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(first.pagination).toEqual({ current: 'MA==', next: 'Mg==', totalEntries: 3 })
    const cursor = encodeURIComponent(first.pagination.next ?? '')
    const second = await data<Page>(get(`/tracking-plans?pagination[count]=2&pagination[cursor]=${cursor}`))
    expect(second.trackingPlans.map(({ name }) => name)).toEqual(['c'])
    expect(second.pagination).toEqual({ current: 'Mg==', previous: 'MA==', totalEntries: 3 })
  })

  test.each([
    'pagination.count=0',
    'pagination.count=1001',
    'pagination.count=x',
    'pagination.cursor=Mg==',
    'pagination.count=1&pagination.cursor=zz',
  ])('%s is 422', async (query) => {
    const reply = await get(`/tracking-plans?${query}`)
    expect(reply.status).toBe(422)
    expect(await reply.json()).toMatchObject({ errors: [{ type: 'input-validation' }] })
  })
})

describe('workspace and spaces', () => {
  test('workspace, spaces, one space, and what does not exist', async () => {
    expect(await data(get('/'))).toEqual({
      workspace: { id: 'ws_sandbox', slug: 'sandbox', name: 'Sandbox' },
    })
    const space = { id: segmentDefaults.spaceId, slug: 'sandbox', name: 'Sandbox' }
    expect(await data(get('/spaces'))).toMatchObject({ spaces: [space] })
    expect(await data(get(`/spaces/${segmentDefaults.spaceId}`))).toEqual({ space })
    for (const path of ['/spaces/none', '/spaces/none/audiences', '/nowhere']) {
      const reply = await get(path)
      expect([reply.status, await reply.json()]).toEqual([
        404,
        { errors: [{ type: 'NotFound', message: 'Resource not found' }] },
      ])
    }
  })

  test('echo answers, fails and waits as told', async () => {
    expect(await data(get('/echo?message=hello'))).toMatchObject({ method: 'get', message: 'hello' })
    expect((await get('/echo')).status).toBe(422)
    const failed = await get('/echo?message=no&triggerError=true&statusCode=418')
    expect([failed.status, await failed.json()]).toEqual([
      418,
      { errors: [{ type: 'RequestError', message: 'no' }] },
    ])
    expect((await get('/echo?message=no&triggerUnexpectedError=true')).status).toBe(500)
    const before = sandbox.clock.now()
    await get('/echo?message=slow&delay=1500')
    expect(sandbox.clock.now()).toBe(before + 1_500)
  })
})

describe('sources and destinations', () => {
  test('a created source takes messages at once and feeds no space', async () => {
    const reply = await send('POST', '/sources', { slug: 'new', enabled: true, metadataId: 'iUM16Md8P2' })
    expect(reply.status).toBe(201)
    const { source } = ((await reply.json()) as { data: { source: { id: string; writeKeys: string[] } } })
      .data
    await fetch(`${sandbox.url}/v1/identify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userId: 'u1', writeKey: source.writeKeys[0] }),
    })
    expect(sandbox.inspect()).toMatchObject({ messages: [{ sourceId: source.id }], profiles: [] })
    expect(await data(get(`/sources/${source.id}`))).toMatchObject({
      source: { slug: 'new' },
      trackingPlanId: null,
    })
    expect((await send('POST', '/sources', { slug: 'new', enabled: true, metadataId: 'x' })).status).toBe(409)
    expect((await send('POST', '/sources', { slug: 'x' })).status).toBe(422)
  })

  test('destinations are those that were seeded', async () => {
    const destination = {
      id: 'd1',
      name: 'Braze',
      enabled: true,
      sourceId: 'src_sandbox',
      metadataId: '60f9d0d048950c356be2e4da',
      settings: {},
    }
    sandbox.seed({ destinations: [destination] })
    expect(await data(get('/destinations'))).toMatchObject({
      destinations: [{ id: 'd1', metadata: { id: destination.metadataId } }],
    })
  })
})

describe('tracking plans', () => {
  test('create, read, rename, rules put and patched, delete', async () => {
    const { trackingPlan } = await data<{ trackingPlan: { id: string } }>(
      send('POST', '/tracking-plans', { name: 'Plan', type: 'LIVE' }),
    )
    const rules = `/tracking-plans/${trackingPlan.id}/rules`
    const rule = (key: string): object => ({ type: 'TRACK', key, jsonSchema: { type: 'object' }, version: 1 })
    await data(send('PUT', rules, { rules: [rule('A'), rule('B')] }))
    await data(send('PATCH', rules, { rules: [{ ...rule('B'), newKey: 'C' }] }))
    expect(await data(get(rules))).toMatchObject({ rules: [{ key: 'A' }, { key: 'C' }] })
    await data(send('PUT', rules, { rules: [rule('Z')] }))
    expect(await data(get(rules))).toMatchObject({ rules: [{ key: 'Z' }], pagination: { totalEntries: 1 } })
    await data(send('PATCH', `/tracking-plans/${trackingPlan.id}`, { name: 'Renamed' }))
    expect(await data(get('/tracking-plans?type=LIVE'))).toMatchObject({
      trackingPlans: [{ name: 'Renamed' }],
    })
    expect(await data(get('/tracking-plans?type=ENGAGE'))).toMatchObject({ trackingPlans: [] })
    await data(send('DELETE', `/tracking-plans/${trackingPlan.id}`, {}))
    expect((await get(rules)).status).toBe(404)
  })

  test('200 rules fit in one call, 201 do not', async () => {
    const { trackingPlan } = await data<{ trackingPlan: { id: string } }>(
      send('POST', '/tracking-plans', { name: 'Plan', type: 'LIVE' }),
    )
    const rules = (count: number): object => ({
      rules: Array.from({ length: count }, (_, index) => ({
        type: 'TRACK',
        key: `E${index}`,
        jsonSchema: {},
        version: 1,
      })),
    })
    expect((await send('PUT', `/tracking-plans/${trackingPlan.id}/rules`, rules(200))).status).toBe(200)
    expect((await send('PUT', `/tracking-plans/${trackingPlan.id}/rules`, rules(201))).status).toBe(422)
  })
})

describe('schema discovery', () => {
  test('events, their properties and traits, sorted and searched', async () => {
    sandbox.seed({
      messages: [
        { type: 'track', userId: 'u1', event: 'Order Completed', properties: { total: 5, coupon: 'X' } },
        { type: 'track', userId: 'u1', event: 'Cart Viewed' },
        { type: 'identify', userId: 'u1', traits: { plan: 'pro', age: 4 } },
        { type: 'group', userId: 'u1', groupId: 'g1', traits: { industry: 'shops' } },
      ],
    })
    const space = `/spaces/${segmentDefaults.spaceId}`
    expect(await data(get(`${space}/events`))).toMatchObject({
      events: [{ name: 'Cart Viewed', type: 'track' }, { name: 'Order Completed' }],
    })
    expect(await data(get(`${space}/events?search=order`))).toMatchObject({ pagination: { totalEntries: 1 } })
    expect(
      await data(get(`${space}/events/Order%20Completed/properties?includeSampleValues=true&sortDir=desc`)),
    ).toMatchObject({
      eventProperties: [
        { name: 'total', type: 'number', samples: ['5'], eventName: 'Order Completed' },
        { name: 'coupon', type: 'string', samples: ['X'] },
      ],
    })
    expect(await data(get(`${space}/traits`))).toMatchObject({
      traits: [{ trait: 'age' }, { trait: 'plan', type: 'string' }],
    })
    expect(await data(get(`${space}/traits?collection=accounts`))).toMatchObject({
      traits: [{ trait: 'industry' }],
    })
    expect((await get(`${space}/events/Nothing/properties`)).status).toBe(404)
    expect((await get(`${space}/events?sortBy=size`)).status).toBe(422)
  })
})

describe('delivery overview', () => {
  test('says five minutes later what was received and what failed on ingest, and why', async () => {
    sandbox.seed({
      messages: [
        { type: 'track', userId: 'u1', event: 'Good' },
        { type: 'track', userId: 'u1', event: 'Good' },
        { type: 'track', event: 'Bad' },
        { type: 'track', userId: 'u1' },
      ],
    })
    const startTime = new Date(sandbox.clock.now() - 3_600_000).toISOString()
    const query = (endMs: number): string =>
      new URLSearchParams({
        sourceId: 'src_sandbox',
        startTime,
        endTime: new Date(endMs).toISOString(),
        granularity: 'MINUTE',
      }).toString()
    const read = (stage: string, more = ''): Promise<unknown> =>
      data(get(`/delivery-overview/${stage}?${query(sandbox.clock.now() + 60_000)}${more}`))
    expect(await read('failed-on-ingest')).toMatchObject({ total: 0, dataset: [] })
    sandbox.clock.advance(300_000 + 60_000)
    expect(await read('successfully-received', '&groupBy=eventName')).toMatchObject({
      total: 2,
      dataset: [{ eventName: 'Good', total: 2, series: [{ count: 2 }] }],
    })
    expect(await read('failed-on-ingest', '&groupBy[0]=discardReason')).toMatchObject({
      total: 2,
      dataset: [
        { discardReason: 'no_user_anon_id', total: 1 },
        { discardReason: 'event_not_defined', total: 1 },
      ],
    })
    expect(await read('failed-on-ingest', '&filter[discardReason][0]=event_not_defined')).toMatchObject({
      total: 1,
    })
    expect(
      (await get(`/delivery-overview/failed-on-ingest?${query(sandbox.clock.now() + 8 * 3_600_000)}`)).status,
    ).toBe(422)
    expect((await get('/delivery-overview/failed-on-ingest')).status).toBe(422)
  })
})
