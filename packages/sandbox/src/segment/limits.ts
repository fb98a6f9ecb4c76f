import { createRateCounter, type RateAnswer, type RateWindow, type SandboxClock } from '../core/index.ts'
import type { SegmentAccount } from './account.ts'

const minuteMs = 60_000

/** Rate windows by API. Sources: HTTP API "Rate limits", Profile API "Rate limit", Public API operations 73.2.0. */
export const rateWindows = {
  tracking: (account: SegmentAccount): RateWindow => ({
    max: account.trackingPerSecond,
    perMs: 1_000,
    window: 'fixed',
  }),
  profile: (account: SegmentAccount): RateWindow => ({
    max: account.profilePerSecond,
    perMs: 1_000,
    window: 'fixed',
  }),
  publicMinute: (max: number): RateWindow => ({ max, perMs: minuteMs, window: 'rolling' }),
  /** A month is taken as 30 days. */
  publicMonth: (max: number): RateWindow => ({ max, perMs: 30 * 86_400_000, window: 'rolling' }),
} as const

/** Counters by name; a changed window starts a new counter. */
export interface RateLimiter {
  hit(name: string, window: RateWindow): RateAnswer
  clear(): void
}
export function createRateLimiter(clock: SandboxClock): RateLimiter {
  const counters = new Map<string, ReturnType<typeof createRateCounter>>()
  return {
    hit(name, window) {
      const key = `${name}|${window.max}|${window.perMs}`
      const counter = counters.get(key) ?? createRateCounter(window, clock)
      counters.set(key, counter)
      return counter.hit()
    },
    clear: () => counters.clear(),
  }
}
