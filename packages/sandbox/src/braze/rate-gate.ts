import {
  createRateCounter,
  type RateAnswer,
  type RateWindow,
  type SandboxClock,
  type SimReply,
} from '../core/index.ts'
import type { BrazeAccount } from './account.ts'
import { messages } from './errors.ts'
import { rateGroups, type RateGroup } from './limits.ts'

/** What a request takes from: a named limit, or one that belongs to a value (an audience, a MAU plan). */
export interface RateCost {
  readonly group: RateGroup | 'mau-hour' | 'mau-burst'
  readonly per?: string
}
export interface RateVerdict {
  readonly headers: Readonly<Record<string, string>>
  readonly refused: SimReply | undefined
}
export interface RateGate {
  take(costs: readonly RateCost[]): RateVerdict
  /** The answer when the budget of these costs is used up. */
  refusal(costs: readonly RateCost[]): SimReply
  /** Starts all counters anew: after a change of the account's limits. */
  reset(): void
}

export function createRateGate(clock: SandboxClock, account: () => BrazeAccount): RateGate {
  const counters = new Map<string, { hit(weight?: number): RateAnswer }>()
  function windowOf({ group }: RateCost): RateWindow {
    const { mauLimits, rateLimits } = account()
    if (group === 'mau-hour') return { max: mauLimits?.perHour ?? 0, perMs: 3_600_000, window: 'fixed' }
    if (group === 'mau-burst') return { max: mauLimits?.perThreeSeconds ?? 0, perMs: 3_000, window: 'fixed' }
    return rateLimits[group] ?? rateGroups[group]
  }
  function headersOf(cost: RateCost, { remaining, resetAtMs }: RateAnswer): Record<string, string> {
    const relative = cost.group.startsWith('mau-')
    const reset = relative ? Math.ceil((resetAtMs - clock.now()) / 1_000) : Math.floor(resetAtMs / 1_000)
    return {
      'x-ratelimit-limit': String(windowOf(cost).max),
      'x-ratelimit-remaining': String(Math.max(0, remaining)),
      'x-ratelimit-reset': String(reset),
    }
  }
  function refusedBy(cost: RateCost, answer: RateAnswer): SimReply {
    // MAU plans leave the three headers out of a 429 and say how long to wait instead.
    const headers = cost.group.startsWith('mau-')
      ? { 'x-ratelimit-retry-after': String(Math.ceil((answer.resetAtMs - clock.now()) / 1_000)) }
      : headersOf(cost, { ...answer, remaining: 0 })
    return { status: 429, headers, body: { message: messages.rateLimited } }
  }
  return {
    take(costs) {
      let headers = {}
      for (const cost of costs) {
        const key = `${cost.group} ${cost.per ?? ''}`
        const counter = counters.get(key) ?? createRateCounter(windowOf(cost), clock)
        counters.set(key, counter)
        const answer = counter.hit()
        if (!answer.allowed) return { headers: {}, refused: refusedBy(cost, answer) }
        headers = headersOf(cost, answer)
      }
      return { headers, refused: undefined }
    },
    refusal(costs) {
      const cost = costs.at(-1) ?? { group: 'shared' }
      const { perMs } = windowOf(cost)
      const resetAtMs = (Math.floor(clock.now() / perMs) + 1) * perMs
      return refusedBy(cost, { allowed: false, remaining: 0, resetAtMs })
    },
    reset: () => counters.clear(),
  }
}
