import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hubspotDefaults } from './account.ts'
import { startWithClient, type TestClient } from './test-client.ts'

const details = '/account-info/2026-09/details'
const contacts = '/crm/objects/2026-09/contacts'
let api: TestClient
beforeEach(async () => {
  api = await startWithClient()
})
afterEach(() => api.hubspot.close())

describe('tokens', () => {
  test('none, a wrong one and a revoked one are told apart from an expired one', async () => {
    for (const token of ['', 'wrong']) {
      const reply = await api.call('GET', details, undefined, token)
      expect([reply.status, reply.body.category]).toEqual([401, 'INVALID_AUTHENTICATION'])
    }
    api.hubspot.configure({ revokedTokens: [hubspotDefaults.accessToken] })
    expect((await api.get(details)).body.category).toBe('INVALID_AUTHENTICATION')
  })

  test('an OAuth access token lives 1,800 s, and the refresh token gives a new one', async () => {
    const { accessToken, refreshToken, clientId, clientSecret } = hubspotDefaults.oauth
    api.hubspot.clock.advance(1_799_999)
    expect((await api.call('GET', details, undefined, accessToken)).status).toBe(200)
    api.hubspot.clock.advance(3_001)
    const expired = await api.call('GET', details, undefined, accessToken)
    expect([expired.status, expired.body.category]).toEqual([401, 'EXPIRED_AUTHENTICATION'])
    expect(expired.body.message).toContain('expired 3 second(s) ago')
    const refresh = async (fields: Readonly<Record<string, string>>): Promise<Response> =>
      fetch(`${api.hubspot.url}/oauth/2026-09/token`, { method: 'POST', body: new URLSearchParams(fields) })
    const form = {
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: refreshToken,
    }
    const fresh = (await (await refresh(form)).json()) as {
      access_token: string
      expires_in: number
      hub_id: number
    }
    expect(fresh).toMatchObject({ expires_in: 1_800, hub_id: hubspotDefaults.portalId })
    expect((await api.call('GET', details, undefined, fresh.access_token)).status).toBe(200)
    const refused = await refresh({ ...form, refresh_token: 'old' })
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ status: 'BAD_REFRESH_TOKEN' }),
    ])
    expect((await refresh({ ...form, client_secret: 'x' })).status).toBe(400)
    expect((await api.post('/oauth/v1/token', form)).status).toBe(415)
  })

  test('the token endpoint of private apps tells account and scopes', async () => {
    const reply = await api.post('/oauth/v2/private-apps/get/access-token-info', {
      tokenKey: hubspotDefaults.accessToken,
    })
    expect(reply.body).toMatchObject({ hubId: hubspotDefaults.portalId, scopes: hubspotDefaults.scopes })
    expect((await api.post('/oauth/v2/private-apps/get/access-token-info', { tokenKey: 'x' })).status).toBe(
      404,
    )
  })
})

describe('scope and tier', () => {
  test('a missing scope is named', async () => {
    api.hubspot.configure({ scopes: ['crm.objects.contacts.read'] })
    expect((await api.get(contacts)).status).toBe(200)
    const reply = await api.post(contacts, { properties: { email: 'a@b.co' } })
    expect([reply.status, reply.body.category]).toEqual([403, 'MISSING_SCOPES'])
    expect(reply.body.errors?.[0]?.context?.['requiredGranularScopes']).toEqual([
      'crm.objects.contacts.write',
    ])
  })

  test.each([
    ['/events/custom/2026-09/event-definitions', 'professional', 'enterprise'],
    ['/events/event-occurrences/2026-09/event-types', 'professional', 'enterprise'],
    ['/automation/v4/flows', 'starter', 'professional'],
    ['/communication-preferences/2026-09/definitions', 'free', 'starter'],
  ] as const)('%s is closed to %s, open to %s', async (path, low, high) => {
    api.hubspot.configure({ tier: low })
    expect((await api.get(path)).status).toBe(403)
    api.hubspot.configure({ tier: high })
    expect((await api.get(path)).status).toBe(200)
  })
})

describe('rates', () => {
  const burst = async (count: number, token?: string): Promise<readonly number[]> => {
    const statuses: number[] = []
    for (let index = 0; index < count; index += 1)
      statuses.push((await api.call('GET', details, undefined, token)).status)
    return statuses
  }

  test('190 calls in ten seconds, counted down in the headers', async () => {
    const first = await api.get(details)
    expect(first.headers.get('x-hubspot-ratelimit-max')).toBe('190')
    expect(first.headers.get('x-hubspot-ratelimit-remaining')).toBe('189')
    expect(first.headers.get('x-hubspot-ratelimit-interval-milliseconds')).toBe('10000')
    expect(first.headers.get('x-hubspot-ratelimit-daily-remaining')).toBe('999999')
    expect(new Set(await burst(189))).toEqual(new Set([200]))
    const refused = await api.get(details)
    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({
      message: 'You have reached your ten_secondly_rolling limit.',
      errorType: 'RATE_LIMIT',
      policyName: 'TEN_SECONDLY_ROLLING',
    })
    expect(refused.body.category).toBeUndefined()
    expect(refused.headers.get('retry-after')).toBeNull()
    api.hubspot.clock.advance(10_000)
    expect((await api.get(details)).status).toBe(200)
  })

  test("the window is the tier's and the token's own", async () => {
    api.hubspot.configure({ tier: 'free' })
    expect((await burst(101)).filter((status) => status === 200)).toHaveLength(100)
    const oauth = await api.call('GET', details, undefined, hubspotDefaults.oauth.accessToken)
    expect([oauth.status, oauth.headers.get('x-hubspot-ratelimit-max')]).toEqual([200, '110'])
    expect(oauth.headers.get('x-hubspot-ratelimit-daily')).toBeNull()
  })

  test('the daily limit ends at midnight of the account, and spares OAuth apps', async () => {
    api.hubspot.configure({ limits: { perDay: 2 } })
    expect(await burst(3)).toEqual([200, 200, 429])
    expect((await api.get(details)).body.policyName).toBe('DAILY')
    expect(await burst(1, hubspotDefaults.oauth.accessToken)).toEqual([200])
    api.hubspot.clock.advance(86_400_000 - (api.hubspot.clock.now() % 86_400_000) - 1)
    expect(await burst(1)).toEqual([429])
    api.hubspot.clock.advance(1)
    expect(await burst(1)).toEqual([200])
  })

  test('Retry-After comes where the account is configured so', async () => {
    api.hubspot.configure({ limits: { perTenSeconds: 0 }, retryAfterHeader: true })
    expect((await api.get(details)).headers.get('retry-after')).toBe('10')
  })
})

describe('states of an account', () => {
  test('477 with Retry-After while it moves', async () => {
    api.hubspot.configure({ migratingUntilMs: api.hubspot.clock.now() + 90_000 })
    const reply = await api.get(details)
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([477, '90'])
    api.hubspot.clock.advance(90_000)
    expect((await api.get(details)).status).toBe(200)
  })

  test('423 for writes while records are locked', async () => {
    api.hubspot.configure({ lockedUntilMs: api.hubspot.clock.now() + 2_000 })
    const write = { properties: { email: 'a@b.co' } }
    expect((await api.post(contacts, write)).status).toBe(423)
    expect((await api.get(contacts)).status).toBe(200)
    api.hubspot.clock.advance(2_000)
    expect((await api.post(contacts, write)).status).toBe(201)
  })

  test('every version answers, an unknown one does not, and sunset closes the old ones', async () => {
    for (const path of [contacts, '/crm/objects/2026-03/contacts', '/crm/v3/objects/contacts'])
      expect((await api.get(path)).status).toBe(200)
    const unknown = await api.get('/crm/objects/2031-03/contacts')
    expect([unknown.status, unknown.body.message]).toEqual([404, 'resource not found'])
    api.hubspot.configure({ sunset: true })
    api.hubspot.clock.advance(Date.UTC(2027, 2, 30) - api.hubspot.clock.now())
    expect((await api.get('/automation/v4/flows')).status).toBe(404)
    expect((await api.get('/crm/v3/objects/contacts')).status).toBe(200)
    api.hubspot.clock.advance(Date.UTC(2027, 8, 1) - api.hubspot.clock.now())
    expect((await api.get('/crm/v3/objects/contacts')).status).toBe(404)
    expect((await api.get(contacts)).status).toBe(200)
    api.hubspot.configure({ sunset: false })
    expect((await api.get('/crm/v3/objects/contacts')).status).toBe(200)
  })

  test('details name account and region; the correlation id is in body and header', async () => {
    const reply = await api.get(details)
    expect(reply.body).toMatchObject({
      portalId: hubspotDefaults.portalId,
      accountType: 'DEVELOPER_TEST',
      utcOffset: '+00:00',
    })
    const bad = await api.post(contacts, '{')
    expect([bad.status, bad.body.category]).toEqual([400, 'VALIDATION_ERROR'])
    expect(bad.headers.get('x-hubspot-correlation-id')).toBe(
      (bad.body as { correlationId?: string }).correlationId,
    )
  })
})
