import { describe, expect, onTestFinished, test } from 'vitest'
import { intercomDefaults, startIntercomSandbox, type IntercomAccount } from './index.ts'

async function open(account: Partial<IntercomAccount> = {}) {
  const sandbox = await startIntercomSandbox({ account })
  onTestFinished(() => sandbox.close())
  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(sandbox.url + path, {
      method,
      headers: {
        authorization: `Bearer ${intercomDefaults.token}`,
        'content-type': 'application/json',
        'intercom-version': '2.16',
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const parsed: unknown = text === '' ? undefined : JSON.parse(text)
    return { status: response.status, headers: response.headers, body: parsed }
  }
  return { sandbox, call }
}
const failed = (code: string, message?: string) => ({
  type: 'error.list',
  errors: [{ code, ...(message !== undefined && { message }) }],
})

describe('authentication', () => {
  test('a wrong or missing token is 401 "Access Token Invalid"', async () => {
    const { call } = await open()
    for (const authorization of ['Bearer wrong', '']) {
      const answer = await call('GET', '/me', undefined, { authorization })
      expect(answer.status).toBe(401)
      expect(answer.body).toMatchObject(failed('unauthorized', 'Access Token Invalid'))
    }
  })
  test('a token revoked while running is refused with its own code', async () => {
    const { sandbox, call } = await open()
    expect((await call('GET', '/me')).status).toBe(200)
    sandbox.configure({ tokenState: 'token_revoked' })
    const answer = await call('GET', '/me')
    expect(answer.status).toBe(401)
    expect(answer.body).toMatchObject(failed('token_revoked'))
  })
  test('a missing scope is 403 and names the scope; other scopes go on working', async () => {
    const { sandbox, call } = await open()
    sandbox.configure({ scopes: intercomDefaults.scopes.filter((scope) => scope !== 'write_events') })
    const answer = await call('POST', '/events', {})
    expect(answer.status).toBe(403)
    const message = 'You do not have the required scope (write_events) to access this resource'
    expect(answer.body).toMatchObject(failed('forbidden', message))
    expect((await call('GET', '/tags')).status).toBe(200)
  })
  test('GET /me tells region and time zone', async () => {
    const { call } = await open({ region: 'EU', timeZone: 'Europe/Dublin' })
    const { body } = await call('GET', '/me')
    expect(body).toMatchObject({
      type: 'admin',
      app: { id_code: 'sandbox1', region: 'EU', timezone: 'Europe/Dublin' },
    })
  })
})

describe('request and answer headers', () => {
  test.each(['2.14', '2.15', '2.16'])('version %s is accepted and echoed', async (version) => {
    const { call } = await open()
    const answer = await call('GET', '/tags', undefined, { 'intercom-version': version })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('intercom-version')).toBe(version)
  })
  test.each(['2.17', 'Preview', 'latest', ''])('version "%s" is 400', async (version) => {
    const { call } = await open()
    const answer = await call('GET', '/tags', undefined, { 'intercom-version': version })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject(
      failed('intercom_version_invalid', 'The requested version could not be found'),
    )
  })
  test('the id in the error is the one in the header', async () => {
    const { call } = await open()
    const { headers, body } = await call('GET', '/contacts/none')
    expect(body).toMatchObject({ request_id: headers.get('x-request-id') })
  })
  test('media types: 406 for another Accept, 415 for another body, 400 for broken JSON', async () => {
    const { call } = await open()
    expect((await call('GET', '/tags', undefined, { accept: 'text/html' })).status).toBe(406)
    expect((await call('POST', '/tags', 'name=x', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await call('POST', '/tags', '{"name":')).status).toBe(400)
    expect((await call('POST', '/tags', '[]')).status).toBe(400)
  })
  test('unknown paths and methods are 404', async () => {
    const { call } = await open()
    expect((await call('GET', '/contactz')).body).toMatchObject(failed('not_found', 'Resource Not Found'))
    expect((await call('PUT', '/contacts')).status).toBe(404)
  })
})

describe('rate limit', () => {
  test('10,000 a minute are 1,667 in ten seconds', async () => {
    const { call } = await open()
    const { headers } = await call('GET', '/tags')
    expect(headers.get('x-ratelimit-limit')).toBe('1667')
    expect(headers.get('x-ratelimit-remaining')).toBe('1666')
  })
  test('call n passes, call n + 1 is 429 until the window ends', async () => {
    const { sandbox, call } = await open({ callsPerMinute: 18 })
    for (const left of ['2', '1', '0'])
      expect((await call('GET', '/tags')).headers.get('x-ratelimit-remaining')).toBe(left)
    const refused = await call('GET', '/tags')
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBeNull()
    expect(refused.body).toMatchObject(
      failed('rate_limit_exceeded', 'Exceeded rate limit of 3 in 10_seconds'),
    )
    const waitMs = Number(refused.headers.get('x-ratelimit-reset')) * 1_000 - sandbox.clock.now()
    expect(waitMs).toBeGreaterThan(0)
    expect(waitMs).toBeLessThanOrEqual(10_000)
    sandbox.clock.advance(waitMs)
    expect((await call('GET', '/tags')).status).toBe(200)
  })
  test('a lower limit holds at once, and reset brings the first account back', async () => {
    const { sandbox, call } = await open()
    sandbox.configure({ callsPerMinute: 6 })
    expect((await call('GET', '/tags')).status).toBe(200)
    expect((await call('GET', '/tags')).status).toBe(429)
    sandbox.reset()
    expect((await call('GET', '/tags')).headers.get('x-ratelimit-limit')).toBe('1667')
  })
})

describe('faults', () => {
  test('rate-limited and server-error leave the state as it was', async () => {
    const { sandbox, call } = await open()
    sandbox.chaos({ script: [{ kind: 'rate-limited' }, { kind: 'server-error' }] })
    const limited = await call('POST', '/tags', { name: 'x' })
    expect(limited.status).toBe(429)
    expect(limited.headers.get('x-ratelimit-remaining')).toBe('0')
    const broken = await call('POST', '/tags', { name: 'x' })
    expect(broken.status).toBe(500)
    expect(broken.body).toMatchObject(failed('server_error'))
    expect(sandbox.inspect().tags).toEqual([])
  })
  test('partial: half of the users are tagged, and the answer says which', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts: ['a', 'b', 'c', 'd'].map((id) => ({ id, external_id: id })) })
    sandbox.chaos({ script: [{ kind: 'partial', on: 'POST /tags' }] })
    const users = ['a', 'b', 'c', 'd'].map((id) => ({ id }))
    expect((await call('POST', '/tags', { name: 'vip', users })).body).toMatchObject({
      users: [
        { id: 'a', tagged: true },
        { id: 'b', tagged: true },
        { id: 'c', tagged: false },
        { id: 'd', tagged: false },
      ],
    })
    expect(sandbox.inspect().tags).toMatchObject([{ name: 'vip', contacts: ['a', 'b'] }])
  })
  test('silent: an event is answered 202 and is not there', async () => {
    const { sandbox, call } = await open()
    sandbox.seed({ contacts: [{ id: 'c1', external_id: 'u1' }] })
    sandbox.chaos({ script: [{ kind: 'silent', on: 'POST /events' }] })
    const event = { event_name: 'ordered', created_at: 1_760_000_000, id: 'c1' }
    expect((await call('POST', '/events', event)).status).toBe(202)
    expect(sandbox.inspect().events).toEqual([])
    expect((await call('POST', '/events', event)).status).toBe(202)
    expect(sandbox.inspect().events).toHaveLength(1)
  })
  test('a kind that a request cannot show lets it run as usual', async () => {
    const { sandbox, call } = await open()
    sandbox.chaos({ script: [{ kind: 'silent' }, { kind: 'partial' }] })
    expect((await call('POST', '/tags', { name: 'x' })).status).toBe(200)
    expect((await call('POST', '/tags', { name: 'y' })).status).toBe(200)
    expect(sandbox.inspect().tags).toHaveLength(2)
  })
})

test('what inspect shows can be seeded into another workspace, and reset empties it', async () => {
  const { sandbox, call } = await open()
  sandbox.seed({
    dataAttributes: [{ name: 'plan', data_type: 'string' }],
    companies: [{ id: 'k1', company_id: 'acme', name: 'Acme' }],
    contacts: [
      {
        id: 'c1',
        external_id: 'u1',
        email: 'U1@example.com',
        companies: ['k1'],
        custom_attributes: { plan: 'gold' },
      },
      { id: 'c2', role: 'lead' },
    ],
    tags: [{ id: '5', name: 'vip', contacts: ['c1'], companies: ['k1'] }],
    segments: [{ name: 'Gold', rule: { field: 'custom_attributes.plan', operator: '=', value: 'gold' } }],
    subscriptionTypes: [{ id: '91', consent_type: 'opt_in' }],
    visitors: [{ user_id: 'v1' }],
    events: [
      { event_name: 'ordered', created_at: 1_760_000_000, intercom_user_id: 'c1', metadata: { n: 1 } },
    ],
  })
  await call('POST', '/contacts/c1/notes', { body: 'Hello' })
  const before = sandbox.inspect()
  expect(JSON.parse(JSON.stringify(before))).toEqual(before)
  expect(before.segments).toMatchObject([{ name: 'Gold', contacts: ['c1'] }])
  const other = await open()
  other.sandbox.seed(before)
  const after = other.sandbox.inspect()
  const withoutIds = (events: readonly { readonly id: string }[]) =>
    events.map(({ id: _id, ...rest }) => rest)
  expect({ ...after, events: withoutIds(after.events) }).toEqual({
    ...before,
    events: withoutIds(before.events),
  })
  sandbox.reset()
  expect(sandbox.inspect()).toMatchObject({ contacts: [], events: [], tags: [], dataAttributes: [] })
})

test('contacts seeded without an id are all found at once; the same id twice is a mistake', async () => {
  const { sandbox, call } = await open()
  sandbox.seed({ contacts: [{ external_id: 'u1' }, { external_id: 'u2' }, { id: 'c3', external_id: 'u3' }] })
  const { body } = await call('POST', '/contacts/search', {
    query: { field: 'role', operator: '=', value: 'user' },
  })
  expect(body).toMatchObject({ total_count: 3 })
  expect(() => sandbox.seed({ contacts: [{ id: 'c3' }] })).toThrow('contact c3 is there already')
})
