import { TriplineError, type CallEvent } from '@tripline/model'
import { createFakeClock } from '@tripline/testkit'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import {
  connectionError,
  createFakeVendor,
  ok,
  parallelLimit,
  postRequest,
  rateLimit,
  silence,
  status,
  type AnswerRequest,
} from '../../fixtures/fake-vendor.ts'

let clock = createFakeClock()
beforeEach(() => {
  clock = createFakeClock()
})
/** Answers one after the other; the last one again and again. */
const script = (...answers: readonly (AnswerRequest | Response | Error)[]): AnswerRequest => {
  let place = 0
  return (request, signal) => {
    const answer = answers[Math.min(place++, answers.length - 1)] ?? ok()
    if (answer instanceof Error) throw answer
    return answer instanceof Response ? answer.clone() : answer(request, signal)
  }
}
const inMs = (ms: number): string => new Date(clock.now() + ms).toISOString()
const backoff = { baseMs: 1_000, maxMs: 1_000 }

describe('a judgement', () => {
  test('ok ends it', async () => {
    const session = createFakeVendor(clock).session()
    const result = await session.request(postRequest('doubles'))
    expect(result).toMatchObject({ kind: 'ok', maybeTwice: false, answer: { status: 200 } })
    expect(session.calls()).toEqual([
      { endpoint: 'POST /things', purpose: 'write', count: 1, retries: 0, bytes: 8 },
    ])
  })

  test('refused ends it with the fault', async () => {
    const vendor = createFakeVendor(clock, () => status(400))
    const result = await vendor.session().request(postRequest('natural'))
    expect(result).toMatchObject({ kind: 'refused', fault: { code: 'invalid', status: 400 } })
    expect(vendor.seen).toHaveLength(1)
  })

  test('busy is repeated after the wait that the vendor asked for', async () => {
    const vendor = createFakeVendor(clock, script(status(429, { 'retry-after': '30' }), ok()))
    const session = vendor.session()
    const result = await clock.run(session.request(postRequest('doubles')))
    expect(result).toMatchObject({ kind: 'ok', maybeTwice: false })
    expect((vendor.seen[1]?.atMs ?? 0) - (vendor.seen[0]?.atMs ?? 0)).toBe(30_000)
    expect(session.calls()).toMatchObject([{ count: 1, retries: 1, bytes: 16 }])
  })

  test('doubtful is repeated; where that doubles, the result says so', async () => {
    for (const repeat of ['natural', 'keyed', 'doubles'] as const) {
      const vendor = createFakeVendor(clock, script(status(500), ok()))
      const result = await clock.run(vendor.session().request(postRequest(repeat)))
      expect(result).toMatchObject({ kind: 'ok', maybeTwice: repeat === 'doubles' })
    }
  })

  test('later is not waited for', async () => {
    const result = await createFakeVendor(clock, () => status(420))
      .session()
      .request(postRequest('natural'))
    expect(result).toMatchObject({ kind: 'retry', notBefore: '2026-01-02T00:00:00.000Z' })
  })

  test('halt stops the ability or all of it', async () => {
    const session = createFakeVendor(clock, script(status(403), status(451), status(403))).session()
    expect(await session.request(postRequest('natural'))).toMatchObject({ kind: 'retry' })
    expect(session.halted()?.what).toBe('event')
    await session.request(postRequest('natural'))
    await session.request(postRequest('natural'))
    expect(session.halted()?.what).toBe('connector')
  })
})

describe('a refused credential', () => {
  const authorize = (): ReturnType<typeof vi.fn<(expired: boolean) => Promise<Record<string, string>>>> =>
    vi.fn<(expired: boolean) => Promise<Record<string, string>>>(async (expired) => ({
      Authorization: expired ? 'new' : 'old',
    }))

  test('is renewed once, whatever the number of tries', async () => {
    const given = authorize()
    const vendor = createFakeVendor(clock, script(status(401), ok()), { authorize: given, maxAttempts: 1 })
    expect(await vendor.session().request(postRequest('natural'))).toMatchObject({ kind: 'ok' })
    expect(given.mock.calls.map(([expired]) => expired)).toEqual([false, true])
    expect(vendor.seen.map(({ headers }) => headers.get('authorization'))).toEqual(['old', 'new'])
  })

  test('refused again it halts the connector', async () => {
    const given = authorize()
    const session = createFakeVendor(clock, () => status(401), { authorize: given }).session()
    const result = await session.request(postRequest('natural'))
    expect(result).toMatchObject({ kind: 'retry', fault: { code: 'auth' } })
    expect(session.halted()).toMatchObject({ what: 'connector', fault: { code: 'auth' } })
    expect(given).toHaveBeenCalledTimes(2)
  })

  test('a renewed one is not renewed again by a later try', async () => {
    const given = authorize()
    const vendor = createFakeVendor(clock, script(status(401), status(429), ok()), { authorize: given })
    await clock.run(vendor.session().request(postRequest('natural')))
    expect(given.mock.calls.map(([expired]) => expired)).toEqual([false, true, false])
  })

  test('one that is not there halts before anything is sent', async () => {
    const fault = { code: 'auth', message: 'no credential' } as const
    const vendor = createFakeVendor(clock, () => ok(), {
      authorize: () => Promise.reject(new TriplineError('example', fault)),
    })
    const session = vendor.session()
    expect(await session.request(postRequest('doubles'))).toEqual({ kind: 'retry', fault })
    expect(session.halted()).toEqual({ what: 'connector', fault })
    expect(vendor.seen).toEqual([])
  })

  test('one that cannot be fetched right now is asked for again', async () => {
    const fault = { code: 'unavailable', message: 'vault is down' } as const
    const given = authorize().mockRejectedValueOnce(new TriplineError('example', fault))
    const session = createFakeVendor(clock, () => ok(), { authorize: given }).session()
    expect(await clock.run(session.request(postRequest('doubles')))).toMatchObject({
      kind: 'ok',
      maybeTwice: false,
    })
    expect(session.halted()).toBeUndefined()
  })

  test('replaces a header of any spelling that the request brings', async () => {
    const vendor = createFakeVendor(clock)
    await vendor.session().request(postRequest('natural', { headers: { authorization: 'sdk', 'X-Id': '1' } }))
    expect(vendor.seen[0]?.headers.get('authorization')).toBe('Bearer key-1')
    expect(vendor.seen[0]?.headers.get('x-id')).toBe('1')
  })
})

describe('a lost answer', () => {
  const lost = connectionError({ code: 'ECONNRESET' })

  test('is repeated, and reported as perhaps twice where that doubles', async () => {
    const result = await clock.run(
      createFakeVendor(clock, script(lost, ok())).session().request(postRequest('doubles')),
    )
    expect(result).toMatchObject({ kind: 'ok', maybeTwice: true })
  })

  test('is unknown at once where the caller wants to know', async () => {
    const vendor = createFakeVendor(clock, script(lost, ok()))
    const result = await vendor.session({ onUnknown: 'report' }).request(postRequest('doubles'))
    expect(result).toMatchObject({ kind: 'unknown', fault: { code: 'unavailable' } })
    expect(vendor.seen).toHaveLength(1)
  })

  test('the default comes from the verb, the call wins over it', async () => {
    const vendor = createFakeVendor(clock, script(lost, lost, ok()))
    const byVerb = vendor.session({}, { onUnknown: 'report' })
    expect((await byVerb.request(postRequest('doubles'))).kind).toBe('unknown')
    const byCall = vendor.session({ onUnknown: 'repeat' }, { onUnknown: 'report' })
    expect((await clock.run(byCall.request(postRequest('doubles')))).kind).toBe('ok')
  })

  test('a connection that never stood leaves no doubt', async () => {
    const refused = connectionError({ code: 'ECONNREFUSED' })
    const vendor = createFakeVendor(clock, script(refused, ok()))
    const result = await clock.run(vendor.session({ onUnknown: 'report' }).request(postRequest('doubles')))
    expect(result).toMatchObject({ kind: 'ok', maybeTwice: false })
  })

  test('doubt stays when later tries were certainly not done', async () => {
    const vendor = createFakeVendor(clock, script(lost, status(429)), { maxAttempts: 3 })
    expect((await clock.run(vendor.session().request(postRequest('doubles')))).kind).toBe('unknown')
    const harmless = createFakeVendor(clock, script(lost, status(429)), { maxAttempts: 3 })
    expect((await clock.run(harmless.session().request(postRequest('keyed')))).kind).toBe('retry')
  })
})

describe('the end of the call', () => {
  test.each([
    ['read', 'retry'],
    ['natural', 'retry'],
    ['keyed', 'retry'],
    ['doubles', 'unknown'],
  ] as const)('in flight, %s: %s', async (repeat, kind) => {
    for (const how of ['deadline', 'abort', 'close'] as const) {
      const stop = new AbortController()
      const vendor = createFakeVendor(clock, silence)
      const session = vendor.session(how === 'deadline' ? { deadline: inMs(2_000) } : { signal: stop.signal })
      const result = session.request(postRequest(repeat))
      await clock.advance(2_000)
      if (how === 'abort') stop.abort()
      if (how === 'close') session.close()
      expect((await result).kind).toBe(kind)
      expect(vendor.seen).toHaveLength(1)
      session.close()
      expect(clock.sleeping).toBe(0)
    }
  })

  test('a repeat that would pass the deadline is not waited for', async () => {
    const vendor = createFakeVendor(clock, () => status(429, { 'retry-after': '60' }))
    const startMs = clock.now()
    const result = await vendor.session({ deadline: inMs(30_000) }).request(postRequest('natural'))
    expect(result).toMatchObject({ kind: 'retry', notBefore: new Date(startMs + 60_000).toISOString() })
    expect(clock.now()).toBe(startMs)
  })

  test('a wait beyond all dates does no harm', async () => {
    const vendor = createFakeVendor(clock, () => status(429, { 'retry-after': '99999999999999999' }))
    const result = await vendor.session({ deadline: inMs(30_000) }).request(postRequest('natural'))
    expect(result).toMatchObject({ kind: 'retry', fault: { code: 'rate-limited' } })
  })

  test('an abort ends the wait between two tries', async () => {
    const stop = new AbortController()
    const vendor = createFakeVendor(clock, () => status(500))
    const natural = vendor.session({ signal: stop.signal }).request(postRequest('natural'))
    const doubles = vendor.session({ signal: stop.signal }).request(postRequest('doubles'))
    await clock.settle()
    stop.abort()
    expect([(await natural).kind, (await doubles).kind]).toEqual(['retry', 'unknown'])
    expect(vendor.seen).toHaveLength(2)
  })

  test('what waits for its budget was not sent', async () => {
    const limits = [rateLimit('slow', 1, 60_000)]
    const vendor = createFakeVendor(clock, () => ok(), { limits })
    const session = vendor.session({ deadline: inMs(10_000) })
    await session.request(postRequest('doubles'))
    const result = await clock.run(session.request(postRequest('doubles')))
    expect(result).toMatchObject({ kind: 'retry', fault: { code: 'timeout' } })
    expect(vendor.seen).toHaveLength(1)
  })

  test('a deadline that has passed sends nothing', async () => {
    const vendor = createFakeVendor(clock)
    const result = await vendor.session({ deadline: inMs(-1) }).request(postRequest('doubles'))
    expect(result.kind).toBe('retry')
    expect(vendor.seen).toEqual([])
  })

  test('a deadline that is no instant is misuse', () => {
    expect(() => createFakeVendor(clock).session({ deadline: 'tomorrow' })).toThrow(
      'the deadline is not an instant',
    )
  })
})

describe('tries', () => {
  test('run out', async () => {
    const attempts: CallEvent[] = []
    const vendor = createFakeVendor(clock, () => status(429), {
      maxAttempts: 3,
      backoff,
      lent: { onCall: (call) => void attempts.push(call) },
    })
    const result = await clock.run(vendor.session().request(postRequest('natural')))
    expect(result).toMatchObject({ kind: 'retry', fault: { code: 'rate-limited', status: 429 } })
    expect(attempts.map(({ attempt, status: code }) => [attempt, code])).toEqual([
      [1, 429],
      [2, 429],
      [3, 429],
    ])
  })

  test('telemetry tells of a try without an answer', async () => {
    const onCall = vi.fn<(call: CallEvent) => void>()
    const vendor = createFakeVendor(clock, silence, { maxAttempts: 1, timeoutMs: 400, lent: { onCall } })
    await clock.run(vendor.session().request(postRequest('natural')))
    expect(onCall).toHaveBeenCalledExactlyOnceWith({
      endpoint: 'POST /things',
      status: 0,
      ms: 400,
      attempt: 1,
    })
  })

  test('a request may bring its own time', async () => {
    const startMs = clock.now()
    const vendor = createFakeVendor(clock, silence, { maxAttempts: 1 })
    await clock.run(vendor.session().request(postRequest('natural', { timeoutMs: 70 })))
    expect(clock.now() - startMs).toBe(70)
  })
})

describe('limits', () => {
  test('every try takes from each budget of its endpoint, with its weights', async () => {
    const take = vi.fn<(id: string, weight: number) => Promise<void>>(async () => undefined)
    const limits = [
      rateLimit('burst', 9, 1_000),
      rateLimit('day', 9, 86_400_000),
      rateLimit('other', 9, 1_000, { endpoints: ['GET /'] }),
    ]
    const vendor = createFakeVendor(clock, script(status(429), ok()), {
      limits,
      lent: { budget: { take, observe: () => undefined } },
    })
    await clock.run(vendor.session().request(postRequest('natural', { weights: { day: 7 } })))
    expect(take.mock.calls.map(([id, weight]) => `${id} ${weight}`)).toEqual([
      'day 7',
      'burst 1',
      'day 7',
      'burst 1',
    ])
  })

  test('a lent budget that fails does not lose the item', async () => {
    const take = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new TypeError('down')).mockResolvedValue()
    const vendor = createFakeVendor(clock, () => ok(), {
      limits: [rateLimit('x', 1, 1_000)],
      lent: { budget: { take, observe: () => undefined } },
    })
    expect((await clock.run(vendor.session().request(postRequest('doubles')))).kind).toBe('ok')
  })

  test('what the vendor says of a limit reaches the budget', async () => {
    const observe = vi.fn<(id: string, left: number, resetAtMs: number) => void>()
    const vendor = createFakeVendor(clock, () => ok(), {
      observe: (_, nowMs) => [{ limitId: 'x', left: 3, resetAtMs: nowMs + 500 }],
      lent: { budget: { take: async () => undefined, observe } },
    })
    await vendor.session().request(postRequest('natural'))
    expect(observe).toHaveBeenCalledExactlyOnceWith('x', 3, clock.now() + 500)
  })

  test('no more requests than the parallel limit are under way, over all sessions', async () => {
    let inside = 0
    let most = 0
    const vendor = createFakeVendor(
      clock,
      async () => {
        most = Math.max(most, ++inside)
        await clock.sleep(10)
        inside--
        return ok()
      },
      { limits: [parallelLimit('three', 3)] },
    )
    const [one, other] = [vendor.session(), vendor.session()]
    const all = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? one : other).request(postRequest('natural')),
    )
    await clock.run(Promise.all(all))
    expect(most).toBe(3)
  })

  test('a place is given back when the request is aborted or its handling fails', async () => {
    const judge = vi.fn(() => {
      throw new TypeError('a defect of the adapter')
    })
    const vendor = createFakeVendor(clock, () => ok(), { limits: [parallelLimit('one', 1)], judge })
    await expect(vendor.session().request(postRequest('natural'))).rejects.toThrow('a defect of the adapter')
    await expect(vendor.session().request(postRequest('natural'))).rejects.toThrow('a defect of the adapter')
    expect(vendor.seen).toHaveLength(2)
  })
})

test('a read throws what its fault says, with the endpoint', async () => {
  const session = createFakeVendor(clock, script(ok(), status(400))).session()
  expect((await session.read(postRequest('read'))).json()).toEqual({ message: 'success' })
  const error: unknown = await session.read(postRequest('read')).catch((caught: unknown) => caught)
  expect(TriplineError.is(error) && error.message).toBe('example: POST /things: HTTP 400')
})

test('a body that is a function is made anew for each try, after all waiting', async () => {
  const limits = [rateLimit('things', 1, 10_000)]
  const vendor = createFakeVendor(clock, script(status(429, { 'retry-after': '3' }), ok()), { limits })
  const session = vendor.session()
  const body = (): string => `{"sentAt":${clock.now()}}`
  await clock.run(session.request(postRequest('keyed', { body })))
  const bodies = vendor.seen.map((seen) => seen.body)
  expect(bodies).toEqual(vendor.seen.map(({ atMs }) => `{"sentAt":${atMs}}`))
  expect(new Set(bodies).size).toBe(2)
  expect(session.calls()).toMatchObject([{ count: 1, retries: 1, bytes: bodies.join('').length }])
})
