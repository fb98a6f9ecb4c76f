import { Analytics } from '@segment/analytics-node'
import { describe, expect, test } from 'vitest'
import { batchAccepted } from '../fixtures/answers.ts'

/**
 * What the vendor's client does wrong, so that we notice when it is fixed: the reasons why our transport sends, retries and
 * measures, and why the client gets `flushAt: 1`, `maxRetries: 0`, `maxRateLimitDuration: 0` and only 200 or 400 to see.
 */
interface Seen {
  readonly url: string
  readonly body: string
}
interface Reply {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
}
function createClient(
  reply: () => Reply | Promise<Reply>,
  more: Partial<ConstructorParameters<typeof Analytics>[0]> = {},
) {
  const seen: Seen[] = []
  const analytics = new Analytics({
    writeKey: 'key',
    flushAt: 1,
    maxRetries: 0,
    maxRateLimitDuration: 0,
    httpClient: {
      async makeRequest({ url, body }) {
        seen.push({ url, body })
        const { status, headers = {}, body: text = batchAccepted } = await reply()
        return { status, statusText: 'said', headers, text: async () => JSON.stringify(text) }
      },
    },
    ...more,
  })
  return { analytics, seen }
}
/** What the callback of one call was told; undefined is "delivered". */
const track = (analytics: Analytics, properties = {}): Promise<unknown> =>
  new Promise((resolve) => {
    analytics.track({ userId: 'u1', event: 'E', properties }, (error) => resolve(error))
  })

describe('what we rely on', () => {
  test('one event a request, ready made, under our id and time', async () => {
    const { analytics, seen } = createClient(() => ({ status: 200 }))
    await new Promise<void>((resolve) => {
      analytics.track(
        { userId: 'u1', event: 'E', messageId: 'mine', timestamp: new Date('2026-11-01T10:00:00Z') },
        () => resolve(),
      )
    })
    await analytics.closeAndFlush({ timeout: 1_000 })
    expect(seen).toHaveLength(1)
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
      writeKey: 'key',
      batch: [{ type: 'track', messageId: 'mine', timestamp: '2026-11-01T10:00:00.000Z', userId: 'u1' }],
    })
  })

  test('a 400 is dropped at once: nothing is tried again', async () => {
    const { analytics, seen } = createClient(() => ({ status: 400 }), { maxRetries: 5 })
    expect(await track(analytics)).toBeDefined()
    expect(seen).toHaveLength(1)
  })

  test('closing with nothing under way is done at once', async () => {
    const { analytics } = createClient(() => ({ status: 200 }))
    await track(analytics)
    const started = performance.now()
    await analytics.closeAndFlush({ timeout: 60_000 })
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('what we work around', () => {
  test('its size guard counts `%xx` and the letter i: 100 KB leave as one event', async () => {
    const { analytics, seen } = createClient(() => ({ status: 200 }))
    expect(await track(analytics, { text: 'x'.repeat(100_000) })).toBeUndefined()
    expect(seen[0]?.body.length).toBeGreaterThan(100_000)
  })

  test('`success: false` counts as delivered, because no body is read', async () => {
    const { analytics } = createClient(() => ({ status: 200, body: { success: false } }))
    expect(await track(analytics)).toBeUndefined()
  })

  test('a redirect counts as delivered', async () => {
    const { analytics } = createClient(() => ({ status: 302 }))
    expect(await track(analytics)).toBeUndefined()
  })

  test('`maxRetries: 0` does not stop a 429 with Retry-After; `maxRateLimitDuration: 0` does', async () => {
    const limited = (): Reply => ({ status: 429, headers: { 'retry-after': '1' } })
    let calls = 0
    const retried = createClient(() => (calls++ === 0 ? limited() : { status: 200 }), {
      maxRateLimitDuration: 60,
    })
    expect(await track(retried.analytics)).toBeUndefined()
    expect(retried.seen).toHaveLength(2)
    const stopped = createClient(limited)
    expect(await track(stopped.analytics)).toBeDefined()
    expect(stopped.seen).toHaveLength(1)
  })

  test('the error of a callback has no status', async () => {
    const { analytics } = createClient(() => ({ status: 503 }))
    const error = await track(analytics)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toHaveProperty('status')
  })

  test('a path prefix of the host is lost', async () => {
    const { analytics, seen } = createClient(() => ({ status: 200 }), {
      host: 'https://proxy.example.com/segment',
    })
    await track(analytics)
    expect(seen[0]?.url).toBe('https://proxy.example.com/v1/batch')
  })

  test('parallelism has no bound', async () => {
    let under = 0
    let most = 0
    const { analytics } = createClient(async () => {
      most = Math.max(most, ++under)
      await new Promise((resolve) => setImmediate(resolve))
      under--
      return { status: 200 }
    })
    await Promise.all(Array.from({ length: 50 }, () => track(analytics)))
    expect(most).toBeGreaterThan(20)
  })

  test('an empty userId is let through', async () => {
    const { analytics, seen } = createClient(() => ({ status: 200 }))
    await new Promise<void>((resolve) => {
      analytics.track({ userId: '', anonymousId: 'a', event: 'E' }, () => resolve())
    })
    expect(seen[0]?.body).toContain('"userId":""')
  })
})
