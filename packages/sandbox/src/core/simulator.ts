import type { SandboxClock } from './clock.ts'

export interface SimRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body after `Content-Encoding: gzip` was undone; as it came when it was not gzip after all. */
  readonly body: Buffer
  /** Path parameters of the matched route, decoded. */
  readonly params: Readonly<Record<string, string>>
  /** Body parsed as JSON; undefined when it is empty. Throws `SyntaxError` on bad JSON: routes answer that as the vendor does. */
  json(): unknown
}
export interface SimReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON; a string or Buffer as it is. */
  readonly body?: unknown
}
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'
  /** Segments in braces are parameters: `/crm/lists/{version}/{listId}`. */
  readonly path: string
  handle(request: SimRequest): SimReply | Promise<SimReply>
}
/** How faithful a route is. `full` answers as the sheet says; anything else says what is missing. */
export type Coverage = Readonly<Record<string, 'full' | `partial: ${string}`>>

/** Faults a simulator can be told to show. `before` leaves the state as it was, `after` has committed. */
export type FaultKind =
  | 'rate-limited' // 429 in the vendor's own form
  | 'server-error' // 500 before anything is done
  | 'server-error-after' // 500 although the work is done
  | 'reset-before' // connection reset, nothing done
  | 'reset-after' // connection reset, all done
  | 'hang-before' // no answer, nothing done
  | 'hang-after' // no answer, all done
  | 'slow' // answers after `slowMs` of sandbox time
  | 'partial' // some items of the request fail for the moment, in the vendor's own form
  | 'silent' // 2xx that is no success, in the vendor's own form; nothing done

/** One vendor's stateful double. Knows nothing of HTTP servers, processes or chaos. */
export interface Simulator {
  readonly vendor: string
  readonly routes: readonly Route[]
  readonly coverage: Coverage
  /** Authentication and limits, before the route and before any fault is shown. A reply ends the request. */
  before?(request: SimRequest): SimReply | undefined
  /** Headers that every answer carries (rate limits, request ids). */
  after?(request: SimRequest, reply: SimReply): SimReply
  notFound(request: SimRequest): SimReply
  /** The vendor's own form of a fault; undefined when this request cannot show it (then it runs as usual). */
  fault(
    kind: Extract<FaultKind, 'rate-limited' | 'server-error' | 'partial' | 'silent'>,
    request: SimRequest,
    proceed: (request: SimRequest) => Promise<SimReply>,
  ): SimReply | Promise<SimReply> | undefined
  /** Adds to the state; `data` is typed by each vendor (`BrazeSeed`…). */
  seed(data: unknown): void
  /** What is stored, in the vendor's own words; typed by each vendor (`BrazeState`…). JSON-serialisable. */
  inspect(): unknown
  /** Changes the account: tier, scopes, limits, tokens that are now invalid. Typed by each vendor. */
  configure(account: unknown): void
  reset(): void
}
export interface SimulatorOptions<Account> {
  readonly clock: SandboxClock
  readonly account?: Partial<Account>
}
