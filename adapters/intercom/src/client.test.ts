import { createClock } from '@tripline/sandbox'
import { IntercomClient } from 'intercom-client'
import nock from 'nock'
import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answers, contactId, type RecordedAnswer } from '../fixtures/answers.ts'
import { eventOf, openIntercom, profileOf, statuses } from '../fixtures/open-sandbox.ts'
import { createIntercom } from './connector.ts'
import type { IntercomOptions } from './options.ts'

const host = 'https://api.intercom.io'
const reply = (scope: nock.Interceptor, { status, headers, body }: RecordedAnswer): nock.Scope =>
  scope.reply(status, body as nock.Body, headers)
const connect = (options: IntercomOptions = {}, clock = createClock({ jump: true })) =>
  createIntercom(
    { accessToken: 'secret', ...options },
    { clock, fetch: clock.track((input, init) => globalThis.fetch(input, init)) },
  )

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

describe('single calls', () => {
  test('an event: our own request, the version pinned, JSON accepted', async () => {
    const scope = nock(host, {
      reqheaders: {
        authorization: 'Bearer secret',
        'intercom-version': '2.16',
        accept: 'application/json',
        'content-type': 'application/json',
      },
    })
      .post('/events', {
        user_id: 'u1',
        event_name: 'Ordered',
        created_at: 1_793_527_200,
        metadata: { size: 'L', price: { amount: 1_999, currency: 'eur' } },
      })
      .reply(202)
    const item = eventOf('1', 'u1', 'Ordered', { size: 'L', price: { amount: 19.99, currency: 'EUR' } })
    expect(await statuses(connect(), [item])).toEqual(['sent'])
    scope.done()
  })

  test('a contact: the SDK’s request over our transport, with our token and version', async () => {
    const scope = nock(host, { reqheaders: { authorization: 'Bearer secret', 'intercom-version': '2.15' } })
    reply(scope.get('/contacts/find_by_external_id/u%2F1'), answers.notFound)
    reply(scope.post('/contacts', { role: 'user', external_id: 'u/1', name: 'Ada' }), answers.contact)
    expect(await statuses(connect({ apiVersion: '2.15' }), [profileOf('1', 'u/1', { name: 'Ada' })])).toEqual(
      ['sent'],
    )
    scope.done()
  })

  test('409 after a look-up that found nobody: the contact of its message is updated', async () => {
    const scope = nock(host)
    reply(scope.get('/contacts/find_by_external_id/u1'), answers.notFound)
    reply(scope.post('/contacts'), answers.conflict)
    reply(scope.put(`/contacts/${contactId}`, { name: 'Ada' }), answers.contact)
    const report = await connect().deliver([profileOf('1', 'u1', { name: 'Ada' })])
    expect(report.results[0]?.outcome).toEqual({ status: 'sent', proof: 'stored', vendorId: contactId })
    scope.done()
  })

  test('… but with an address in it only after a look at whose it is', async () => {
    const scope = nock(host)
    reply(scope.get('/contacts/find_by_external_id/u1'), answers.notFound)
    reply(scope.post('/contacts'), answers.conflict)
    reply(scope.get(`/contacts/${contactId}`), answers.contact)
    reply(scope.put(`/contacts/${contactId}`), answers.contact)
    expect(await statuses(connect(), [profileOf('1', 'u1', { email: 'a@example.com' })])).toEqual(['sent'])
    scope.done()
  })

  test.each(['eu', 'au'] as const)('region %s has a host of its own', async (region) => {
    const scope = nock(`https://api.${region}.intercom.io`).post('/events').reply(202)
    expect(await statuses(connect({ region }), [eventOf('1', 'u1', 'Ordered')])).toEqual(['sent'])
    scope.done()
  })

  test('a page of HTML that says 200 is no success', async () => {
    nock(host).get('/contacts/find_by_external_id/u1').times(3).reply(200, '<html>maintenance</html>')
    const report = await connect({ maxAttempts: 3 }).deliver([profileOf('1', 'u1', { name: 'Ada' })])
    expect(report.results[0]?.outcome).toMatchObject({ status: 'retry', fault: { code: 'unavailable' } })
  })

  test('unknown fields of an answer do no harm', async () => {
    const scope = nock(host)
    const body = { ...answers.contact.body, galaxy: { brain: [1, 2] } }
    reply(scope.get('/contacts/find_by_external_id/u1'), { status: 200, body })
    reply(scope.put(`/contacts/${contactId}`), { status: 200, body })
    expect(await statuses(connect(), [profileOf('1', 'u1', { name: 'Ada' })])).toEqual(['sent'])
  })
})

describe('refusals', () => {
  test('401: the callback is asked once more, then the connector halts', async () => {
    const asked: boolean[] = []
    const { sandbox, connect: open } = await openIntercom()
    nock.enableNetConnect()
    const intercom = open({ accessToken: (expired) => (asked.push(expired), 'wrong') })
    const report = await intercom.deliver([eventOf('1', 'u1', 'A'), eventOf('2', 'u2', 'B')])
    expect(report.halt).toMatchObject({ what: 'connector', fault: { code: 'auth', status: 401 } })
    expect(report.halt?.fault.message).toContain('another region')
    expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'retry'])
    expect(asked.slice(0, 2)).toEqual([false, true])
    expect(sandbox.inspect().events).toEqual([])
  })

  test('a scope that is missing halts that ability only, and is named', async () => {
    nock.enableNetConnect()
    const { sandbox, intercom } = await openIntercom(
      {},
      { seed: { contacts: [{ external_id: 'u1' }], tags: [{ id: '9', name: 'x' }] } },
    )
    sandbox.configure({ scopes: ['read_contacts', 'write_contacts', 'write_events'] })
    const segment = { form: 'tag', id: '9' } as const
    const report = await intercom.deliver([
      {
        kind: 'membership',
        key: '1',
        lane: 'a',
        at: '2026-11-01T10:00:00.000Z',
        who: { userId: 'u1' },
        segment,
        member: true,
      },
      eventOf('2', 'u1', 'Ordered'),
    ])
    expect(report.halt).toMatchObject({ what: 'membership', fault: { code: 'forbidden' } })
    expect(report.halt?.fault.message).toContain('write_tags')
    expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'sent'])
  })

  test('an API version that Intercom does not know', async () => {
    reply(nock(host).post('/events'), answers.versionInvalid)
    const report = await connect({ apiVersion: '9.9' }).deliver([eventOf('1', 'u1', 'A')])
    expect(report.halt).toMatchObject({ what: 'connector', fault: { code: 'unsupported' } })
    expect(report.halt?.fault.message).toContain('apiVersion')
  })

  test('429 waits for the reset of the window, then goes on', async () => {
    const clock = createClock({ jump: true })
    const resetAt = Math.ceil(clock.now() / 1_000) + 4
    const headers = { ...answers.rateLimited.headers, 'x-ratelimit-reset': String(resetAt) }
    reply(nock(host).post('/events'), { ...answers.rateLimited, headers })
    nock(host).post('/events').reply(202)
    const intercom = connect({}, clock)
    expect(await statuses(intercom, [eventOf('1', 'u1', 'A')])).toEqual(['sent'])
    expect(clock.now()).toBeGreaterThanOrEqual(resetAt * 1_000)
  })

  test('a budget that is used up: everything arrives, later', async () => {
    nock.enableNetConnect()
    const { sandbox, connect: open } = await openIntercom(
      {},
      { account: { callsPerMinute: 60 }, seed: { contacts: [{ external_id: 'u1' }] } },
    )
    const items = Array.from({ length: 25 }, (_, index) => eventOf(`${index}`, 'u1', `E${index}`))
    expect(new Set(await statuses(open(), items))).toEqual(new Set(['sent']))
    expect(sandbox.inspect().events).toHaveLength(25)
    // Told about the quota, the connector does not run into it.
    sandbox.reset()
    sandbox.configure({ callsPerMinute: 60 })
    sandbox.seed({ contacts: [{ external_id: 'u1' }] })
    const paced = await open({ callsPerMinute: 60 }).deliver(items)
    expect(paced.calls).toMatchObject([{ endpoint: 'POST /events', count: 25, retries: 0 }])
  })
})

describe('intercom-client 7.0.3: what made us go around it', () => {
  const event = { user_id: 'u1', event_name: 'Ordered', created_at: 1_793_527_200, metadata: {} }

  test('it costs several times our own request, so events are our own', async () => {
    const answer = async (): Promise<Response> => new Response(null, { status: 202 })
    const sdk = new IntercomClient({
      token: 'x',
      baseUrl: host,
      maxRetries: 0,
      timeoutInSeconds: 0,
      fetch: answer,
    })
    const viaSdk = (): Promise<unknown> => sdk.events.create(event)
    const ours = (): Promise<unknown> => answer().then((response) => response.text())
    const cost = async (call: () => Promise<unknown>): Promise<number> => {
      for (let index = 0; index < 200; index++) await call()
      const { user, system } = process.cpuUsage()
      for (let index = 0; index < 1_000; index++) await call()
      const after = process.cpuUsage()
      return after.user + after.system - user - system
    }
    expect(await cost(viaSdk)).toBeGreaterThan(2 * (await cost(ours)))
  })

  test('it leaves its timer running when fetch rejects: with a generous time-out the process would not end', () => {
    const code = `
      const { IntercomClient } = await import('intercom-client')
      const fetch = () => Promise.reject(new Error('reset'))
      const sdk = new IntercomClient({ token: 'x', maxRetries: 0, timeoutInSeconds: Number(process.argv[1]), fetch })
      await sdk.tags.list().catch(() => undefined)
      console.log(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length)
      process.exit()`
    const timers = (seconds: string): string =>
      spawnSync(process.execPath, ['--input-type=module', '--eval', code, seconds], {
        cwd: import.meta.dirname,
        encoding: 'utf8',
      }).stdout.trim()
    expect(timers('3600')).toBe('1') // when this is 0, a real time-out can be set
  })
})
