import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Mixpanel from 'mixpanel'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { mixpanelDefaults, startMixpanelSandbox } from './index.ts'

/** The vendor's own library, npm `mixpanel` 0.24.0, over loopback. */
type Sandbox = Awaited<ReturnType<typeof startMixpanelSandbox>>
let sandbox: Sandbox
beforeEach(async () => {
  // With a proxy in the environment `init` throws: pinned below.
  vi.stubEnv('HTTPS_PROXY', '')
  vi.stubEnv('HTTP_PROXY', '')
  sandbox = await startMixpanelSandbox()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await sandbox.close()
})

const silent = { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const library = (host: string, more: object = {}) =>
  Mixpanel.init(mixpanelDefaults.projectToken, { host, protocol: 'http', logger: silent, ...more })
const ours = (more: object = {}) => library(new URL(sandbox.url).host, more)
/** Waits for the library's callback; its error, if there is one. */
const called = (run: (callback: (error?: unknown) => void) => void) =>
  new Promise<unknown>((resolve) => {
    run((error) => resolve(error ?? undefined))
  })
const routes = () => sandbox.requests().map(({ method, path, status }) => `${method} ${path} ${status}`)
const profile = (id: string) =>
  sandbox.inspect().profiles.find(({ distinctId }) => distinctId === id)?.properties

describe('what it can do', () => {
  test('track: GET with base64 in the address', async () => {
    const error = await called((done) =>
      ours().track('Opened', { distinct_id: 'u', $insert_id: 'a-1', note: 'ü?>~' }, done),
    )
    expect(error).toBeUndefined()
    expect(routes()).toEqual(['GET /track 200'])
    expect(sandbox.inspect().events).toMatchObject([
      { event: 'Opened', properties: { distinct_id: 'u', note: 'ü?>~', mp_lib: 'node' } },
    ])
  })
  test('track_batch: form with unencoded base64', async () => {
    const list = [{ event: 'Opened', properties: { distinct_id: 'u', odd: '~~?>?>~~?>' } }]
    expect(await called((done) => ours().track_batch(list, done))).toBeUndefined()
    expect(routes()).toEqual(['POST /track 200'])
    expect(sandbox.inspect().events[0]?.properties['odd']).toBe('~~?>?>~~?>')
  })
  test('people: every operation', async () => {
    const { people } = ours()
    const quiet = { $ignore_time: true }
    await called((done) => people.set('u', { plan: 'pro', gone: 1 }, quiet, done))
    await called((done) => people.set_once('u', { plan: 'free', first: 1 }, quiet, done))
    await called((done) => people.increment('u', 'visits', 2, quiet, done))
    await called((done) => people.append('u', 'list', 'a', quiet, done))
    await called((done) => people.union('u', { tags: ['a', 'b'] }, quiet, done))
    await called((done) => people.remove('u', { tags: 'b' }, quiet, done))
    await called((done) => people.unset('u', 'gone', quiet, done))
    await called((done) => people.track_charge('u', 9.5, {}, quiet, done))
    expect(profile('u')).toEqual({
      plan: 'pro',
      first: 1,
      visits: 2,
      list: ['a'],
      tags: ['a'],
      $transactions: [{ $amount: 9.5 }],
    })
    await called((done) => people.delete_user('u', {}, done))
    expect(profile('u')).toBeUndefined()
  })
  test('groups', async () => {
    const { groups } = ours()
    await called((done) => groups.set('company', 'acme', { plan: 'pro' }, done))
    await called((done) => groups.union('company', 'acme', { tags: ['a'] }, {}, done))
    expect(sandbox.inspect().groups).toEqual([
      { groupKey: 'company', groupId: 'acme', properties: { plan: 'pro', tags: ['a'] } },
    ])
  })
  test('alias: a verb that a simplified project ignores', async () => {
    expect(await called((done) => ours().alias('u', 'other', done))).toBeUndefined()
    expect(sandbox.inspect()).toMatchObject({ events: [], counters: { eventsLost: 1 } })
  })
  test('all its calls go through one property, which can be replaced', async () => {
    const seen: unknown[] = []
    const replaced = ours() as unknown as {
      send_request: unknown
      people: Mixpanel.People
      track_batch: Mixpanel.Mixpanel['track_batch']
    }
    replaced.send_request = (call: { endpoint: string }, done: () => void) => {
      seen.push(call.endpoint)
      done()
    }
    await called((done) => replaced.people.set('u', { a: 1 }, done))
    await called((done) => replaced.track_batch([{ event: 'e', properties: {} }], done))
    expect([seen, routes()]).toEqual([['/engage', '/track'], []])
  })
})

/** A server that gives one answer, for what our simulator, like the vendor, would not say. */
async function answering<T>(status: number, body: string, work: (host: string) => Promise<T>): Promise<T> {
  const server = createServer((_, response) => response.writeHead(status).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await work(`127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

describe('defects: why we write the calls ourselves', () => {
  test('HTTP 500 with body 1 is a success', async () => {
    expect(
      await answering(500, '1', (host) => called((done) => library(host).track('e', {}, done))),
    ).toBeUndefined()
  })
  test("/import's documented answer is an error", async () => {
    const body = '{"code":200,"num_records_imported":1,"status":"OK"}'
    const error = await answering(200, body, (host) =>
      called((done) => library(host, { key: 'k' }).import('e', Date.now(), {}, done)),
    )
    expect(error).toEqual(new Error(`Mixpanel Server Error: ${body}`))
  })
  test('a 429 is a text: no status, no headers, no second try', async () => {
    sandbox.configure({ ingestionRetryAfterSeconds: 7 })
    sandbox.chaos({ script: [{ kind: 'rate-limited' }] })
    const error = await called((done) => ours().track('e', {}, done))
    expect(Object.keys(error as object)).toEqual([])
    expect(String(error)).toContain('Project exceeded rate limits')
    expect(routes()).toEqual(['GET /track 429'])
  })
  test('a service account cannot be used over plain http', () => {
    const credentials = new Mixpanel.ServiceAccountCredentials(
      'user',
      'secret',
      String(mixpanelDefaults.projectId),
    )
    expect(() => ours({ credentials }).import('e', Date.now(), {})).toThrow('Must use HTTPS')
  })
  test('batches hold 50, whatever is asked for', async () => {
    const list = Array.from({ length: 120 }, () => ({ event: 'e', properties: {} }))
    await called((done) => ours().track_batch(list, { max_batch_size: 2_000 }, done))
    expect(routes()).toHaveLength(3)
  })
  test('a failed chunk is forgotten when chunks are sent one after the other', async () => {
    sandbox.chaos({ script: [{ kind: 'server-error', nth: 1 }] })
    const list = Array.from({ length: 60 }, () => ({ event: 'e', properties: {} }))
    expect(
      await called((done) => ours().track_batch(list, { max_concurrent_requests: 1 }, done)),
    ).toBeUndefined()
    expect(routes()).toEqual(['POST /track 502', 'POST /track 200'])
    expect(sandbox.inspect().events).toHaveLength(10)
  })
  test('an empty batch with max_concurrent_requests throws', () => {
    expect(() => ours().track_batch([], { max_concurrent_requests: 2 })).toThrow(TypeError)
  })
  test('an event of 14 KB does not fit into the address', async () => {
    const error = await called((done) => ours().track('e', { text: 'x'.repeat(14_000) }, done))
    expect(error).toBeInstanceOf(Error)
    expect(sandbox.inspect().events).toEqual([])
  })
  test('a bad value for union: nothing is sent and the callback never comes', async () => {
    const callback = vi.fn<() => void>()
    ours().people.union('u', { tags: { not: 'a list' } } as unknown as Record<string, string[]>, {}, callback)
    await called((done) => ours().track('e', {}, done))
    expect(callback).not.toHaveBeenCalled()
    expect(routes()).toEqual(['GET /track 200'])
  })
  test('track writes into the properties of the caller', async () => {
    const properties = { distinct_id: 'u' }
    await called((done) => ours().track('e', properties, done))
    expect(properties).toMatchObject({ token: mixpanelDefaults.projectToken, mp_lib: 'node' })
  })
  test('a time as text throws', () => {
    expect(() => ours().track('e', { time: '2026-01-01' })).toThrow(
      '`time` property must be a Date or Unix timestamp',
    )
  })
  test('a proxy in the environment crashes init', () => {
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9')
    expect(() => ours()).toThrow('HttpsProxyAgent is not a constructor')
  })
})
