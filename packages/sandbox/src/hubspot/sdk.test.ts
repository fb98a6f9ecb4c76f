import { Client } from '@hubspot/api-client'
import * as contactsSdk from '@hubspot/api-client/lib/codegen/crm/contacts/index.js'
import * as propertiesSdk from '@hubspot/api-client/lib/codegen/crm/properties/index.js'
import * as sendSdk from '@hubspot/api-client/lib/codegen/events/send/index.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hubspotDefaults, startHubspotSandbox } from './index.ts'
import type { HubspotSandbox } from './test-client.ts'

let hubspot: HubspotSandbox
beforeEach(async () => {
  hubspot = await startHubspotSandbox()
})
afterEach(() => hubspot.close())

/** What the generated classes need of a request and give of a response, alike in each of their copies. */
interface SdkRequest {
  getUrl(): string
  getHttpMethod(): string
  getHeaders(): Record<string, string>
  getBody(): unknown
}
const accessToken = hubspotDefaults.accessToken

/** Sends a generated request by fetch, on the dated path. */
async function sendDated(request: SdkRequest): Promise<Response> {
  const url = request
    .getUrl()
    .replace('/crm/v3/objects/', '/crm/objects/2026-09/')
    .replace('/crm/v3/properties/', '/crm/properties/2026-09/')
    .replace('/events/v3/send', '/events/custom/2026-09/send')
  const body = request.getBody()
  return fetch(url, {
    method: request.getHttpMethod(),
    headers: request.getHeaders(),
    ...(typeof body === 'string' && { body }),
  })
}
const bodyOf = (reply: Response): { text: () => Promise<string>; binary: () => Promise<Buffer> } => ({
  text: () => reply.text(),
  binary: async () => Buffer.from(await reply.arrayBuffer()),
})

function contactsConfiguration(): contactsSdk.Configuration {
  const httpApi = contactsSdk.wrapHttpLibrary({
    async send(request) {
      const reply = await sendDated(request)
      return new contactsSdk.ResponseContext(reply.status, Object.fromEntries(reply.headers), bodyOf(reply))
    },
  })
  const baseServer = new contactsSdk.ServerConfiguration(hubspot.url, {})
  return contactsSdk.createConfiguration({ baseServer, httpApi, authMethods: { oauth2: { accessToken } } })
}
function propertiesApi(): propertiesSdk.CoreApi {
  const httpApi = propertiesSdk.wrapHttpLibrary({
    async send(request) {
      const reply = await sendDated(request)
      return new propertiesSdk.ResponseContext(reply.status, Object.fromEntries(reply.headers), bodyOf(reply))
    },
  })
  const baseServer = new propertiesSdk.ServerConfiguration(hubspot.url, {})
  return new propertiesSdk.CoreApi(
    propertiesSdk.createConfiguration({ baseServer, httpApi, authMethods: { oauth2: { accessToken } } }),
  )
}
function sendApi(): sendSdk.BatchApi {
  const httpApi = sendSdk.wrapHttpLibrary({
    async send(request) {
      const reply = await sendDated(request)
      return new sendSdk.ResponseContext(reply.status, Object.fromEntries(reply.headers), bodyOf(reply))
    },
  })
  const baseServer = new sendSdk.ServerConfiguration(hubspot.url, {})
  return new sendSdk.BatchApi(
    sendSdk.createConfiguration({ baseServer, httpApi, authMethods: { oauth2: { accessToken } } }),
  )
}

describe('@hubspot/api-client on the dated paths', () => {
  const upsertRow = (
    id: string,
    properties: Record<string, string> = {},
  ): contactsSdk.SimplePublicObjectBatchInputUpsert => ({
    id,
    idProperty: 'ext_id',
    properties,
    objectWriteTraceId: `t-${id}`,
  })

  test('makes a property, upserts contacts by it, and finds them once the index knows', async () => {
    await propertiesApi().create('contacts', {
      name: 'ext_id',
      label: 'External id',
      groupName: 'contactinformation',
      type: propertiesSdk.PropertyCreateTypeEnum.String,
      fieldType: propertiesSdk.PropertyCreateFieldTypeEnum.Text,
      hasUniqueValue: true,
    })
    const batch = new contactsSdk.BatchApi(contactsConfiguration())
    const written = await batch.upsert({ inputs: [upsertRow('a', { email: 'a@b.co' }), upsertRow('b')] })
    expect(written.results.map((row) => row._new)).toEqual([true, true])
    expect(new Set(written.results.map((row) => row.objectWriteTraceId))).toEqual(new Set(['t-a', 't-b']))
    const search = new contactsSdk.SearchApi(contactsConfiguration())
    const query = {
      filterGroups: [
        { filters: [{ propertyName: 'ext_id', operator: contactsSdk.FilterOperatorEnum.Eq, value: 'a' }] },
      ],
      properties: ['ext_id'],
      limit: 10,
    }
    expect((await search.doSearch(query)).total).toBe(0)
    hubspot.clock.advance(2_000)
    expect((await search.doSearch(query)).results[0]?.properties['ext_id']).toBe('a')
    expect(hubspot.requests().every((entry) => entry.path.includes('2026-09'))).toBe(true)
  })

  test('a 207 resolves like a 200: only `errors` tells', async () => {
    hubspot.seed({
      properties: { contacts: [{ name: 'ext_id', type: 'string', fieldType: 'text', hasUniqueValue: true }] },
    })
    const reply = await new contactsSdk.BatchApi(contactsConfiguration()).upsert({
      inputs: [upsertRow('a'), upsertRow('b', { nope: 'x' })],
    })
    expect(reply.results).toHaveLength(1)
    expect('errors' in reply && reply.errors?.[0]?.context['objectWriteTraceId']).toEqual(['t-b'])
  })

  test('a refusal is an ApiException with code, body and lower-case headers', async () => {
    hubspot.configure({ limits: { perTenSeconds: 0 } })
    const call = new contactsSdk.BatchApi(contactsConfiguration()).read({
      inputs: [{ id: '1' }],
      properties: [],
      propertiesWithHistory: [],
    })
    const error = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(contactsSdk.ApiException)
    expect(error).toMatchObject({ code: 429, headers: { 'x-hubspot-ratelimit-max': '0' } })
    expect(hubspot.requests()).toHaveLength(1)
  })

  test('sends events with a Date as `occurredAt`', async () => {
    hubspot.seed({ eventDefinitions: [{ name: 'order', properties: [{ name: 'total', type: 'number' }] }] })
    const occurredAt = new Date(hubspot.clock.now() - 1_000)
    await sendApi().send({
      inputs: [
        {
          eventName: `pe${hubspotDefaults.portalId}_order`,
          email: 'a@b.co',
          properties: { total: '5' },
          occurredAt,
          uuid: 'u',
        },
      ],
    })
    hubspot.clock.advance(2_000)
    expect(hubspot.inspect().events).toMatchObject([
      { occurredAt: occurredAt.toISOString(), properties: { total: '5' }, uuid: 'u' },
    ])
  })
})

describe('why calls are written without it', () => {
  test('a per-call httpApi is accepted by the types and ignored', async () => {
    const ignored = { calls: 0 }
    const httpApi = contactsSdk.wrapHttpLibrary({
      send() {
        ignored.calls += 1
        return Promise.reject(new Error('never asked'))
      },
    })
    const search = new contactsSdk.SearchApi(contactsConfiguration())
    expect((await search.doSearch({ limit: 1 }, { httpApi })).total).toBe(0)
    expect(ignored.calls).toBe(0)
  })

  test('the serializer of lists drops `pruningRefineBy` of an event branch', async () => {
    const and = { filterBranchType: 'AND', filterBranchOperator: 'AND', filters: [] }
    const branch = {
      ...and,
      filterBranchType: 'UNIFIED_EVENTS',
      operator: 'HAS_COMPLETED',
      eventTypeId: '6-1',
      filterBranches: [],
      pruningRefineBy: {
        type: 'RELATIVE_COMPARATIVE',
        comparison: 'AFTER',
        timeOffset: { offsetDirection: 'PAST', timeUnit: 'DAYS', amount: 30 },
      },
    }
    const root = {
      filterBranchType: 'OR',
      filterBranchOperator: 'OR',
      filters: [],
      filterBranches: [{ ...and, filterBranches: [branch] }],
    }
    const list = { name: 'Active', objectTypeId: '0-1', processingType: 'DYNAMIC', filterBranch: root }
    const client = new Client({ accessToken, basePath: hubspot.url })
    await client.crm.lists.listsApi.create(
      list as unknown as Parameters<typeof client.crm.lists.listsApi.create>[0],
    )
    const stored = JSON.stringify(hubspot.inspect().lists[0]?.filterBranch)
    expect(stored).toContain('"eventTypeId":"6-1"')
    expect(stored).not.toContain('timeOffset')
  })

  test('typed calls of the client use paths that end in September 2027', async () => {
    const client = new Client({ accessToken, basePath: hubspot.url })
    await client.crm.contacts.basicApi.getPage(1)
    expect(hubspot.requests().map((entry) => entry.path)).toEqual(['/crm/v3/objects/contacts'])
  })

  test('apiRequest neither throws nor retries', async () => {
    const client = new Client({ accessToken, basePath: hubspot.url, numberOfApiCallRetries: 3 })
    hubspot.chaos({ script: [{ kind: 'server-error', times: 3 }] })
    const reply = await client.apiRequest({ method: 'GET', path: '/account-info/2026-09/details' })
    expect(reply.status).toBe(500)
    expect(hubspot.requests()).toHaveLength(1)
  })

  test('apiRequest reaches paths the client has no types for, with a list as body', async () => {
    hubspot.seed({
      contacts: [{ id: '1', properties: { city: 'Rome' } }],
      lists: [{ listId: '700', name: 'VIP' }],
    })
    const client = new Client({ accessToken, basePath: hubspot.url })
    const reply = await client.apiRequest({
      method: 'PUT',
      path: '/crm/lists/2026-09/700/memberships/add',
      body: ['1'],
    })
    expect(await reply.json()).toMatchObject({ recordsIdsAdded: ['1'] })
  })
})
