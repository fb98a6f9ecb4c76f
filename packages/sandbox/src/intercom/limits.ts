import { createRateCounter, type RateAnswer, type RateWindow, type SandboxClock } from '../core/index.ts'
import type { IntercomAccount } from './account.ts'

const description = 'github.com/intercom/Intercom-OpenAPI descriptions/2.16/api.intercom.io.yaml'

/** Sizes that Intercom states, each with where it says so. Those that an account can change are in `IntercomAccount`. */
export const intercomLimits = {
  metadataKeys: { max: 10, over: 'dropped', source: `${description} POST /events` },
  listedEventAgeDays: { max: 90, over: 'hidden', source: `${description} GET /events` },
  contactsPerPage: {
    default: 10,
    max: 150,
    over: 'refused',
    source: 'https://github.com/intercom/Intercom-OpenAPI/pull/639',
  },
  searchPerPage: { default: 50, max: 150, over: 'refused', source: `${description} POST /contacts/search` },
  mergeHistoryPerPage: {
    default: 50,
    max: 150,
    over: 'refused',
    source: `${description} GET /contacts/{id}/merge_history`,
  },
  searchFilters: { max: 15, over: 'refused', source: `${description} POST /contacts/search` },
  searchLevels: { max: 2, over: 'refused', source: `${description} POST /contacts/search` },
  addressableList: { max: 10, over: 'hidden', source: `${description} contact.tags` },
  listedCompanies: { max: 10_000, over: 'hidden', source: `${description} POST /companies/list` },
  companiesPerPage: { default: 15, source: `${description} GET /companies` },
  attachedPerPage: { default: 50, max: 60, source: 'singer-io/tap-intercom' },
  monthlySpend: { max: 2_147_483_647, over: 'refused', source: `${description} POST /companies` },
  attributeText: { max: 255, over: 'account.longStrings', source: 'unverified; older documentation' },
  mergeHops: { max: 3, over: 'not-found', source: `${description} GET /contacts/{contact_id}` },
} as const

/** The minute's quota is dealt out in windows of ten seconds: https://developers.intercom.com/docs/references/rest-api/errors/rate-limiting */
export const rateWindowMs = 10_000

export function rateWindow(callsPerMinute: number): RateWindow {
  return { max: Math.ceil((callsPerMinute * rateWindowMs) / 60_000), perMs: rateWindowMs, window: 'fixed' }
}

export interface RateGuard {
  /** Counts one call. */
  hit(): RateAnswer
  /** The `X-RateLimit-*` headers for an answer sent now. */
  headers(): Readonly<Record<string, string>>
  readonly maxPerWindow: number
  reset(): void
}

/** The rate limit of the account as it is at each call. A new quota starts with a fresh window. */
export function createRateGuard(clock: SandboxClock, account: () => IntercomAccount): RateGuard {
  let quota = account().callsPerMinute
  let rule = rateWindow(quota)
  let counter = createRateCounter(rule, clock)
  let last: RateAnswer | undefined
  function refresh(): void {
    if (quota !== account().callsPerMinute) reset()
  }
  function reset(): void {
    quota = account().callsPerMinute
    rule = rateWindow(quota)
    counter = createRateCounter(rule, clock)
    last = undefined
  }
  return {
    reset,
    get maxPerWindow() {
      refresh()
      return rule.max
    },
    hit() {
      refresh()
      last = counter.hit()
      return last
    },
    headers() {
      const now = clock.now()
      const current = last && last.resetAtMs > now ? last : undefined
      const resetAtMs = current?.resetAtMs ?? (Math.floor(now / rateWindowMs) + 1) * rateWindowMs
      return {
        'x-ratelimit-limit': String(rule.max),
        'x-ratelimit-remaining': String(current?.remaining ?? rule.max),
        'x-ratelimit-reset': String(Math.ceil(resetAtMs / 1_000)),
      }
    },
  }
}
