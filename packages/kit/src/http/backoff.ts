/** `Retry-After` in ms from now: seconds or an HTTP date. Undefined when absent or unreadable. */
export function retryAfterMs(headers: Headers, nowMs: number, name = 'retry-after'): number | undefined {
  const value = headers.get(name)?.trim()
  if (!value) return undefined
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1_000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}

export interface Backoff {
  /** @default 500 */
  readonly baseMs: number
  /** @default 60_000 */
  readonly maxMs: number
}
/** Exponential, with a random half so that many waiters do not come back together. */
export function backoffMs(attempt: number, { baseMs, maxMs }: Backoff): number {
  const full = Math.min(maxMs, baseMs * 2 ** (attempt - 1))
  return full / 2 + (Math.random() * full) / 2
}
