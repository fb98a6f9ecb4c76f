import { createHost } from '@tripline/kit'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { partlyWritten } from '../fixtures/answers.ts'
import { eventOf, memberOf, profileOf } from '../fixtures/open-sandbox.ts'
import { createClient } from './client.ts'
import { createHubSpot } from './connector.ts'
import type { HubSpotOptions } from './options.ts'

const host = 'https://api.hubapi.com'
beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})
const connect = (options: HubSpotOptions = {}) => createHubSpot({ accessToken: 'pat-1', ...options })

describe('requests that the SDK builds', () => {
  test('go to the dated path, with trace ids and every property, and the answer is mapped by trace id', async () => {
    let body: unknown
    nock(host, { reqheaders: { authorization: 'Bearer pat-1', 'content-type': 'application/json' } })
      .post('/crm/objects/2026-09/contacts/batch/upsert', (given: unknown) => ((body = given), true))
      .reply(207, partlyWritten)
    const { results } = await connect().deliver([
      profileOf('1', 'u1', { nope: '' }),
      profileOf('2', 'u2', { plan: 'ü' }),
    ])
    expect(body).toEqual({
      inputs: [
        {
          id: 'u1',
          idProperty: 'tripline_user_id',
          objectWriteTraceId: '0',
          properties: { nope: '', tripline_user_id: 'u1' },
        },
        {
          id: 'u2',
          idProperty: 'tripline_user_id',
          objectWriteTraceId: '1',
          properties: { plan: 'ü', tripline_user_id: 'u2' },
        },
      ],
    })
    expect(results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'dead', fault: { path: 'set.nope' } },
      { status: 'sent', vendorId: '9002' },
    ])
  })

  test('search, read, properties and event lose nothing on the way', async () => {
    const bodies: unknown[] = []
    const keep = (given: unknown): boolean => bodies.push(given) > 0
    nock(host).post('/crm/objects/2026-09/contacts/search', keep).reply(200, { results: [] })
    nock(host)
      .post('/crm/objects/2026-09/contacts/batch/read?archived=true', keep)
      .reply(200, { results: [] })
    nock(host).post('/crm/properties/2026-09/contacts/batch/create', keep).reply(201, { results: [] })
    nock(host).post('/events/custom/2026-09/send', keep).reply(204)
    const client = createClient({ accessToken: 'pat-1' }, createHost({}, []))
    const session = client.transport.session({})
    const property = {
      name: 'x',
      label: 'X',
      groupName: 'tripline',
      type: 'enumeration',
      fieldType: 'checkbox',
      hasUniqueValue: true,
      options: [{ label: 'a', value: 'b', displayOrder: 0, hidden: false }],
    }
    const search = {
      filters: [{ propertyName: 'lastmodifieddate', operator: 'GTE', value: '5' }],
      sort: 'lastmodifieddate',
      properties: ['x'],
      limit: 200,
    } as const
    const event = {
      eventName: 'pe1_x',
      objectId: '5',
      uuid: 'u',
      occurredAt: '2026-11-01T10:00:00.123Z',
      properties: { a: 'b' },
    }
    await client.searchContacts(session, search)
    await client.readContacts(session, { ids: ['1'], idProperty: 'x', properties: ['y'], archived: true })
    await client.createProperties(session, 'contacts', [property])
    await client.sendEvent(session, event)
    expect(bodies).toEqual([
      {
        filterGroups: [{ filters: search.filters }],
        sorts: ['lastmodifieddate'],
        properties: ['x'],
        limit: 200,
      },
      { inputs: [{ id: '1' }], idProperty: 'x', properties: ['y'], propertiesWithHistory: [] },
      { inputs: [property] },
      event,
    ])
    session.close()
  })

  test('a 429 reaches our pipeline once: the SDK neither waits nor repeats', async () => {
    nock(host)
      .post(/upsert/)
      .times(1)
      .reply(429, { policyName: 'DAILY', message: 'daily' })
    const report = await connect().deliver([profileOf('1', 'u1', { plan: 'x' })])
    expect(report.results[0]?.outcome).toMatchObject({ status: 'retry', fault: { code: 'rate-limited' } })
    expect(report.calls).toMatchObject([{ count: 1, retries: 0 }])
  })
})

/** Why lists are never sent through it: https://github.com/HubSpot/hubspot-api-nodejs, 14.0.1. */
describe('defects of @hubspot/api-client that keep us from using more of it', () => {
  const branch = {
    filterBranchType: 'UNIFIED_EVENTS',
    filterBranchOperator: 'AND',
    operator: 'HAS_COMPLETED',
    eventTypeId: '6-1',
    filters: [],
    filterBranches: [],
    pruningRefineBy: {
      type: 'RELATIVE_COMPARATIVE',
      comparison: 'AFTER',
      timeOffset: { offsetDirection: 'PAST', timeUnit: 'DAYS', amount: 7 },
    },
  }
  test('its lists serializer drops pruningRefineBy without a word', async () => {
    const { ObjectSerializer } =
      await import('@hubspot/api-client/lib/codegen/crm/lists/models/ObjectSerializer.js')
    const made: unknown = ObjectSerializer.serialize(branch, 'PublicUnifiedEventsFilterBranch', '')
    expect(made).toMatchObject({ eventTypeId: '6-1' })
    expect(made).not.toHaveProperty('pruningRefineBy')
  })
  test('an httpApi given per call is ignored', async () => {
    const sdk = await import('@hubspot/api-client/lib/codegen/crm/contacts/index.js')
    const seen: string[] = []
    const apiOf = (name: string) =>
      sdk.wrapHttpLibrary({
        send: async () => {
          seen.push(name)
          return new sdk.ResponseContext(
            200,
            { 'content-type': 'application/json' },
            { text: async () => '{}', binary: async () => Buffer.from('') },
          )
        },
      })
    const configuration = sdk.createConfiguration({ httpApi: apiOf('constructor') })
    await new sdk.BatchApi(configuration).read(
      { inputs: [], properties: [], propertiesWithHistory: [] },
      false,
      {
        httpApi: apiOf('call'),
      },
    )
    expect(seen).toEqual(['constructor'])
  })
})

describe('paths', () => {
  const versions: readonly [HubSpotOptions, string, string][] = [
    [{}, '/crm/objects/2026-09/contacts/batch/upsert', '/crm/lists/2026-09/5/memberships/add-and-remove'],
    [
      { apiVersion: '2026-03' },
      '/crm/objects/2026-03/contacts/batch/upsert',
      '/crm/lists/2026-03/5/memberships/add-and-remove',
    ],
    [
      { apiVersion: 'v3' },
      '/crm/v3/objects/contacts/batch/upsert',
      '/crm/v3/lists/5/memberships/add-and-remove',
    ],
    [
      { apiVersion: { lists: 'v3' } },
      '/crm/objects/2026-09/contacts/batch/upsert',
      '/crm/v3/lists/5/memberships/add-and-remove',
    ],
    [
      { paths: { objects: '/crm/objects/2027-03' } },
      '/crm/objects/2027-03/contacts/batch/upsert',
      '/crm/lists/2026-09/5/memberships/add-and-remove',
    ],
  ]
  test.each(versions)('%j', async (options, objects, lists) => {
    const upsert = nock(host)
      .post(objects)
      .reply(200, { results: [{ id: '1', properties: {}, objectWriteTraceId: '0' }] })
    const add = nock(host)
      .put(lists)
      .reply(200, { recordsIdsAdded: ['1'] })
    const { results } = await connect(options).deliver([
      profileOf('1', 'u1', { plan: 'x' }),
      memberOf('2', 'u1', { form: 'list', id: '5' }),
    ])
    expect(results.map(({ outcome }) => outcome.status)).toEqual(['sent', 'sent'])
    expect([upsert.isDone(), add.isDone()]).toEqual([true, true])
  })

  test('a base URL with a path, and no token to another host', async () => {
    const scope = nock('https://proxy.test')
      .post('/hub/crm/objects/2026-09/contacts/batch/upsert')
      .reply(200, {
        results: [{ id: '1', properties: {}, objectWriteTraceId: '0' }],
      })
    const { results } = await connect({ baseUrl: 'https://proxy.test/hub/' }).deliver([
      profileOf('1', 'u1', { plan: 'x' }),
    ])
    expect(results[0]?.outcome.status).toBe('sent')
    expect(scope.isDone()).toBe(true)
  })

  test('a path that ended: one request, and what to do', async () => {
    nock(host)
      .post(/upsert/)
      .reply(404, { status: 'error', message: 'resource not found' })
    const items = Array.from({ length: 100 }, (_, index) =>
      profileOf(`k${index}`, `u${index}`, { plan: 'x' }),
    )
    const report = await connect({ apiVersion: 'v3' }).deliver(items)
    expect(report.halt).toMatchObject({
      what: 'profile',
      fault: { message: expect.stringMatching(/apiVersion/) as string },
    })
    expect(report.calls[0]?.count).toBe(1)
  })
})

describe('the token', () => {
  test('is renewed by the callback when HubSpot refuses it, and only once', async () => {
    const asked: boolean[] = []
    const accessToken = (expired: boolean): string => {
      asked.push(expired)
      return expired ? 'new' : 'old'
    }
    nock(host, { reqheaders: { authorization: 'Bearer old' } })
      .post(/upsert/)
      .reply(401, { category: 'EXPIRED_AUTHENTICATION' })
    nock(host, { reqheaders: { authorization: 'Bearer new' } })
      .post(/upsert/)
      .reply(200, { results: [{ id: '1', properties: {}, objectWriteTraceId: '0' }] })
    const { results, halt } = await connect({ accessToken }).deliver([profileOf('1', 'u1', { plan: 'x' })])
    expect([results[0]?.outcome.status, halt, asked]).toEqual(['sent', undefined, [false, true]])
  })

  test('a wrong one halts the connector', async () => {
    nock(host).post(/.*/).times(2).reply(401, { category: 'INVALID_AUTHENTICATION', message: 'no' })
    const report = await connect().deliver([
      profileOf('1', 'u1', { plan: 'x' }),
      profileOf('2', 'u2', { plan: 'x' }),
    ])
    expect(report.halt).toMatchObject({ what: 'connector', fault: { code: 'auth' } })
    expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'retry'])
  })

  test('none at all is said before anything is sent', async () => {
    const report = await createHubSpot({ accessToken: () => '' }).deliver([
      profileOf('1', 'u1', { plan: 'x' }),
    ])
    expect(report.halt).toMatchObject({
      what: 'connector',
      fault: { message: expect.stringContaining('HUBSPOT_ACCESS_TOKEN') as string },
    })
  })
})

test('a scope that is missing for a look-up halts the ability that needed it', async () => {
  nock(host)
    .get(/event-definitions/)
    .reply(200, { results: [{ name: 'product_added', fullyQualifiedName: 'pe1_product_added' }] })
  nock(host)
    .post(/batch\/read/)
    .reply(403, { category: 'MISSING_SCOPES', message: 'no' })
  const report = await connect().deliver([eventOf('1', 'u1')])
  expect(report.halt).toMatchObject({ what: 'event', fault: { code: 'forbidden' } })
})
