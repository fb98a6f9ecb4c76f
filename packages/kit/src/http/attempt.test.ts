import { createFakeClock } from '@tripline/testkit'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectionError, ok, postRequest, silence, status } from '../../fixtures/fake-vendor.ts'
import { attemptRequest, type Attempt } from './attempt.ts'
import type { HttpRequest } from './request.ts'

const clock = createFakeClock()
const forEver = new AbortController().signal
const attempt = (
  fetch: typeof globalThis.fetch,
  more: { readonly request?: Partial<HttpRequest>; readonly signal?: AbortSignal } = {},
): Promise<Attempt> =>
  attemptRequest(
    postRequest('natural', more.request),
    { 'x-id': '1' },
    { fetch, clock, timeoutMs: 5_000, signal: more.signal ?? forEver },
  )
const rejecting = (error: unknown) => async (): Promise<Response> => {
  throw error
}

describe('over HTTP', () => {
  beforeEach(() => nock.disableNetConnect())
  afterEach(() => {
    nock.cleanAll()
    nock.enableNetConnect()
  })

  test('sends the request as it is and reads the answer', async () => {
    nock('https://api.example.com', { reqheaders: { 'x-id': '1' } })
      .post('/things', { id: 1 })
      .reply(201, { stored: true }, { 'x-request-id': 'r-1' })
    const made = await attempt(globalThis.fetch)
    if (made.kind !== 'answer') throw new Error(made.fault.message)
    expect(made.answer.status).toBe(201)
    expect(made.answer.headers.get('x-request-id')).toBe('r-1')
    expect(made.answer.json()).toEqual({ stored: true })
    expect(clock.sleeping).toBe(0)
  })

  test('does not follow a redirect with the credential', async () => {
    nock('https://api.example.com')
      .post('/things')
      .reply(302, '', { location: 'https://elsewhere.example.com/' })
    const made = await attempt(globalThis.fetch)
    expect(made.kind === 'answer' && made.answer.status).toBe(302)
  })

  test('a connection that broke may have carried the request', async () => {
    nock('https://api.example.com')
      .post('/things')
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
    expect(await attempt(globalThis.fetch)).toMatchObject({ kind: 'none', sent: true })
  })
})

test('a refused connection never carried the request', async () => {
  const { port } = await closedPort()
  const made = await attempt(globalThis.fetch, { request: { url: `http://127.0.0.1:${port}/` } })
  expect(made).toEqual({
    kind: 'none',
    sent: false,
    fault: { code: 'unavailable', message: 'no answer: ECONNREFUSED' },
  })
})

test.each([
  ['a name that is not found', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }, false],
  ['a connection that timed out', { code: 'UND_ERR_CONNECT_TIMEOUT' }, false],
  ['no way to the host while connecting', { code: 'EHOSTUNREACH', syscall: 'connect' }, false],
  ['a time-out while connecting', { code: 'ETIMEDOUT', syscall: 'connect' }, false],
  [
    'all addresses refused',
    { code: 'ECONNREFUSED', errors: [{ code: 'ECONNREFUSED', syscall: 'connect' }] },
    false,
  ],
  ['all addresses out of reach', { errors: [{ code: 'ENETUNREACH', syscall: 'connect' }] }, false],
  ['a time-out while reading', { code: 'ETIMEDOUT', syscall: 'read' }, true],
  ['no way to the host any more', { code: 'EHOSTUNREACH', syscall: 'write' }, true],
  ['a reset', { code: 'ECONNRESET', syscall: 'read' }, true],
  ['a socket that was closed', { code: 'UND_ERR_SOCKET' }, true],
])('%s', async (_, cause, sent) => {
  expect(await attempt(rejecting(connectionError(cause)))).toMatchObject({ kind: 'none', sent })
})

test.each([new Error('strange'), 'text', null, undefined])(
  'fetch throws %s: it may have been sent',
  async (error) => {
    expect(await attempt(rejecting(error))).toEqual({
      kind: 'none',
      sent: true,
      fault: { code: 'unavailable', message: 'no answer: network error' },
    })
  },
)

test('a time-out ends the request, which may have been done', async () => {
  const made = await clock.run(attempt((_, init = {}) => hang(init)))
  expect(made).toEqual({
    kind: 'none',
    sent: true,
    fault: { code: 'timeout', message: 'no answer within 5000 ms' },
  })
  expect(clock.sleeping).toBe(0)
})

test('an answer that stops in the middle may have been done', async () => {
  const broken = new ReadableStream({
    pull(controller) {
      controller.error(connectionError({ code: 'ECONNRESET' }))
    },
  })
  expect(await attempt(async () => new Response(broken))).toMatchObject({ kind: 'none', sent: true })
})

test('an abort in flight may have been done, one before has not', async () => {
  const stop = new AbortController()
  const made = attempt((_, init = {}) => hang(init), { signal: stop.signal })
  stop.abort()
  expect(await made).toMatchObject({ kind: 'none', sent: true, fault: { code: 'timeout' } })
  let called = false
  const late = await attempt(
    async () => {
      called = true
      return ok()
    },
    { signal: stop.signal },
  )
  expect(late).toMatchObject({ kind: 'none', sent: false })
  expect(called).toBe(false)
  expect(clock.sleeping).toBe(0)
})

describe('reading', () => {
  test('text that is no JSON is undefined as JSON', async () => {
    const made = await attempt(async () => new Response('<html>', { status: 502 }))
    if (made.kind !== 'answer') throw new Error('no answer')
    expect([made.answer.text, made.answer.json()]).toEqual(['<html>', undefined])
  })

  test('bytes, and the text of a refusal', async () => {
    const request = { readAs: 'bytes' } as const
    const good = await attempt(async () => new Response(new Uint8Array([1, 255])), { request })
    expect(good.kind === 'answer' && good.answer.bytes).toEqual(new Uint8Array([1, 255]))
    const bad = await attempt(async () => status(400), { request })
    expect(bad.kind === 'answer' && bad.answer.json()).toEqual({ message: 'no' })
  })

  test('a stream is handed over, and still ends when the call does', async () => {
    const stop = new AbortController()
    const made = await attempt(
      async (_, init) =>
        new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(new Uint8Array([7]))
              init?.signal?.addEventListener('abort', () => controller.error(new Error('cut')))
            },
          }),
        ),
      { request: { readAs: 'stream' }, signal: stop.signal },
    )
    const reader = made.kind === 'answer' ? made.answer.stream?.getReader() : undefined
    expect((await reader?.read())?.value).toEqual(new Uint8Array([7]))
    stop.abort()
    await expect(reader?.read()).rejects.toThrow('cut')
  })
})

function hang({ signal }: RequestInit): Promise<Response> {
  const request = { url: '', method: 'POST', headers: new Headers(), body: '', atMs: 0 }
  return Promise.resolve(silence(request, signal ?? undefined))
}
async function closedPort(): Promise<{ readonly port: number }> {
  const { createServer } = await import('node:net')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address
}
