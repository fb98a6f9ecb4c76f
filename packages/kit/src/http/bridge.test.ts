import { createFakeClock } from '@tripline/testkit'
import { describe, expect, test } from 'vitest'
import { createFakeVendor, ok, status } from '../../fixtures/fake-vendor.ts'

const call = { endpoint: 'POST /things', purpose: 'write', repeat: 'keyed' } as const
/** What a vendor's SDK looks like from here: it builds a request, sends it, and has its own view of the answer. */
const sdk = (fetch: typeof globalThis.fetch) => ({
  async create(thing: unknown): Promise<unknown> {
    if (thing === undefined) throw new TypeError('thing is required')
    const response = await fetch('https://api.example.com/things', {
      method: 'post',
      headers: { Authorization: 'Bearer of the SDK', 'X-Sdk': '1' },
      body: JSON.stringify(thing),
      signal: AbortSignal.abort(),
    })
    if (!response.ok) throw new Error(`SDK: ${response.status}`)
    return response.status === 204 ? undefined : response.json()
  },
})

test('the SDK builds the request, our transport sends it and judges the answer', async () => {
  const clock = createFakeClock()
  let tries = 0
  const vendor = createFakeVendor(clock, () => (++tries === 1 ? status(429) : ok()))
  const session = vendor.session()
  let answer: unknown
  const running = session.bridge(call).run(async (fetch) => {
    answer = await sdk(fetch).create({ id: 1 })
  })
  expect(await clock.run(running)).toMatchObject({ kind: 'ok' })
  expect(answer).toEqual({ message: 'success' })
  expect(vendor.seen).toHaveLength(2)
  expect(vendor.seen[0]).toMatchObject({ method: 'POST', body: '{"id":1}' })
  expect(vendor.seen[0]?.headers.get('authorization')).toBe('Bearer key-1')
  expect(vendor.seen[0]?.headers.get('x-sdk')).toBe('1')
  expect(session.calls()).toMatchObject([{ endpoint: 'POST /things', count: 1, retries: 1 }])
})

test.each([
  [400, 'refused'],
  [420, 'retry'],
  [451, 'retry'],
])('status %i ends as %s, whatever the SDK throws', async (code, kind) => {
  const vendor = createFakeVendor(createFakeClock(), () => status(code))
  const result = await vendor
    .session()
    .bridge(call)
    .run((fetch) => sdk(fetch).create({}))
  expect(result.kind).toBe(kind)
})

test.each([204, 205])('an answer without a body (%i) reaches the SDK', async (code) => {
  const vendor = createFakeVendor(createFakeClock(), () => new Response(null, { status: code }))
  let seen = 0
  const result = await vendor
    .session()
    .bridge(call)
    .run(async (fetch) => {
      seen = (await fetch('https://api.example.com/')).status
    })
  expect([result.kind, seen]).toEqual(['ok', code])
})

test('arguments that the SDK refuses are a defect, not a result', async () => {
  const bridge = createFakeVendor(createFakeClock()).session().bridge(call)
  await expect(bridge.run((fetch) => sdk(fetch).create(undefined))).rejects.toThrow('thing is required')
  await expect(bridge.run(async () => undefined)).rejects.toThrow('made no request')
})

describe('requests of other forms keep their body', () => {
  const forms: readonly [string, Parameters<typeof globalThis.fetch>, string][] = [
    ['a Request', [new Request('https://api.example.com/', { method: 'PUT', body: 'abc' })], 'abc'],
    [
      'form fields',
      ['https://api.example.com/', { method: 'POST', body: new URLSearchParams({ a: '1 2' }) }],
      'a=1+2',
    ],
    [
      'bytes',
      [new URL('https://api.example.com/'), { method: 'POST', body: new Uint8Array([104, 105]) }],
      'hi',
    ],
    [
      'a stream',
      ['https://api.example.com/', { method: 'POST', body: new Blob(['streamed']).stream() }],
      'streamed',
    ],
  ]
  test.each(forms)('%s', async (_, args, body) => {
    const vendor = createFakeVendor(createFakeClock())
    await vendor
      .session()
      .bridge(call)
      .run((fetch) => fetch(...args))
    expect(vendor.seen[0]?.body).toBe(body)
  })

  test('a form says what it is', async () => {
    const vendor = createFakeVendor(createFakeClock())
    const body = new URLSearchParams({ a: '1' })
    await vendor
      .session()
      .bridge(call)
      .run((fetch) => fetch('https://api.example.com/', { method: 'POST', body }))
    expect(vendor.seen[0]?.headers.get('content-type')).toContain('application/x-www-form-urlencoded')
  })
})
