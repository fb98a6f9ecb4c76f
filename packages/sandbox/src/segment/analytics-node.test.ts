import { generateKeyPairSync } from 'node:crypto'
import { Analytics } from '@segment/analytics-node'
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
  sandbox = await startSegmentSandbox()
})
afterEach(() => sandbox.close())

type Settings = ConstructorParameters<typeof Analytics>[0]
/** The vendor's own client, one message a request and without retries unless a test says otherwise. */
const client = (more: Partial<Settings> = {}): Analytics =>
  new Analytics({ writeKey: segmentDefaults.writeKey, host: sandbox.url, flushAt: 1, maxRetries: 0, ...more })
/** One call, settled when the client believes it delivered; undefined, or what its callback was told. */
const settled = (call: (callback: (error: unknown) => void) => void): Promise<unknown> =>
  new Promise((resolve) => call(resolve))
const statuses = (): number[] => sandbox.requests().map(({ status }) => status)

describe('the vendor’s own client drives the Tracking API', () => {
  test('all six calls arrive in its wire form', async () => {
    const analytics = client()
    const at = new Date(sandbox.clock.now())
    await settled((done) => analytics.identify({ userId: 'u1', traits: { plan: 'pro' } }, done))
    await settled((done) =>
      analytics.track(
        {
          userId: 'u1',
          event: 'Order Completed',
          properties: { total: 5 },
          messageId: 'mine',
          timestamp: at,
        },
        done,
      ),
    )
    await settled((done) => analytics.page({ userId: 'u1', name: 'Docs', category: 'help' }, done))
    await settled((done) => analytics.screen({ userId: 'u1', name: 'Home', category: 'start' }, done))
    await settled((done) => analytics.group({ userId: 'u1', groupId: 'g1', traits: { name: 'Acme' } }, done))
    await settled((done) => analytics.alias({ userId: 'u1', previousId: 'old' }, done))
    await analytics.closeAndFlush()
    const { messages, rejected } = sandbox.inspect()
    expect(rejected).toEqual([])
    expect(messages.map(({ type }) => type)).toEqual([
      'identify',
      'track',
      'page',
      'screen',
      'group',
      'alias',
    ])
    expect(messages[1]).toMatchObject({
      messageId: 'mine',
      event: 'Order Completed',
      properties: { total: 5 },
      originalTimestamp: at.toISOString(),
      context: { library: { name: '@segment/analytics-node', version: '3.1.0' } },
    })
    // page.category is copied into properties, screen.category is not
    expect([messages[2]?.properties, messages[3]?.properties]).toEqual([{ category: 'help' }, {}])
    sandbox.clock.advance(5_000)
    expect(sandbox.inspect().profiles.map(({ collection, traits }) => [collection, traits])).toEqual([
      ['users', { plan: 'pro' }],
      ['accounts', { name: 'Acme' }],
    ])
  })

  test('OAuth: the token comes for an assertion signed with the application’s key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    const oauth = {
      clientId: 'app',
      keyId: 'key',
      publicKeyPem: publicKey,
      scopes: ['tracking_api:write'],
      tokenSeconds: 86_400,
    }
    sandbox.configure({ oauth })
    const [first] = sandbox.inspect().sources
    if (!first) throw new Error('no source')
    sandbox.seed({ sources: [{ ...first, requiresOAuth: true }] })
    const oauthSettings = {
      clientId: 'app',
      clientKey: privateKey,
      keyId: 'key',
      authServer: sandbox.url,
      maxRetries: 1,
    }
    const analytics = client({ oauthSettings })
    expect(await settled((done) => analytics.track({ userId: 'u1', event: 'E' }, done))).toBeUndefined()
    await analytics.closeAndFlush()
    expect(sandbox.inspect().messages).toHaveLength(1)

    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    })
    const wrong = client({ oauthSettings: { ...oauthSettings, clientKey: String(other) } })
    expect(await settled((done) => wrong.track({ userId: 'u1', event: 'E' }, done))).toBeInstanceOf(Error)
    await wrong.closeAndFlush()
    expect(sandbox.requests().at(-1)).toMatchObject({ path: '/token', status: 401 })
    expect(sandbox.inspect().messages).toHaveLength(1)
  })

  test('with our own http client each message has its own fate', async () => {
    const analytics = client({
      httpClient: {
        makeRequest: ({ url, method, headers, body }) =>
          body.includes('Refused')
            ? Promise.resolve({ status: 503, statusText: 'Service Unavailable' })
            : fetch(url, { method, headers, body }),
      },
    })
    const fates = await Promise.all(
      ['Taken', 'Refused'].map((event) => settled((done) => analytics.track({ userId: 'u1', event }, done))),
    )
    expect(fates[0]).toBeUndefined()
    expect(fates[1]).toMatchObject({ message: '[503] Service Unavailable' })
    expect(sandbox.inspect().messages.map(({ event }) => event)).toEqual(['Taken'])
  })
})

/** Each of these is a reason to send ourselves. One that fails here has been mended by the vendor. */
describe('defects of @segment/analytics-node 3.1.0', () => {
  test('maxRetries 0 does not stop it from repeating a 429 with Retry-After; maxRateLimitDuration 0 does', async () => {
    sandbox.chaos({ script: [{ kind: 'rate-limited' }] })
    expect(await settled((done) => client().track({ userId: 'u1', event: 'E' }, done))).toBeUndefined()
    expect(statuses()).toEqual([429, 200])
    sandbox.chaos({ script: [{ kind: 'rate-limited' }] })
    const fate = await settled((done) =>
      client({ maxRateLimitDuration: 0 }).track({ userId: 'u1', event: 'E' }, done),
    )
    expect(fate).toMatchObject({ message: 'Rate limit duration exceeded' })
    expect(statuses()).toEqual([429, 200, 429])
  })

  test('its size guard counts no bytes: 16 events of 30 KB become one batch the vendor refuses whole', async () => {
    const analytics = client({ flushAt: 17 })
    const fates = Array.from({ length: 17 }, (_, index) =>
      settled((done) =>
        analytics.track({ userId: `u${index}`, event: 'E', properties: { text: 'x'.repeat(30_500) } }, done),
      ),
    )
    for (const fate of await Promise.all(fates)) expect(fate).toMatchObject({ message: '[400] Bad Request' })
    expect(sandbox.requests().map(({ status, bytes }) => [status, bytes > 512_000])).toEqual([[400, true]])
    expect(sandbox.inspect().messages).toEqual([])
  })

  test('a single event of 100 KB is sent, and refused', async () => {
    const fate = await settled((done) =>
      client().track({ userId: 'u1', event: 'E', properties: { text: 'x'.repeat(100_000) } }, done),
    )
    expect(fate).toMatchObject({ message: '[400] Bad Request' })
  })

  test('a redirect loses the event and is reported as delivered', async () => {
    sandbox.configure({ trackingRedirect: `${sandbox.url}/v1/pixel/track` })
    expect(await settled((done) => client().track({ userId: 'u1', event: 'E' }, done))).toBeUndefined()
    expect(statuses()).toEqual([302, 200])
    expect(sandbox.inspect().messages).toEqual([])
  })

  test('200 counts as delivered, whatever became of the event', async () => {
    sandbox.chaos({ script: [{ kind: 'silent' }] })
    expect(await settled((done) => client().track({ userId: 'u1', event: 'E' }, done))).toBeUndefined()
    expect(
      await settled((done) => client({ writeKey: 'nobody' }).track({ userId: 'u1', event: 'E' }, done)),
    ).toBeUndefined()
    expect(sandbox.inspect()).toMatchObject({
      messages: [],
      lost: 1,
      rejected: [{ code: 'project_not_found' }],
    })
  })

  test('a path prefix in host is discarded', async () => {
    const fate = await settled((done) =>
      client({ host: `${sandbox.url}/proxy/` }).track({ userId: 'u1', event: 'E' }, done),
    )
    expect(fate).toBeUndefined()
    expect(sandbox.requests().map(({ path }) => path)).toEqual(['/v1/batch'])
  })

  test('it opens a request for every event at once', async () => {
    let open = 0
    let most = 0
    const analytics = client({
      httpClient: {
        async makeRequest({ url, method, headers, body }) {
          most = Math.max(most, ++open)
          const reply = await fetch(url, { method, headers, body })
          open--
          return reply
        },
      },
    })
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        settled((done) => analytics.track({ userId: `u${index}`, event: 'E' }, done)),
      ),
    )
    expect(most).toBe(60)
    expect(sandbox.inspect().messages).toHaveLength(60)
  })

  test('it throws at once for bad input, and lets other bad input through', async () => {
    const analytics = client()
    expect(() => analytics.track({ userId: 5 as unknown as string, event: 'E' })).toThrow(/userId/)
    expect(() => analytics.track({ userId: 'u1', event: '' })).not.toThrow()
    await settled((done) => analytics.track({ userId: '', event: 'E' }, done))
    await analytics.closeAndFlush()
    expect(
      sandbox
        .inspect()
        .rejected.map(({ code }) => code)
        .sort(),
    ).toEqual(['event_not_defined', 'no_user_anon_id'])
  })

  test('a flush that runs out of time resolves, and an overlapping one resolves at once: both without delivery', async () => {
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => (release = resolve))
    const analytics = client({
      flushAt: 10,
      httpClient: {
        makeRequest: ({ url, method, headers, body }) =>
          gate.then(() => fetch(url, { method, headers, body })),
      },
    })
    let delivered = false
    const fate = settled((done) => analytics.track({ userId: 'u1', event: 'E' }, done)).then(
      () => (delivered = true),
    )
    const first = analytics.flush({ timeout: 20 })
    expect(await analytics.flush()).toBeUndefined()
    expect(await first).toBeUndefined()
    expect([delivered, sandbox.inspect().messages.length]).toEqual([false, 0])
    release()
    await fate
  })
})
