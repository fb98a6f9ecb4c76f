/** What an HTTP date or an ISO instant begins with; `Date.parse` alone would take almost anything. */
const dateLike = /^(?:[A-Z][a-z]{2,8},? |\d{4}-\d\d-\d\dT)/

/**
 * `Retry-After` (or a header like it) in ms from now: seconds, an HTTP date or an ISO instant.
 * @param name of the header, in any case @default 'retry-after'
 * @returns undefined when the header is absent or unreadable; 0 for a moment that has passed
 * @example retryAfterMs(new Headers({ 'retry-after': '1.5' }), clock.now()) // => 1500
 */
export function retryAfterMs(headers: Headers, nowMs: number, name = 'retry-after'): number | undefined {
  const value = headers.get(name)?.trim()
  if (!value) return undefined
  if (/^\d+(?:\.\d+)?$/.test(value)) {
    const waitMs = Number(value) * 1_000
    return Number.isFinite(waitMs) ? waitMs : undefined
  }
  const atMs = dateLike.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}

export interface Backoff {
  /** Longest wait after the first try, in ms. @default 500 */
  readonly baseMs: number
  /** Longest wait of all, in ms. @default 60_000 */
  readonly maxMs: number
}
/**
 * How long to wait after try number `attempt` (from 1), in ms: doubles each time up to `maxMs`, and half of it is random
 * so that many waiters do not come back together.
 * @example backoffMs(3, { baseMs: 500, maxMs: 60_000 }) // => between 1000 and 2000
 */
export function backoffMs(attempt: number, { baseMs, maxMs }: Backoff): number {
  const full = Math.min(maxMs, baseMs * 2 ** (attempt - 1))
  return full / 2 + (Math.random() * full) / 2
}

/** The last moment that JavaScript's dates know: what waits longer waits for ever anyway. */
const lastMs = 8_640_000_000_000_000
/** Milliseconds since 1970 as an `Instant`; never throws, however far a vendor sends us away. */
export const instantOf = (atMs: number): string => new Date(Math.min(atMs, lastMs)).toISOString()
