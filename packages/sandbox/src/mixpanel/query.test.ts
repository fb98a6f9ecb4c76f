import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  basic,
  event,
  rows,
  serviceHeader,
  startAtMs,
  startMixpanelClient,
  tokenHeader,
  update,
  type MixpanelClient,
} from '../../fixtures/mixpanel-client.ts'
import { mixpanelDefaults } from './index.ts'

let client: MixpanelClient
beforeEach(async () => {
  client = await startMixpanelClient()
})
afterEach(() => client.close())

const profiles = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    distinctId: `u${index}`,
    properties: { index, even: index % 2 === 0 },
  }))
const ids = async (form: Record<string, string>) =>
  rows(await client.query('engage', form)).map((row) => row.$distinct_id)
const path = `/api/query/engage?project_id=${mixpanelDefaults.projectId}`

describe('profiles', () => {
  test('by id, by ids, by expression, with the properties asked for', async () => {
    client.sandbox.seed({ profiles: profiles(3) })
    const one = await client.query('engage', { distinct_id: 'u1', output_properties: '["index","absent"]' })
    expect(one.json).toMatchObject({
      page: 0,
      page_size: 1_000,
      status: 'ok',
      total: 1,
      results: [{ $distinct_id: 'u1', $properties: { index: 1 } }],
    })
    expect(rows(one)[0]?.$properties).toEqual({ index: 1 })
    expect(await ids({ distinct_ids: '["u2","u0","nobody"]' })).toEqual(['u2', 'u0'])
    expect(await ids({ where: 'properties["even"] == true and properties["index"] > 0' })).toEqual(['u2'])
    expect(await ids({})).toEqual(['u0', 'u1', 'u2'])
  })
  test.each([
    [{ distinct_ids: 'u1,u2' }],
    [{ output_properties: 'index' }],
    [{ where: 'properties["index"] =' }],
    [{ where: 'properties["index"] and true' }],
    [{ page: '1' }],
    [{ page: 'one' }],
    [{ filter_by_cohort: '{"id":1}' }],
    [{ filter_by_cohort: '12' }],
    [{ data_group_id: '1' }],
    [{ behaviors: '{}' }],
    [{ session_id: 'unknown', page: '1' }],
  ])('%j is a 400', async (form) => {
    client.sandbox.seed({ profiles: profiles(1) })
    const answer = await client.query('engage', form)
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({
      error: expect.any(String) as string,
      request: expect.stringContaining('/api/query/engage') as string,
    })
  })
  test('2,000 ids pass, 2,001 do not', async () => {
    const list = Array.from({ length: 2_001 }, (_, index) => `u${index}`)
    expect((await client.query('engage', { distinct_ids: JSON.stringify(list) })).status).toBe(400)
    expect((await client.query('engage', { distinct_ids: JSON.stringify(list.slice(1)) })).status).toBe(200)
  })
  test('pages of 1,000 with a session; rows shift when something is written in between', async () => {
    client.sandbox.seed({ profiles: profiles(2_001) })
    const first = await client.query('engage')
    const session_id = String(first.json['session_id'])
    expect([rows(first).length, first.json['total']]).toEqual([1_000, 2_001])
    await client.engage([update('u0', { $delete: '' })])
    const second = rows(await client.query('engage', { session_id, page: '1' }))
    expect([second.length, second[0]?.$distinct_id]).toEqual([1_000, 'u1001'])
    expect(rows(await client.query('engage', { session_id, page: '2' }))).toEqual([])
    expect((await client.query('engage', { session_id, page: '1', where: 'true' })).status).toBe(400)
  })
  test('group profiles by data_group_id, which is a text', async () => {
    client.sandbox.seed({ groups: [{ groupKey: 'company', groupId: 'acme', properties: { plan: 'pro' } }] })
    expect(await ids({ data_group_id: '1234567890123456789' })).toEqual(['acme'])
  })
  test('behaviors with where; beyond the first page only as of a point in time; not beside a cohort', async () => {
    client.sandbox.seed({ profiles: profiles(2), events: [event({ distinct_id: 'u1' }, 'Purchase')] })
    const behaviors = JSON.stringify([
      { window: '30d', name: 'b1', event_selectors: [{ event: 'Purchase' }] },
    ])
    const form = { behaviors, where: '(behaviors["b1"] > 0)' }
    const first = await client.query('engage', form)
    expect(rows(first).map((row) => row.$distinct_id)).toEqual(['u1'])
    const later = await client.query('engage', {
      ...form,
      page: '1',
      session_id: String(first.json['session_id']),
    })
    expect(later.json).toMatchObject({ error: 'request for page in uncached query for params' })
    expect(
      (
        await client.query('engage', {
          ...form,
          filter_by_cohort:
            '{"raw_cohort":{"selector":{"operator":"and","children":[{"property":"user","value":"a","operator":"defined"}]}}}',
        })
      ).status,
    ).toBe(400)
  })
})

describe('cohorts', () => {
  const selector = {
    operator: 'and',
    children: [{ property: 'behaviors', value: 'b', operator: '>=', operand: 1 }],
  }
  const behaviors = {
    b: {
      count: { event_selector: { event: 'Purchase' }, type: 'absolute' },
      window: { unit: 'day', value: 7 },
    },
  }
  test('members without a profile come unless include_all_users=false', async () => {
    client.sandbox.seed({
      cohorts: [{ name: 'Buyers', description: 'in a week', selector, behaviors }],
      profiles: profiles(1),
      events: [event({ distinct_id: 'u0' }, 'Purchase'), event({ distinct_id: 'ghost' }, 'Purchase')],
    })
    const [cohort] = (await client.query('cohorts/list')).json as unknown as { id: number }[]
    expect(cohort).toEqual({
      id: expect.any(Number) as number,
      name: 'Buyers',
      description: 'in a week',
      count: 2,
      created: '2026-06-15 12:00:00',
      is_visible: 1,
      project_id: mixpanelDefaults.projectId,
    })
    const filter_by_cohort = JSON.stringify({ id: cohort?.id })
    expect(await ids({ filter_by_cohort })).toEqual(['u0', 'ghost'])
    expect(await ids({ filter_by_cohort, include_all_users: 'false' })).toEqual(['u0'])
    client.sandbox.clock.advance(7 * 86_400_000)
    expect(await ids({ filter_by_cohort })).toEqual([])
  })
  test('events are seen after the delay of the account', async () => {
    client.sandbox.configure({ eventVisibleAfterMs: 60_000 })
    const filter_by_cohort = JSON.stringify({ raw_cohort: { selector, behaviors } })
    await client.importEvents([event({}, 'Purchase')])
    expect(await ids({ filter_by_cohort })).toEqual([])
    client.sandbox.clock.advance(60_000)
    expect(await ids({ filter_by_cohort })).toEqual(['user-1'])
  })
  test('a null selector in a behavior crashes the evaluation', async () => {
    const broken = {
      b: {
        ...behaviors.b,
        count: { ...behaviors.b.count, event_selector: { event: 'Purchase', selector: null } },
      },
    }
    expect(
      (
        await client.query('engage', {
          filter_by_cohort: JSON.stringify({ raw_cohort: { selector, behaviors: broken } }),
        })
      ).status,
    ).toBe(500)
  })
})

describe('who may ask', () => {
  test.each([
    ['nobody', undefined, 401],
    ['a wrong secret', basic('a', 'b'), 401],
    ['the project token', tokenHeader, 401],
    ['the legacy secret', basic(mixpanelDefaults.projectSecret, ''), 200],
    ['a service account', serviceHeader, 200],
  ])('%s', async (_, authorization, status) => {
    const answer = await client.send('POST', path, '', authorization ? { authorization } : {})
    expect(answer.status).toBe(status)
  })
  test('without project_id 401, in the body it counts', async () => {
    const form = { authorization: serviceHeader, 'content-type': 'application/x-www-form-urlencoded' }
    expect((await client.send('POST', '/api/query/engage', 'page=0', form)).text).toContain(
      'invalid project secret',
    )
    expect(
      (await client.send('POST', '/api/query/engage', `project_id=${mixpanelDefaults.projectId}`, form))
        .status,
    ).toBe(200)
  })
  test('a free plan has no Query API: 402, or 403 as the account is set', async () => {
    client.sandbox.configure({ plan: 'free' })
    expect((await client.query('engage')).status).toBe(402)
    client.sandbox.configure({ entitlementStatus: 403 })
    expect((await client.query('cohorts/list')).status).toBe(403)
  })
  test('the wrong region does not know the project', async () => {
    client.sandbox.configure({ region: 'in', wrongRegion: 'lost' })
    expect((await client.query('engage')).status).toBe(401)
  })
})

describe('the shared quota', () => {
  test('60 an hour over all families; pages with a session are free; headers and body of the real 429', async () => {
    client.sandbox.seed({ profiles: profiles(1) })
    const first = await client.query('engage')
    for (let call = 1; call < 60; call += 1)
      expect((await client.query(call % 2 ? 'cohorts/list' : 'engage')).status).toBe(200)
    client.sandbox.clock.advance(600_000)
    const refused = await client.query('cohorts/list')
    expect(refused.status).toBe(429)
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'ratelimit-policy': '"project";q=60;w=3600, "project-concurrency";q=5;qu="concurrent-requests"',
      ratelimit: '"project";r=0;t=3000, "project-concurrency";r=5',
      'retry-after': '3000',
    })
    expect(refused.json).toEqual({
      request: `${client.sandbox.url}/api/query/cohorts/list?project_id=${mixpanelDefaults.projectId}`,
      error: expect.stringContaining(
        `Query rate limit exceeded for project_id: ${mixpanelDefaults.projectId}. This request exceeded the rate limit (61/60 queries running in the last hour).`,
      ) as string,
    })
    expect(
      (await client.query('engage', { session_id: String(first.json['session_id']), page: '1' })).status,
    ).toBe(200)
    client.sandbox.clock.advance(3_000_000)
    expect((await client.query('engage')).status).toBe(200)
  })
  test('five at once, whatever the family', async () => {
    client.sandbox.configure({ queryDurationMs: 2_000 })
    const answers = await Promise.all(
      Array.from({ length: 7 }, (_, call) => client.query(call % 2 ? 'cohorts/list' : 'engage')),
    )
    const refused = answers.filter(({ status }) => status === 429)
    expect([answers.filter(({ status }) => status === 200).length, refused.length]).toEqual([5, 2])
    expect(refused[0]?.headers.get('ratelimit')).toMatch(/^"project";r=\d+, "project-concurrency";r=0;t=10$/)
    expect(refused[0]?.headers.get('retry-after')).toBe('10')
    expect(refused[0]?.json['error']).toContain(
      'exceeded the concurrency limit (6/5 queries running concurrently).',
    )
    expect((await client.query('engage')).status).toBe(200)
    expect(client.sandbox.clock.now()).toBeGreaterThanOrEqual(startAtMs + 4_000)
  })
})
