import { afterEach, beforeEach, expect, test } from 'vitest'
import { hubspotDefaults } from './account.ts'
import { startWithClient, type TestClient } from './test-client.ts'

const upsert = '/crm/objects/2026-09/contacts/batch/upsert'
const send = '/events/custom/2026-09/send/batch'
let api: TestClient
beforeEach(async () => {
  api = await startWithClient()
})
afterEach(() => api.hubspot.close())
const rows = (...ids: readonly string[]): object => ({
  inputs: ids.map((id) => ({
    id: `${id}@b.co`,
    idProperty: 'email',
    properties: {},
    objectWriteTraceId: id,
  })),
})
const emails = (): readonly unknown[] => api.hubspot.inspect().contacts.map((row) => row.properties['email'])

test('rate-limited is a 429 of the right policy, with nothing done', async () => {
  api.hubspot.chaos({ script: [{ kind: 'rate-limited', times: 2 }] })
  const batch = await api.post(upsert, rows('a'))
  expect([batch.status, batch.body.policyName]).toEqual([429, 'TEN_SECONDLY_ROLLING'])
  const search = await api.post('/crm/objects/2026-09/contacts/search', {})
  expect([search.status, search.body.policyName]).toEqual([429, 'SECONDLY'])
  expect(emails()).toEqual([])
})

test("server-error is HubSpot's envelope, or the gateway's page", async () => {
  api.hubspot.chaos({ script: [{ kind: 'server-error', times: 2 }] })
  expect((await api.post(upsert, rows('a'))).body).toMatchObject({
    status: 'error',
    message: 'internal error',
  })
  api.hubspot.configure({ serverError: 'html' })
  const reply = await api.post(upsert, rows('a'))
  expect([reply.status, reply.headers.get('content-type')]).toEqual([502, 'text/html'])
  expect(emails()).toEqual([])
})

test('server-error-after has done the work', async () => {
  api.hubspot.chaos({ script: [{ kind: 'server-error-after' }] })
  expect((await api.post(upsert, rows('a'))).status).toBe(500)
  expect(emails()).toEqual(['a@b.co'])
})

test('partial writes what it says and no more', async () => {
  api.hubspot.chaos({ script: [{ kind: 'partial' }] })
  const reply = await api.post(upsert, rows('a', 'b', 'c'))
  expect(reply.status).toBe(207)
  expect(reply.body.results?.map((row) => row.objectWriteTraceId)).toEqual(['b'])
  expect(reply.body.errors?.map((error) => error.context?.['objectWriteTraceId'])).toEqual([['a'], ['c']])
  expect(emails()).toEqual(['b@b.co'])
})

test('partial needs trace ids; without them the call runs as usual', async () => {
  api.hubspot.chaos({ script: [{ kind: 'partial' }] })
  const inputs = [{ id: 'a@b.co', idProperty: 'email', properties: {} }]
  expect((await api.post(upsert, { inputs })).status).toBe(200)
})

test('silent answers success and does nothing', async () => {
  api.hubspot.seed({ eventDefinitions: [{ name: 'order' }] })
  api.hubspot.chaos({ script: [{ kind: 'silent', times: 2 }] })
  const event = { eventName: `pe${hubspotDefaults.portalId}_order`, email: 'a@b.co', properties: {} }
  expect((await api.post(send, { inputs: [event, event] })).status).toBe(204)
  expect((await api.post(upsert, rows('a'))).body).toMatchObject({ status: 'COMPLETE', results: [] })
  api.hubspot.clock.advance(10_000)
  expect(api.hubspot.inspect()).toMatchObject({ contacts: [], events: [], counters: { eventsLost: 2 } })
})

test('reset gives an empty account with its first settings', async () => {
  await api.post(upsert, rows('a'))
  api.hubspot.configure({ tier: 'free' })
  api.hubspot.reset()
  expect(emails()).toEqual([])
  expect((await api.get('/automation/v4/flows')).status).toBe(200)
})
