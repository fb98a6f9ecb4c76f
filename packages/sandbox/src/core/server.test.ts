import { request as httpRequest } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { createClock } from './clock.ts'
import { startSimulator, type Sandbox } from './sandbox.ts'
import { serveSimulator } from './server.ts'
import type { FaultKind, SimReply, SimRequest, Simulator } from './simulator.ts'

interface CounterState {
  readonly done: number
  readonly texts: readonly string[]
}
/** A vendor that stores the texts it is sent. */
function createCounter(): Simulator {
  let texts: string[] = []
  const store = (request: SimRequest): SimReply => {
    texts.push(request.body.toString())
    return { status: 201, body: { stored: texts.length } }
  }
  return {
    vendor: 'counter',
    coverage: {},
    routes: [
      { method: 'POST', path: '/texts', handle: store },
      { method: 'GET', path: '/texts/{id}', handle: ({ params }) => ({ status: 200, body: params }) },
      {
        method: 'HEAD',
        path: '/texts',
        handle: () => ({ status: 200, headers: { 'x-count': '0' }, body: 'no' }),
      },
      { method: 'GET', path: '/large', handle: () => ({ status: 200, body: 'x'.repeat(8_000_000) }) },
      {
        method: 'GET',
        path: '/headers',
        handle: ({ headers, query }) => ({ status: 200, body: { headers, q: query.get('q') } }),
      },
      {
        method: 'GET',
        path: '/defect',
        handle: () => {
          throw new Error('a mistake of ours')
        },
      },
      { method: 'GET', path: '/late-defect', handle: () => ({ status: 200, headers: { bad: 'a\nb' } }) },
    ],
    before: ({ headers }) =>
      headers['authorization'] === 'no' ? { status: 401, body: 'refused' } : undefined,
    after: (_, reply) => ({ ...reply, headers: { ...reply.headers, 'x-after': 'yes' } }),
    notFound: () => ({ status: 404, body: 'the vendor knows no such path' }),
    fault(kind, request, proceed) {
      if (kind === 'rate-limited') return { status: 429, body: 'later' }
      if (kind === 'server-error') return { status: 500, body: 'broken' }
      if (kind === 'silent') return { status: 200, body: 'nothing done' }
      return request.path === '/texts' ? proceed({ ...request, body: Buffer.from('half') }) : undefined
    },
    seed: (data) => {
      const given = (data as CounterState).texts
      if (!Array.isArray(given)) throw new TypeError('texts is a list')
      texts.push(...(given as string[]))
    },
    inspect: () => ({ done: texts.length, texts }),
    configure: () => undefined,
    reset: () => void (texts = []),
  }
}
type CounterSandbox = Sandbox<object, { readonly texts: readonly string[] }, CounterState>
const open: CounterSandbox[] = []
async function start(): Promise<CounterSandbox> {
  const sandbox = await startSimulator<object, { readonly texts: readonly string[] }, CounterState>(
    createCounter,
  )
  open.push(sandbox)
  return sandbox
}
afterEach(() => Promise.all(open.splice(0).map((sandbox) => sandbox.close())))
const post = (
  sandbox: CounterSandbox,
  body: string | Uint8Array<ArrayBuffer>,
  init: RequestInit = {},
): Promise<Response> => sandbox.host.fetch(`${sandbox.url}/texts`, { method: 'POST', body, ...init })
const codeOf = (error: unknown): unknown => (error as { cause?: { code?: unknown } }).cause?.code

describe('requests', () => {
  test('a gzip body is undone, in any case of the header; what is none arrives as it is', async () => {
    const sandbox = await start()
    for (const encoding of ['gzip', 'GZIP'])
      await post(sandbox, new Uint8Array(gzipSync(encoding)), { headers: { 'content-encoding': encoding } })
    await post(sandbox, 'plain', { headers: { 'content-encoding': 'gzip' } })
    const cut = new Uint8Array(gzipSync('text').subarray(0, -6))
    const reply = await post(sandbox, cut, { headers: { 'content-encoding': 'gzip' } })
    expect(reply.status).toBe(201)
    expect(sandbox.inspect().texts.slice(0, 3)).toEqual(['gzip', 'GZIP', 'plain'])
    expect(sandbox.requests().map(({ bytes }) => bytes)).toEqual([4, 4, 5, cut.length])
  })

  test('large bodies, both ways', async () => {
    const sandbox = await start()
    expect((await post(sandbox, 'y'.repeat(12_000_000))).status).toBe(201)
    expect(sandbox.inspect().texts[0]?.length).toBe(12_000_000)
    const response = await sandbox.host.fetch(`${sandbox.url}/large`)
    expect((await response.text()).length).toBe(8_000_000)
  })

  test('HEAD has headers and no body', async () => {
    const sandbox = await start()
    const response = await sandbox.host.fetch(`${sandbox.url}/texts`, { method: 'HEAD' })
    expect([response.status, response.headers.get('x-count'), await response.text()]).toEqual([200, '0', ''])
  })

  test.each(['/nowhere', '/texts/%zz', '/texts/%ff', '//texts', '/texts/'])(
    '%s is the vendor’s own "not found"',
    async (path) => {
      const sandbox = await start()
      const response = await fetch(sandbox.url + path)
      expect([response.status, await response.text()]).toEqual([404, 'the vendor knows no such path'])
      expect(sandbox.requests()).toMatchObject([{ route: 'unknown', status: 404 }])
    },
  )

  test('a parameter with an encoded slash, and a query that is no percent-encoding', async () => {
    const sandbox = await start()
    expect(await (await fetch(`${sandbox.url}/texts/a%2Fb`)).json()).toEqual({ id: 'a/b' })
    expect(await (await fetch(`${sandbox.url}/headers?q=%zz`)).json()).toMatchObject({ q: '%zz' })
  })

  test('a simulator does not see how its requests are tracked', async () => {
    const sandbox = await start()
    const response = await sandbox.host.fetch(`${sandbox.url}/headers`, { headers: { 'x-mine': '1' } })
    const { headers } = (await response.json()) as { headers: Record<string, string> }
    expect(headers).toMatchObject({ 'x-mine': '1' })
    expect(Object.keys(headers)).not.toContain('x-sandbox-request')
  })

  test('a client that leaves in the middle of its body harms nobody', async () => {
    const sandbox = await start()
    await new Promise<void>((resolve) => {
      const request = httpRequest(`${sandbox.url}/texts`, {
        method: 'POST',
        headers: { 'content-length': '100' },
      })
      request.on('error', () => resolve())
      request.write('half', () => request.destroy(new Error('gone')))
    })
    expect((await post(sandbox, 'whole')).status).toBe(201)
    expect(sandbox.inspect().texts).toEqual(['whole'])
  })
})

describe('defects', () => {
  test.each(['/defect', '/late-defect'])(
    '%s is a 599 with the stack, and the server lives on',
    async (path) => {
      const sandbox = await start()
      const response = await fetch(sandbox.url + path)
      expect(response.status).toBe(599)
      expect(await response.text()).toMatch(/^sandbox defect: .*Error.*\n\s+at /)
      expect((await post(sandbox, 'a')).status).toBe(201)
      expect(sandbox.requests()).toHaveLength(2)
    },
  )

  test('a 599 is in the journal', async () => {
    const sandbox = await start()
    await fetch(`${sandbox.url}/defect`)
    expect(sandbox.requests()).toMatchObject([{ route: '/defect', status: 599 }])
  })

  test('a taken port rejects', async () => {
    const sandbox = await start()
    const port = Number(new URL(sandbox.url).port)
    await expect(serveSimulator(createCounter(), createClock(), { port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })
})

describe('faults', () => {
  test.each<[FaultKind, number, string, readonly string[]]>([
    ['rate-limited', 429, 'later', []],
    ['server-error', 500, 'broken', []],
    ['server-error-after', 500, 'broken', ['a']],
    ['slow', 201, '{"stored":1}', ['a']],
    ['partial', 201, '{"stored":1}', ['half']],
    ['silent', 200, 'nothing done', []],
  ])('%s answers %i', async (kind, status, text, texts) => {
    const sandbox = await start()
    sandbox.chaos({ script: [{ kind }], slowMs: 7_000 })
    const startedAt = sandbox.clock.now()
    const response = await post(sandbox, 'a')
    expect([response.status, await response.text()]).toEqual([status, text])
    expect(response.headers.get('x-after')).toBe('yes')
    expect(sandbox.clock.now() - startedAt).toBe(kind === 'slow' ? 7_000 : 0)
    expect(sandbox.inspect().texts).toEqual(texts)
    expect(sandbox.faultsShown).toEqual({ [kind]: 1 })
    expect(sandbox.requests()).toMatchObject([{ status, fault: kind, route: '/texts', method: 'POST' }])
  })

  test.each([
    ['reset-before', []],
    ['reset-after', ['a']],
  ] as const)('%s resets the connection', async (kind, texts) => {
    const sandbox = await start()
    sandbox.chaos({ script: [{ kind }] })
    expect(codeOf(await post(sandbox, 'a').catch((error: unknown) => error))).toBe('ECONNRESET')
    expect(sandbox.inspect().texts).toEqual(texts)
    expect(sandbox.requests()).toMatchObject([{ status: 0, fault: kind }])
    expect((await post(sandbox, 'b')).status).toBe(201)
  })

  test.each([
    ['hang-before', []],
    ['hang-after', ['a']],
  ] as const)(
    '%s never answers; time goes on to the client’s own limit and no further',
    async (kind, texts) => {
      const sandbox = await start()
      const { clock } = sandbox
      const startedAt = clock.now()
      sandbox.chaos({ script: [{ kind }] })
      const stop = new AbortController()
      void clock.sleep(10_000).then(() => stop.abort(new Error('waited long enough')))
      await expect(post(sandbox, 'a', { signal: stop.signal })).rejects.toThrow('waited long enough')
      expect(sandbox.inspect().texts).toEqual(texts)
      expect(sandbox.requests()).toMatchObject([{ status: 0, fault: kind, at: startedAt }])
      // The next request has its full time: what still hangs does not count against it.
      const patience = new AbortController()
      const limit = clock.sleep(10_000, patience.signal).catch(() => undefined)
      expect((await post(sandbox, 'b')).status).toBe(201)
      patience.abort()
      await limit
      for (let index = 0; index < 50; index++) await turn()
      expect(clock.now()).toBe(startedAt + 10_000)
    },
  )

  test.each(['hang-before', 'slow'] as const)('close ends a %s at once', async (kind) => {
    // Machine time: the wait would take minutes, and its timer would keep the process up.
    const real = createClock()
    const naps: Promise<void>[] = []
    const sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
      const nap = real.sleep(ms, signal)
      naps.push(nap)
      return nap
    }
    const server = await serveSimulator(createCounter(), { ...real, sleep })
    server.chaos.set({ script: [{ kind }], slowMs: 600_000 })
    const hanging = fetch(`${server.url}/texts`, { method: 'POST', body: 'a' }).catch(
      (error: unknown) => error,
    )
    while (naps.length === 0) await turn()
    await server.close()
    expect(await hanging).toBeInstanceOf(TypeError)
    expect(await Promise.allSettled(naps)).toMatchObject([{ status: 'rejected' }])
    await server.close()
  })

  test('a refused request shows no fault, and neither does one the vendor has no form for', async () => {
    const sandbox = await start()
    sandbox.chaos({ script: [{ kind: 'server-error' }, { kind: 'partial' }] })
    expect((await post(sandbox, 'a', { headers: { authorization: 'no' } })).status).toBe(401)
    expect((await fetch(`${sandbox.url}/texts/1`)).status).toBe(200)
    expect(sandbox.faultsShown).toEqual({})
    expect(sandbox.requests().map(({ fault }) => fault)).toEqual([undefined, undefined])
  })
})

describe('control', () => {
  const tell = (sandbox: CounterSandbox, path: string, body: unknown): Promise<Response> =>
    fetch(`${sandbox.url}/__sandbox/${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const ask = async (sandbox: CounterSandbox, path: string): Promise<unknown> =>
    (await fetch(`${sandbox.url}/__sandbox/${path}`)).json()

  test('seed, state, journal and reset', async () => {
    const sandbox = await start()
    expect((await tell(sandbox, 'seed', { texts: ['seeded'] })).status).toBe(204)
    await post(sandbox, 'sent')
    expect(await ask(sandbox, 'state')).toEqual({ done: 2, texts: ['seeded', 'sent'] })
    const entry = {
      at: sandbox.clock.now(),
      method: 'POST',
      path: '/texts',
      route: '/texts',
      status: 201,
      bytes: 4,
    }
    expect(await ask(sandbox, 'journal')).toEqual({ counts: { 'POST /texts 201': 1 }, entries: [entry] })
    expect((await tell(sandbox, 'reset', {})).status).toBe(204)
    expect(await ask(sandbox, 'state')).toEqual({ done: 0, texts: [] })
    expect(await ask(sandbox, 'journal')).toEqual({ counts: {}, entries: [] })
  })

  test('chaos and clock, which no fault and no limit touches', async () => {
    const sandbox = await start()
    expect((await tell(sandbox, 'chaos', { rate: 1, kinds: ['server-error'] })).status).toBe(204)
    expect((await post(sandbox, 'a')).status).toBe(500)
    expect(await ask(sandbox, 'chaos')).toEqual({ 'server-error': 1 })
    const before = sandbox.clock.now()
    expect((await tell(sandbox, 'clock', { advanceMs: 5_000 })).status).toBe(204)
    expect(await ask(sandbox, 'clock')).toMatchObject({ nowMs: before + 5_000, jump: true, rate: 1 })
    expect((await tell(sandbox, 'account', {})).status).toBe(204)
  })

  test.each([
    ['seed', { texts: 'none' }],
    ['seed', '{'],
    ['chaos', { kinds: ['reset'] }],
    ['chaos', 'null'],
    ['clock', {}],
    ['account', ''],
  ])('%s refuses %j with a reason and changes nothing', async (path, body) => {
    const sandbox = await start()
    const before = sandbox.clock.now()
    const response = await tell(sandbox, path, body)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: expect.stringContaining('Error: ') as string })
    expect([sandbox.clock.now(), sandbox.inspect().done]).toEqual([before, 0])
  })

  test('what it does not have is no path of the vendor', async () => {
    const sandbox = await start()
    expect((await fetch(`${sandbox.url}/__sandbox/other`)).status).toBe(404)
    expect((await fetch(`${sandbox.url}/__sandbox/reset`)).status).toBe(404)
    expect(sandbox.requests()).toEqual([])
  })
})
