import { afterEach, beforeEach, expect, test } from 'vitest'
import { startWithClient, type Answer, type TestClient } from './test-client.ts'

const base = '/communication-preferences/2026-09'
const statuses = `${base}/statuses/Ada%40b.co`
let api: TestClient
beforeEach(async () => {
  api = await startWithClient()
})
afterEach(() => api.hubspot.close())
const write = (rest: object): Promise<Answer> =>
  api.post(statuses, { subscriptionId: 1_001, channel: 'EMAIL', statusState: 'SUBSCRIBED', ...rest })

test('an address starts unknown for every subscription, not granted', async () => {
  const defined = await api.get(`${base}/definitions`)
  expect(defined.body.results?.map((row) => row.id)).toEqual(['1001', '1002'])
  const reply = await api.get(`${statuses}?channel=EMAIL`)
  expect(reply.body.results?.map((row) => row.status)).toEqual(['NOT_SPECIFIED', 'NOT_SPECIFIED'])
  expect((await api.get(statuses)).status).toBe(400)
})

test('a status is set with its basis, and says whether anything changed', async () => {
  const set = await write({ legalBasis: 'CONSENT_WITH_NOTICE', legalBasisExplanation: 'form' })
  expect(set.body.results).toMatchObject([
    { subscriberIdString: 'ada@b.co', setStatusSuccessReason: 'REQUESTED_CHANGE_OCCURRED' },
  ])
  expect((await write({})).body.results).toMatchObject([{ setStatusSuccessReason: 'NO_STATUS_CHANGE' }])
  expect(api.hubspot.inspect().consent).toMatchObject([
    { email: 'ada@b.co', subscriptionId: '1001', status: 'SUBSCRIBED', source: 'API' },
  ])
})

test.each([
  { channel: 'SMS' },
  { subscriptionId: 77 },
  { subscriptionId: '1001' },
  { statusState: 'YES' },
  { legalBasis: 'BECAUSE' },
  { extra: 1 },
])('%o is refused', async (rest) => {
  expect((await write(rest)).status).toBe(400)
})

test('with GDPR on, a basis is needed to subscribe, not to leave', async () => {
  api.hubspot.configure({ gdprMode: true })
  expect((await write({})).status).toBe(400)
  expect((await write({ statusState: 'UNSUBSCRIBED' })).status).toBe(200)
  expect((await write({ legalBasis: 'NON_GDPR', legalBasisExplanation: 'x' })).status).toBe(200)
})

test('who left by his own act stays out', async () => {
  api.hubspot.seed({ consent: [{ email: 'ada@b.co', subscriptionId: '1001', status: 'UNSUBSCRIBED' }] })
  expect((await write({})).status).toBe(400)
  api.hubspot.configure({ resubscribe: 'allowed' })
  expect((await write({})).status).toBe(200)
})

test('unsubscribe-all closes everything and shows on the contact', async () => {
  await api.post('/crm/objects/2026-09/contacts', { properties: { email: 'ada@b.co' } })
  const all = `${statuses}/unsubscribe-all?channel=EMAIL`
  expect((await api.get(all)).body.results).toEqual([])
  expect((await api.call('POST', all)).body.results).toEqual([])
  expect((await api.get(all)).body.results).toMatchObject([
    { wideStatusType: 'PORTAL_WIDE', status: 'UNSUBSCRIBED' },
  ])
  expect((await api.get(`${statuses}?channel=EMAIL`)).body.results?.map((row) => row.status)).toEqual([
    'UNSUBSCRIBED',
    'UNSUBSCRIBED',
  ])
  expect((await write({})).status).toBe(400)
  expect(api.hubspot.inspect().contacts[0]?.properties['hs_email_optout']).toBe('true')
})

test('unsubscribe-all tells each subscription on request', async () => {
  const reply = await api.call('POST', `${statuses}/unsubscribe-all?channel=EMAIL&verbose=true`)
  const row = {
    status: 'UNSUBSCRIBED',
    source: 'API',
    setStatusSuccessReason: 'UNSUBSCRIBE_FROM_ALL_OCCURRED',
  }
  expect(reply.body.results).toMatchObject([
    { subscriptionId: 1001, ...row },
    { subscriptionId: 1002, ...row },
  ])
})
