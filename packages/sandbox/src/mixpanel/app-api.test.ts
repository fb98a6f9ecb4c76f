import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  event,
  events,
  lines,
  serviceHeader,
  startMixpanelClient,
  tokenHeader,
  type Answer,
  type MixpanelClient,
} from '../../fixtures/mixpanel-client.ts'
import { mixpanelDefaults } from './index.ts'

let client: MixpanelClient
beforeEach(async () => {
  client = await startMixpanelClient()
})
afterEach(() => client.close())

const { projectId, workspaceId, projectToken, serviceAccounts } = mixpanelDefaults
const cohorts = `projects/${projectId}/cohorts`
const result = (answer: Answer) => answer.json['results'] as Record<string, unknown>
const flag = {
  operator: 'and',
  children: [{ property: 'user', value: 'seg_vip', operator: '==', operand: true, type: 'boolean' }],
}
function asRole(role: 'consumer' | 'analyst'): void {
  client.sandbox.configure({ serviceAccounts: serviceAccounts.map((service) => ({ ...service, role })) })
}

describe('who is calling', () => {
  test('me names the user, the project and the workspace', async () => {
    const answer = await client.app('GET', 'me')
    expect(answer.json).toMatchObject({
      status: 'ok',
      results: { projects: { [projectId]: { name: 'Sandbox', domain: 'mixpanel.com' } } },
    })
    expect(result(answer)['workspaces']).toHaveProperty(String(workspaceId))
  })
  test('only a service account may', async () => {
    expect((await client.send('GET', '/api/app/me')).json).toEqual({
      status: 'error',
      error: 'Invalid credentials',
    })
    expect((await client.send('GET', '/api/app/me', undefined, { authorization: tokenHeader })).status).toBe(
      401,
    )
  })
  test('a token is checked without credentials', async () => {
    const check = (body: unknown) => client.json('POST', '/api/app/validate-project-credentials/', body)
    expect((await check({ project_token: projectToken })).json).toMatchObject({ status: 'ok' })
    expect((await check({ project_token: 'x' })).json).toMatchObject({ status: 'error' })
    expect((await check({ project_token: projectToken, api_secret: 'x' })).status).toBe(400)
  })
  test('a slash too many or too few is a 301 that keeps the query', async () => {
    const slash = await client.app('GET', 'me/?x=1')
    expect([slash.status, slash.headers.get('location')]).toEqual([301, '/api/app/me?x=1'])
    const missing = await client.json('POST', '/api/app/validate-project-credentials', {})
    expect(missing.headers.get('location')).toBe('/api/app/validate-project-credentials/')
    expect((await client.app('GET', 'unknown')).status).toBe(404)
  })
  test('another project or workspace is 403', async () => {
    expect((await client.app('GET', 'projects/1/cohorts')).status).toBe(403)
    expect((await client.app('GET', 'workspaces/1/cohorts')).status).toBe(403)
    expect((await client.app('GET', `workspaces/${workspaceId}/cohorts`)).status).toBe(200)
  })
})

describe('cohorts', () => {
  const create = async (more: object = {}) =>
    result(await client.app('POST', cohorts, { name: 'VIP', selector: flag, ...more }))
  test('are made, read, changed and deleted; the same call again makes a second one', async () => {
    client.sandbox.seed({ profiles: [{ distinctId: 'u', properties: { seg_vip: true } }] })
    const made = await create({ description: 'managed:vip' })
    expect(made).toMatchObject({
      name: 'VIP',
      description: 'managed:vip',
      count: 1,
      is_visible: true,
      is_locked: false,
    })
    expect((await create())['id']).not.toBe(made['id'])
    const path = `${cohorts}/${String(made['id'])}`
    expect(result(await client.app('PATCH', path, { name: 'Very' }))).toMatchObject({
      name: 'Very',
      description: 'managed:vip',
      count: 1,
    })
    expect(result(await client.app('GET', path))).toMatchObject({ name: 'Very' })
    expect(result(await client.app('GET', `${cohorts}?ids=${String(made['id'])}`))).toHaveLength(1)
    expect((await client.app('DELETE', path)).status).toBe(204)
    expect((await client.app('GET', path)).status).toBe(404)
  })
  test('in bulk', async () => {
    const [a, b] = [await create(), await create()]
    const updated = await client.app('POST', `${cohorts}/bulk-update`, {
      cohorts: [{ id: a['id'], name: 'A' }],
    })
    expect(updated.json).toMatchObject({ results: [{ id: a['id'], name: 'A' }] })
    await client.app('POST', `${cohorts}/bulk-delete`, { cohort_ids: [a['id'], b['id']] })
    expect(client.sandbox.inspect().cohorts).toEqual([])
  })
  test.each([
    ['no name', { selector: flag }],
    ['no selector', { name: 'x' }],
    ['the other form', { name: 'x', groups: [] }],
    ['an unknown field', { name: 'x', selector: flag, definition: {} }],
    [
      'an unknown behavior',
      {
        name: 'x',
        selector: {
          operator: 'and',
          children: [{ property: 'behaviors', value: 'b', operator: '>=', operand: 1 }],
        },
      },
    ],
    [
      'an unknown operator',
      {
        name: 'x',
        selector: {
          operator: 'and',
          children: [{ property: 'user', value: 'a', operator: '>=', operand: 1 }],
        },
      },
    ],
    [
      'an hour as window',
      {
        name: 'x',
        selector: flag,
        behaviors: {
          b: {
            count: { event_selector: { event: 'A' }, type: 'absolute' },
            window: { unit: 'hour', value: 1 },
          },
        },
      },
    ],
    [
      'window and range',
      {
        name: 'x',
        selector: flag,
        behaviors: {
          b: {
            count: { event_selector: { event: 'A' }, type: 'absolute' },
            window: { unit: 'day', value: 1 },
            from_date: '2026-01-01',
            to_date: '2026-02-01',
          },
        },
      },
    ],
  ])('%s is refused', async (_, body) => {
    expect(await client.app('POST', cohorts, body)).toMatchObject({ status: 400, json: { status: 'error' } })
  })
  test('need the switch, the plan and a role', async () => {
    client.sandbox.configure({ cohortApi: false })
    expect((await client.app('GET', cohorts)).status).toBe(404)
    client.sandbox.configure({ cohortApi: true, plan: 'free' })
    expect((await client.app('GET', cohorts)).status).toBe(402)
    client.sandbox.configure({ plan: 'growth' })
    asRole('consumer')
    expect((await client.app('POST', cohorts, { name: 'x', selector: flag })).status).toBe(403)
    expect((await client.app('GET', cohorts)).status).toBe(200)
  })
})

test('data groups have ids of 19 digits as texts; without the add-on 402', async () => {
  const path = `projects/${projectId}/data-groups`
  expect((await client.app('GET', path)).json).toMatchObject({
    results: [{ data_group_id: '1234567890123456789', property_name: 'company' }],
  })
  client.sandbox.configure({ groupAnalytics: false })
  expect((await client.app('GET', path)).status).toBe(402)
})

describe('lexicon', () => {
  const path = `projects/${projectId}/schemas`
  const entry = (
    name: string,
    schemaJson: object = { description: name, properties: { value: { type: 'number' } } },
  ) => ({ entityType: 'event', name, schemaJson })
  test('entries are put, listed, read and deleted; metadata is merged and null takes away', async () => {
    const mine = (own: object) => ({ description: 'x', metadata: { 'com.mixpanel': own } })
    expect(
      (
        await client.app('POST', path, {
          entries: [entry('A', mine({ hidden: true, tags: ['t'] })), entry('B')],
        })
      ).json,
    ).toEqual({
      status: 'ok',
      results: { added: 2, deleted: 0 },
    })
    expect(
      (await client.app('POST', `${path}/event/A`, mine({ hidden: null, displayName: 'Aye' }))).json,
    ).toEqual({ status: 'ok' })
    expect((await client.app('GET', `${path}/event/A`)).json).toEqual(
      mine({ tags: ['t'], displayName: 'Aye' }),
    )
    expect(result(await client.app('GET', path))).toHaveLength(2)
    client.sandbox.clock.advance(60_000)
    expect((await client.app('DELETE', `${path}/event/A`)).json).toEqual({
      status: 'ok',
      results: { delete_count: 1 },
    })
    expect((await client.app('POST', path, { entries: [entry('C')], truncate: true })).json).toMatchObject({
      results: { added: 1, deleted: 1 },
    })
  })
  test('5 calls a minute for the organization', async () => {
    for (let call = 0; call < 5; call += 1) expect((await client.app('GET', path)).status).toBe(200)
    expect((await client.app('GET', path)).status).toBe(429)
    client.sandbox.clock.advance(60_000)
    expect((await client.app('GET', path)).status).toBe(200)
  })
  test('4,000 entities a minute and 3,000 truncations', async () => {
    const many = Array.from({ length: 4_001 }, (_, index) => entry(`e${index}`))
    expect((await client.app('POST', path, { entries: many })).status).toBe(429)
    expect((await client.app('POST', path, { entries: many.slice(1) })).status).toBe(200)
    expect((await client.app('POST', path, { entries: [], truncate: true })).status).toBe(400)
  })
  test('wrong entries and a role below admin are refused', async () => {
    expect(
      (await client.app('POST', path, { entries: [entry('A', { properties: { value: { type: 'text' } } })] }))
        .status,
    ).toBe(400)
    expect(
      (await client.app('POST', path, { entries: [{ ...entry('A'), entityType: 'profile' }] })).status,
    ).toBe(400)
    expect((await client.app('GET', `${path}/group`)).status).toBe(400)
    asRole('analyst')
    expect((await client.app('POST', path, { entries: [] })).status).toBe(403)
  })
})

describe('GDPR deletions', () => {
  const task = async (ids: readonly string[]) => {
    client.sandbox.clock.advance(1_000)
    return client.gdpr('POST', '/', { distinct_ids: ids, compliance_type: 'GDPR' })
  }
  test('wait, start, and take events and profile away in the end', async () => {
    client.sandbox.seed({
      profiles: [
        { distinctId: 'u', properties: {} },
        { distinctId: 'v', properties: {} },
      ],
    })
    await client.importEvents([
      event({ distinct_id: undefined, $device_id: 'd' }),
      event({ distinct_id: undefined, $device_id: 'd', $user_id: 'u' }),
      event({ distinct_id: 'v' }),
    ])
    const id = String(result(await task(['u']))['task_id'])
    const status = async () => result(await client.gdpr('GET', `/${id}`))['status']
    expect(await status()).toBe('PENDING')
    client.sandbox.clock.advance(15 * 86_400_000)
    expect(await status()).toBe('STARTED')
    expect((await client.gdpr('DELETE', `/${id}`)).status).toBe(405)
    client.sandbox.clock.advance(15 * 86_400_000)
    expect(await status()).toBe('SUCCESS')
    expect(client.sandbox.inspect()).toMatchObject({ profiles: [{ distinctId: 'v' }], distinctEvents: 1 })
    expect(lines(await client.exportEvents())).toHaveLength(1)
  })
  test('can be cancelled while they wait', async () => {
    const id = String(result(await task(['u']))['task_id'])
    expect((await client.gdpr('DELETE', `/${id}`)).status).toBe(204)
    expect(result(await client.gdpr('GET', `/${id}`))['status']).toBe('REVOKED')
    expect(result(await client.gdpr('GET', '/unknown'))['status']).toBe('NOT_FOUND')
  })
  test('1,999 ids pass, 2,000 do not; one call a second; both shapes of the answer', async () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => `u${index}`)
    expect((await task(ids)).status).toBe(400)
    expect((await task(ids.slice(1))).status).toBe(201)
    expect((await client.gdpr('POST', '', { distinct_ids: ['u'] })).status).toBe(429)
    client.sandbox.configure({ deletionReply: 'tracking_id' })
    expect((await task(['u'])).json).toMatchObject({
      results: [{ tracking_id: expect.any(String) as string }],
    })
  })
  test('need the GDPR token, not the service account, and the project token', async () => {
    const path = '/api/app/data-deletions/v3.0/'
    expect(
      (await client.json('POST', `${path}?token=${projectToken}`, {}, { authorization: serviceHeader }))
        .status,
    ).toBe(401)
    expect(
      (await client.json('POST', `${path}?token=x`, {}, { authorization: 'Bearer sandbox-gdpr-token' }))
        .status,
    ).toBe(403)
  })
})

test('reset empties the project and its counters', async () => {
  await client.importEvents(events(3))
  client.sandbox.reset()
  expect(client.sandbox.inspect()).toMatchObject({
    events: [],
    distinctEvents: 0,
    counters: { eventsReceived: 0 },
  })
})
