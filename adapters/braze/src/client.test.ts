import { createHost } from '@tripline/kit'
import { createClock } from '@tripline/sandbox'
import nock from 'nock'
import { spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answers, type RecordedAnswer } from '../fixtures/answers.ts'
import { eventOf, profileOf } from '../fixtures/open-sandbox.ts'
import { createClient } from './client.ts'
import { createBraze, type BrazeOptions } from './index.ts'
import { brazeLimits } from './limits.ts'

const host = 'https://rest.iad-01.braze.com'
const reply = (scope: nock.Interceptor, { status, headers, body }: RecordedAnswer): nock.Scope =>
  scope.reply(status, body as nock.Body, headers)
const lent = (clock = createClock({ jump: true })) => ({
  clock,
  fetch: clock.track((input, init) => globalThis.fetch(input, init)),
})
const connect = (options: Partial<BrazeOptions> = {}, clock = createClock({ jump: true })) =>
  createBraze({ baseUrl: host, apiKey: 'secret', ...options }, lent(clock))

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

describe('single calls', () => {
  test('an event: its path, the key as bearer, JSON as Braze documents it', async () => {
    const scope = nock(host, {
      reqheaders: { authorization: 'Bearer secret', 'content-type': 'application/json' },
    }).post('/users/track', {
      events: [
        {
          external_id: 'u1',
          app_id: 'app-1',
          name: 'Product Viewed',
          time: '2026-11-01T10:00:00.000Z',
          properties: { size: 'L' },
        },
      ],
    })
    reply(scope, answers.tracked)
    const { results } = await connect({ appId: 'app-1' }).deliver([
      eventOf('u1', 'Product Viewed', { size: 'L' }),
    ])
    expect(results[0]?.outcome).toEqual({ status: 'sent', proof: 'accepted' })
    expect(nock.isDone()).toBe(true)
  })

  test.each([
    ['as it is', host, '/users/track'],
    ['a slash behind', `${host}/`, '/users/track'],
    ['many slashes behind', `${host}///`, '/users/track'],
    ['a path of a proxy', `${host}/proxy/braze`, '/proxy/braze/users/track'],
    ['a path and a slash', `${host}/proxy/braze/`, '/proxy/braze/users/track'],
    ['a URL', new URL('/proxy/', host), '/proxy/users/track'],
  ])('a base URL %s never makes a double slash', async (_name, baseUrl, path) => {
    const scope = reply(
      nock(host, { reqheaders: { authorization: 'Bearer secret' } }).post(path),
      answers.tracked,
    )
    const { results } = await connect({ baseUrl }).deliver([eventOf('u1', 'A')])
    expect(results[0]?.outcome.status).toBe('sent')
    scope.done()
  })

  test('a base URL that is none is told as such', () => {
    expect(() => connect({ baseUrl: 'rest.iad-01.braze.com' })).toThrow(
      expect.objectContaining({ message: expect.stringContaining('baseUrl is no URL') as string }),
    )
  })

  test('the key goes to Braze only, not to the storage of an export', async () => {
    const clock = createClock({ jump: true })
    const { transport, request } = createClient(
      { baseUrl: host, apiKey: 'secret' },
      createHost(lent(clock), brazeLimits),
    )
    const session = transport.session(undefined)
    for (const url of ['https://rest.iad-01.braze.com.example', host]) {
      nock(url, { badheaders: ['authorization'] })
        .get('/file.zip')
        .reply(200, 'x')
      const result = await session.request({
        ...request('GET export file', { purpose: 'lookup', repeat: 'read' }),
        url: `${url}/file.zip`,
        readAs: 'bytes',
      })
      expect(result.kind).toBe('ok')
    }
    session.close()
  })

  test('unknown fields of an answer do no harm', async () => {
    nock(host)
      .post('/users/track')
      .reply(201, { ...answers.tracked.body, galaxy: { brain: [1] } })
    expect((await connect().deliver([eventOf('u1', 'A')])).results[0]?.outcome.status).toBe('sent')
  })
})

describe('the key', () => {
  test('401: the callback is asked once more, and the request goes out with the new key', async () => {
    const asked: boolean[] = []
    reply(
      nock(host, { reqheaders: { authorization: 'Bearer old' } }).post('/users/track'),
      answers.invalidKey,
    )
    reply(nock(host, { reqheaders: { authorization: 'Bearer new' } }).post('/users/track'), answers.tracked)
    const braze = connect({ apiKey: (expired) => (asked.push(expired), expired ? 'new' : 'old') })
    const report = await braze.deliver([eventOf('u1', 'A')])
    expect(report.results[0]?.outcome).toEqual({ status: 'sent', proof: 'accepted' })
    expect(asked).toEqual([false, true])
  })

  test('401 again: the connector halts, nothing is lost, and no fault holds the key', async () => {
    reply(nock(host).post('/users/track').times(2), answers.invalidKey)
    const braze = connect({ apiKey: async () => 'very-secret-key' })
    const report = await braze.deliver([eventOf('u1', 'A')])
    expect(report.halt).toMatchObject({ what: 'connector', fault: { code: 'auth', status: 401 } })
    expect(report.results[0]?.outcome.status).toBe('retry')
    expect(JSON.stringify(report)).not.toContain('very-secret-key')
    expect(nock.isDone()).toBe(true)
  })

  test('no key at all: the fault names the environment variable', async () => {
    const { BRAZE_API_KEY: before } = process.env
    delete process.env['BRAZE_API_KEY']
    try {
      const report = await createBraze({ baseUrl: host }, lent()).deliver([eventOf('u1', 'A')])
      expect(report.halt?.fault).toMatchObject({ code: 'auth' })
      expect(report.halt?.fault.message).toContain('BRAZE_API_KEY')
    } finally {
      if (before !== undefined) process.env['BRAZE_API_KEY'] = before
    }
  })

  test('a network error names neither key nor person', async () => {
    nock(host).post('/users/track').times(2).replyWithError('connect ECONNREFUSED')
    const report = await connect({ maxAttempts: 2, apiKey: 'very-secret-key' }).deliver([
      profileOf('ada@example.com', { plan: 'pro' }),
    ])
    expect(report.results[0]?.outcome.status).toBe('retry')
    const { outcome } = report.results[0] ?? {}
    expect(JSON.stringify(outcome)).not.toMatch(/very-secret-key|ada@example\.com/)
  })
})

describe('budgets', () => {
  test.each([
    ['an epoch', (nowMs: number) => String(Math.ceil(nowMs / 1_000) + 30), 29_000],
    ['seconds from now', () => '30', 29_000],
  ])('a reset as %s: with nothing left the next request waits for it', async (_name, resetOf, atLeastMs) => {
    const clock = createClock({ jump: true })
    const start = clock.now()
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': resetOf(start) }
    reply(nock(host).post('/users/track'), { ...answers.tracked, headers })
    reply(nock(host).post('/users/track'), answers.tracked)
    const braze = connect({}, clock)
    await braze.deliver([eventOf('u1', 'A')])
    expect(clock.now() - start).toBeLessThan(1_000)
    const report = await braze.deliver([eventOf('u1', 'B')])
    expect(report.calls).toMatchObject([{ endpoint: 'POST /users/track', count: 1, retries: 0 }])
    expect(clock.now() - start).toBeGreaterThanOrEqual(atLeastMs)
    expect(clock.now() - start).toBeLessThan(32_000)
  })

  test.each([
    ['retry-after', { 'retry-after': '7' }, 7_000],
    ['x-ratelimit-retry-after', { 'x-ratelimit-retry-after': '5' }, 5_000],
  ])('429 with %s: waited for, then sent once more', async (_name, headers, waitMs) => {
    const clock = createClock({ jump: true })
    const start = clock.now()
    reply(nock(host).post('/users/track'), { ...answers.rateLimited, headers })
    reply(nock(host).post('/users/track'), answers.tracked)
    const report = await connect({}, clock).deliver([eventOf('u1', 'A')])
    expect(report.results[0]?.outcome).toEqual({ status: 'sent', proof: 'accepted' })
    expect(clock.now() - start).toBeGreaterThanOrEqual(waitMs)
    expect(clock.now() - start).toBeLessThan(waitMs + 1_000)
  })

  test('502 from before the target is tried again and is no double; 504 may be one', async () => {
    reply(nock(host).post('/users/track'), answers.badGateway)
    reply(nock(host).post('/users/track'), answers.tracked)
    const report = await connect().deliver([eventOf('u1', 'A')])
    expect(report.results[0]?.outcome).toEqual({ status: 'sent', proof: 'accepted' })
    reply(nock(host).post('/users/track'), { status: 504, body: '' })
    reply(nock(host).post('/users/track'), answers.tracked)
    const later = await connect().deliver([eventOf('u1', 'B')])
    expect(later.results[0]?.outcome).toEqual({ status: 'sent', proof: 'accepted', maybeTwice: true })
  })
})

describe('braze-api: types only', () => {
  test('the parts in use are two request types, imported as types', async () => {
    const sources = (await readdir(import.meta.dirname, { recursive: true })).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    )
    const imports = await Promise.all(
      sources.map(async (name) => {
        const text = await readFile(join(import.meta.dirname, name), 'utf8')
        return text.split('\n').filter((line) => line.includes("'braze-api'"))
      }),
    )
    expect(imports.flat().toSorted()).toEqual([
      "import type { UsersExportIdsObject } from 'braze-api'",
      "import type { UsersIdentifyObject } from 'braze-api'",
    ])
  })

  test('importing and making a connector never loads it', () => {
    const code = `
      import { registerHooks } from 'node:module'
      const asked = []
      registerHooks({ resolve: (name, context, next) => (asked.push(name), next(name, context)) })
      const { createBraze } = await import('./index.ts')
      createBraze({ baseUrl: 'https://rest.iad-01.braze.com', apiKey: 'x' })
      console.log(JSON.stringify({ kit: asked.includes('@tripline/kit'), sdk: asked.filter((name) => name.includes('braze-api')) }))`
    const run = spawnSync(
      process.execPath,
      ['--conditions=development', '--input-type=module', '--eval', code],
      { cwd: import.meta.dirname, encoding: 'utf8' },
    )
    expect(JSON.parse(run.stdout)).toEqual({ kit: true, sdk: [] })
  })
})
