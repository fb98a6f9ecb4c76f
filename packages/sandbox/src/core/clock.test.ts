import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fc, test as fcTest } from '@fast-check/vitest'
import { createClock } from './clock.ts'
import { requestHeader } from './jump-guard.ts'

const startAtMs = Date.UTC(2026, 0, 1)
const turns = async (count: number): Promise<void> => {
  for (let index = 0; index < count; index++) await turn()
}
interface Pending {
  readonly promise: Promise<Response>
  readonly resolve: (response: Response) => void
}
function pending(): Pending {
  let resolve: Pending['resolve'] = () => undefined
  const promise = new Promise<Response>((settle) => (resolve = settle))
  return { promise, resolve }
}

describe('a clock with a rate', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('wakes its sleepers early in real time', async () => {
    const clock = createClock({ rate: 60 })
    let woken = false
    void clock.sleep(60_000).then(() => (woken = true))
    await vi.advanceTimersByTimeAsync(999)
    expect(woken).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(woken).toBe(true)
  })

  test('leaves no timer when the last sleeper was aborted', async () => {
    const clock = createClock({ rate: 60 })
    const stop = new AbortController()
    const sleeps = [clock.sleep(600_000, stop.signal), clock.sleep(60_000, stop.signal)]
    expect(vi.getTimerCount()).toBe(1)
    stop.abort('enough')
    expect((await Promise.allSettled(sleeps)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('keeps a sleep beyond the longest timer of Node', async () => {
    const clock = createClock()
    let woken = false
    void clock.sleep(40 * 86_400_000).then(() => (woken = true))
    const timeouts = vi.spyOn(globalThis, 'setTimeout')
    await vi.advanceTimersByTimeAsync(39 * 86_400_000)
    expect(woken).toBe(false)
    // One timer at a time that fits: a longer one would fire at once, again and again.
    expect(timeouts.mock.calls.length).toBeLessThan(3)
    await vi.advanceTimersByTimeAsync(86_400_000)
    expect(woken).toBe(true)
  })

  test('two clocks of the same settings show the same time, in whole milliseconds', async () => {
    const first = createClock({ rate: 1.7, startAtMs })
    await vi.advanceTimersByTimeAsync(333)
    const second = createClock(first.settings)
    await vi.advanceTimersByTimeAsync(10)
    expect(second.now()).toBe(first.now())
    expect(first.now()).toBe(startAtMs + Math.floor(343 * 1.7))
  })

  test('advance wakes who is due and leaves the rest asleep', async () => {
    const clock = createClock({ startAtMs })
    const woken: number[] = []
    for (const ms of [3_000, 1_000, 2_000]) void clock.sleep(ms).then(() => woken.push(ms))
    clock.advance(2_000)
    await vi.advanceTimersByTimeAsync(0)
    expect(woken).toEqual([1_000, 2_000])
    expect(clock.now()).toBe(startAtMs + 2_000)
  })

  test.each([0, -1, Number.NaN, Infinity])('there is none with the rate %s', (rate) => {
    expect(() => createClock({ rate })).toThrow(RangeError)
  })
})

describe('a jumping clock', () => {
  fcTest.prop([fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 12 })], { numRuns: 30 })(
    'wakes in the order of the due times, of equal ones in the order of the sleeps',
    async (waits) => {
      const clock = createClock({ jump: true, startAtMs })
      const woken: { readonly ms: number; readonly index: number; readonly at: number }[] = []
      await Promise.all(
        waits.map(async (ms, index) => {
          await clock.sleep(ms)
          woken.push({ ms, index, at: clock.now() - startAtMs })
        }),
      )
      const sorted = waits.map((ms, index) => ({ ms, index, at: ms })).toSorted((a, b) => a.ms - b.ms)
      expect(woken).toEqual(sorted)
    },
  )

  test('jumps no further than to the first sleeper, who may go to sleep again before the second', async () => {
    const clock = createClock({ jump: true, startAtMs })
    const seen: number[] = []
    const short = async (): Promise<void> => {
      for (let index = 0; index < 3; index++) {
        await clock.sleep(10)
        seen.push(clock.now() - startAtMs)
      }
    }
    const long = clock.sleep(25).then(() => seen.push(clock.now() - startAtMs))
    await Promise.all([short(), long])
    expect(seen).toEqual([10, 20, 25, 30])
  })

  test('stands still when nobody sleeps, and for who sleeps for ever', async () => {
    const clock = createClock({ jump: true, startAtMs })
    const stop = new AbortController()
    const forever = clock.sleep(Infinity, stop.signal)
    await turns(30)
    expect(clock.now()).toBe(startAtMs)
    await clock.sleep(5)
    expect(clock.now()).toBe(startAtMs + 5)
    stop.abort('enough')
    await expect(forever).rejects.toBe('enough')
  })

  test('stands still while a tracked request is under way', async () => {
    const clock = createClock({ jump: true, startAtMs })
    const answer = pending()
    const response = clock.track(() => answer.promise)('http://sandbox')
    const nap = clock.sleep(1_000)
    await turns(50)
    expect(clock.now()).toBe(startAtMs)
    answer.resolve(new Response(null, { status: 204 }))
    await response
    await nap
    expect(clock.now()).toBe(startAtMs + 1_000)
  })

  test('stands still until the last byte of the body, whether it is read or not', async () => {
    const clock = createClock({ jump: true, startAtMs })
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    const response = await clock.track(async () => new Response(readable))('http://sandbox')
    const nap = clock.sleep(1_000)
    await writer.write(new TextEncoder().encode('half'))
    await turns(50)
    expect(clock.now()).toBe(startAtMs)
    await writer.close()
    await nap
    expect(clock.now()).toBe(startAtMs + 1_000)
    expect(await response.text()).toBe('half')
  })

  test('goes on when a tracked request, or its body, fails', async () => {
    const clock = createClock({ jump: true, startAtMs })
    const failing = clock.track(() => Promise.reject(new TypeError('fetch failed')))
    await expect(failing('http://sandbox')).rejects.toThrow('fetch failed')
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error('cut')) })
    const response = await clock.track(async () => new Response(broken))('http://sandbox')
    await expect(response.text()).rejects.toThrow('cut')
    await clock.sleep(1_000)
    expect(clock.now()).toBe(startAtMs + 1_000)
  })

  test('is not held by what waits unheld, and by nothing else the less for it', async () => {
    const clock = createClock({ jump: true, startAtMs })
    const given = pending()
    const other = pending()
    const stop = new AbortController()
    // A simulator that leaves its client waiting, a client that gives up, and the simulator that does not notice.
    const aborted = clock.track((_, init) =>
      Promise.race([
        clock.unheld(() => given.promise),
        new Promise<never>((_resolve, reject) =>
          init?.signal?.addEventListener('abort', () => reject(new Error('given up'))),
        ),
      ]),
    )('http://sandbox', { signal: stop.signal })
    await clock.sleep(10_000)
    stop.abort()
    await expect(aborted).rejects.toThrow('given up')
    const next = clock.track(() => other.promise)('http://sandbox')
    const nap = clock.sleep(1_000)
    await turns(50)
    expect(clock.now()).toBe(startAtMs + 10_000)
    other.resolve(new Response(null))
    await next
    await nap
    given.resolve(new Response(null))
  })

  test('a tracked request keeps its own headers', async () => {
    const clock = createClock({ jump: true })
    const sent: Headers[] = []
    const fetch = clock.track(async (_, init) => (sent.push(new Headers(init?.headers)), new Response(null)))
    await fetch('http://sandbox', { headers: { authorization: 'Bearer a' } })
    await fetch(new Request('http://sandbox', { headers: { authorization: 'Bearer b' } }))
    expect(sent.map((headers) => headers.get('authorization'))).toEqual(['Bearer a', 'Bearer b'])
    expect(new Set(sent.map((headers) => headers.get(requestHeader))).size).toBe(2)
  })

  test('an aborted sleeper moves no time', async () => {
    const clock = createClock({ jump: true, startAtMs })
    const stop = new AbortController()
    const nap = clock.sleep(1_000, stop.signal)
    stop.abort('enough')
    await expect(nap).rejects.toBe('enough')
    await expect(clock.sleep(1_000, stop.signal)).rejects.toBe('enough')
    await turns(30)
    expect(clock.now()).toBe(startAtMs)
  })

  test('advance wakes at once all who are due, and can set an unused clock back', async () => {
    const clock = createClock({ jump: true, startAtMs })
    clock.advance(-1_000)
    expect(clock.now()).toBe(startAtMs - 1_000)
    const woken: number[] = []
    const naps = [300, 100, 200].map((ms) => clock.sleep(ms).then(() => woken.push(ms)))
    clock.advance(1_000)
    await Promise.all(naps)
    expect(woken).toEqual([100, 200, 300])
    expect(clock.now()).toBe(startAtMs)
  })

  test('what is no number moves nothing', async () => {
    const clock = createClock({ jump: true, startAtMs })
    expect(() => clock.advance(Number.NaN)).toThrow(RangeError)
    expect(() => clock.advance(undefined as unknown as number)).toThrow(RangeError)
    await expect(clock.sleep(Number.NaN)).rejects.toThrow(RangeError)
    expect(clock.now()).toBe(startAtMs)
  })
})
