import { createRateCounter, type RateWindow, type SandboxClock } from '../core/index.ts'
import type { HubspotAccount } from './account.ts'
import type { Caller } from './authenticate.ts'
import { rateLimited } from './errors.ts'
import { hubspotRates, perDay, perTenSeconds, type LimitClass, type RateVerdict } from './limits.ts'

export interface RateLimiter {
  take(limit: LimitClass, caller: Caller): RateVerdict
  readonly usedToday: number
}
type Counter = ReturnType<typeof createRateCounter>

/** Counts calls in the account's windows; a limit lowered by `configure` holds from the next call on. */
export function createRateLimiter(clock: SandboxClock, account: () => HubspotAccount): RateLimiter {
  const burst = createBurstCounters(clock, account)
  const daily = createDailyCounter(clock, account)
  return {
    take(limit, caller) {
      if (limit === 'none') return { headers: {} }
      // Events and OAuth apps are exempt from the daily limit.
      const counted = caller !== 'oauth' && limit !== 'events'
      const dailyHeaders = counted && limit !== 'search' ? daily.headers : () => ({})
      if (counted && daily.left() <= 0)
        return { refused: rateLimited('DAILY', 'private-app'), headers: dailyHeaders() }
      const verdict = burst(limit, caller)
      if (verdict.refused === undefined && counted) daily.use()
      return { ...verdict, headers: { ...verdict.headers, ...dailyHeaders() } }
    },
    get usedToday() {
      return daily.used()
    },
  }
}

/** The windows of a second and of ten seconds. Search and event sends answer without rate headers. */
function createBurstCounters(
  clock: SandboxClock,
  account: () => HubspotAccount,
): (limit: LimitClass, caller: Caller) => RateVerdict {
  const counter = (perMs: number, max: () => number): Counter => {
    const rule: RateWindow = {
      perMs,
      window: 'rolling',
      get max() {
        return max()
      },
    }
    return createRateCounter(rule, clock)
  }
  const limits = (): Required<Omit<HubspotAccount['limits'], 'perTenSeconds' | 'perDay'>> => ({
    ...hubspotRates,
    ...account().limits,
  })
  const tenSecondly: Readonly<Record<Caller, Counter>> = {
    'private-app': counter(10_000, () => perTenSeconds(account(), 'private-app')),
    'service-key': counter(10_000, () => perTenSeconds(account(), 'service-key')),
    oauth: counter(10_000, () => perTenSeconds(account(), 'oauth')),
  }
  const associations = counter(10_000, () => limits().associationCallsPerTenSeconds)
  const secondly = {
    search: counter(1_000, () => limits().searchesPerSecond),
    events: counter(1_000, () => limits().eventCallsPerSecond),
  }
  const groups = { search: 'search', events: 'custom-events' } as const
  return (limit, caller) => {
    if (limit === 'none' || limit === 'daily-only') return { headers: {} }
    if (limit === 'search' || limit === 'events')
      return secondly[limit].hit().allowed
        ? { headers: {} }
        : { refused: rateLimited('SECONDLY', groups[limit]), headers: {} }
    const shared = limit === 'associations'
    const { allowed, remaining } = (shared ? associations : tenSecondly[caller]).hit()
    const max = shared ? limits().associationCallsPerTenSeconds : perTenSeconds(account(), caller)
    const headers = {
      'X-HubSpot-RateLimit-Max': String(max),
      'X-HubSpot-RateLimit-Remaining': String(Math.max(0, remaining)),
      'X-HubSpot-RateLimit-Interval-Milliseconds': '10000',
    }
    return allowed ? { headers } : { refused: rateLimited('TEN_SECONDLY_ROLLING', caller), headers }
  }
}

interface DailyCounter {
  left(): number
  used(): number
  use(): void
  headers(): Readonly<Record<string, string>>
}

/** Starts anew at midnight of the account's time zone. */
function createDailyCounter(clock: SandboxClock, account: () => HubspotAccount): DailyCounter {
  let day = 0
  let used = 0
  const today = (): number => {
    const now = Math.floor((clock.now() + account().utcOffsetMs) / 86_400_000)
    if (now !== day) [day, used] = [now, 0]
    return used
  }
  const left = (): number => perDay(account()) - today()
  return {
    left,
    used: today,
    use: () => {
      used = today() + 1
    },
    headers: () => ({
      'X-HubSpot-RateLimit-Daily': String(perDay(account())),
      'X-HubSpot-RateLimit-Daily-Remaining': String(Math.max(0, left())),
    }),
  }
}
