import type { Ability, Call, Fault, Host, Limit } from '@tripline/model'
import type { Backoff } from './backoff.ts'
import { createGate, type Gate } from './gate.ts'
import type { Answer, HttpRequest, Judgement } from './request.ts'
import { openSession, type Session } from './session.ts'

/** A rate-limit header as read: what is left of a limit, until when. */
export interface Observation {
  readonly limitId: string
  readonly left: number
  readonly resetAtMs: number
}
/** What one vendor's client tells the transport. What its functions throw is a defect and comes out of the request. */
export interface TransportOptions {
  readonly vendor: string
  readonly host: Host
  /** The effective limits: rate limits to take from, parallel limits to keep. Endpoint `*` is every endpoint. */
  readonly limits: readonly Limit[]
  /**
   * Headers that prove who we are; `expired` is true after the vendor refused the last ones. May reject with a
   * `TriplineError`: code `auth` or `forbidden` halts the connector, any other is tried again.
   */
  readonly authorize: (expired: boolean, request: HttpRequest) => Promise<Readonly<Record<string, string>>>
  /** What an answer means. */
  readonly judge: (answer: Answer, nowMs: number) => Judgement
  /** What the answer's headers say of limits; asked before `judge`. */
  readonly observe?: (answer: Answer, nowMs: number) => readonly Observation[]
  /** In a dry run: the answer that the vendor would most plainly give, with ids in braces. */
  readonly pretend: (request: HttpRequest) => { readonly status: number; readonly body?: unknown }
  /** Time for one HTTP request, in ms. @default 30_000 */
  readonly timeoutMs?: number
  /** Tries per request within one call; one with a new credential comes on top. @default 8 */
  readonly maxAttempts?: number
  /** Between tries whose answer names no wait. */
  readonly backoff?: Partial<Backoff>
}
/** What has stopped, and why. */
export interface Halt {
  readonly what: 'connector' | Ability
  readonly fault: Fault
}
/** Everything that leaves a connector goes through here: budgets, time-outs, retries, cancellation, telemetry. */
export interface Transport {
  readonly host: Host
  /** Opens the state of one call of the connector; close it when the call ends. */
  session(call: Call | undefined, defaults?: { readonly onUnknown?: 'repeat' | 'report' }): Session
}

/**
 * One per connector. A request waits for its parallel limits, then for its rate budgets, is signed and sent, and is tried
 * again as `judge` says, until the deadline, an abort or `maxAttempts`.
 * @example
 * const transport = createTransport({
 *   vendor: 'example', host: createHost(host, limits), limits,
 *   authorize: async (expired) => ({ authorization: `Bearer ${await apiKey(expired)}` }),
 *   judge: ({ status }) => status < 300 ? { kind: 'ok' } : { kind: 'refused', fault: { code: 'invalid', message: 'no' } },
 *   pretend: () => ({ status: 200 }),
 * })
 * const session = transport.session(call)
 */
export function createTransport(options: TransportOptions): Transport {
  const parallel = new Map<string, Gate>()
  for (const limit of options.limits)
    if (limit.kind === 'parallel') parallel.set(limit.id, createGate(limit.max))
  const routes = new Map<string, Route>()
  const routeOf = (endpoint: string): Route => {
    const known = routes.get(endpoint)
    if (known) return known
    const hit = options.limits.filter(
      (limit) => limit.endpoints.includes(endpoint) || limit.endpoints.includes('*'),
    )
    const route = {
      // The longest window first: what waits for a short one then leaves soon after it has its share of all.
      budgets: hit
        .filter((limit) => limit.kind === 'rate')
        .toSorted((a, b) => b.perMs - a.perMs)
        .map((limit) => limit.id),
      gates: hit.flatMap((limit) => parallel.get(limit.id) ?? []),
    }
    routes.set(endpoint, route)
    return route
  }
  const settings = {
    ...options,
    timeoutMs: options.timeoutMs ?? 30_000,
    maxAttempts: options.maxAttempts ?? 8,
    backoff: { baseMs: 500, maxMs: 60_000, ...options.backoff },
    routeOf,
  }
  return { host: options.host, session: (call, defaults) => openSession(settings, call ?? {}, defaults) }
}
export type TransportSettings = Required<Omit<TransportOptions, 'observe' | 'backoff'>> &
  Pick<TransportOptions, 'observe'> & {
    readonly backoff: Backoff
    readonly routeOf: (endpoint: string) => Route
  }

/** What a request to one endpoint takes from and passes through. */
export interface Route {
  readonly budgets: readonly string[]
  readonly gates: readonly Gate[]
}
