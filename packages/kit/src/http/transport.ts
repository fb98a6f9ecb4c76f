import type { Call, Host } from '@tripline/model'
import type { Route, Session, TransportOptions } from './contracts.ts'
import { createGate, type Gate } from './gate.ts'
import { openSession } from './session.ts'

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
