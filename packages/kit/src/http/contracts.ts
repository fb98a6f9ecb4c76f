import type { Ability, CallCount, Clock, Fault, Host, IdCache, Limit } from '@tripline/model'
import type { Backoff } from './backoff.ts'
import type { CallLog } from './call-log.ts'
import type { Gate } from './gate.ts'
import type { Answer, HttpRequest, HttpResult, Judgement } from './request.ts'

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

/** What our pipeline must know of a request that a vendor's SDK makes. */
export type BridgedCall = Pick<HttpRequest, 'endpoint' | 'purpose' | 'repeat' | 'weights' | 'timeoutMs'>

/** A fetch for one call of an SDK; made by `session.bridge`. */
export interface Bridge {
  /** Give this to the SDK. Its own time-out signal is ignored: the session's clock rules. */
  readonly fetch: typeof globalThis.fetch
  /**
   * Runs one SDK call and answers how its (last) request ended, whatever the SDK made of the answer.
   * @throws the SDK's error when it made no request: it refused the arguments
   * @example const result = await session.bridge(call).run((fetch) => new Sdk({ fetch, maxRetries: 0 }).track(event))
   */
  run(call: (fetch: typeof globalThis.fetch) => Promise<unknown>): Promise<HttpResult>
}

/** The state of one call of a connector: its deadline, its abort, its requests counted, what it was halted by. */
export interface Session {
  readonly clock: Clock
  readonly cache: IdCache
  readonly dryRun: boolean
  readonly onUnknown: 'repeat' | 'report'
  /** Aborted by the caller, by the deadline, or by `close`. */
  readonly signal: AbortSignal
  /** ms since 1970; Infinity without one. */
  readonly deadlineMs: number
  readonly log: CallLog
  /** What stopped in this call, if anything. */
  halted(): Halt | undefined
  /** The rest of what it names comes back as `retry`. */
  halt(halt: Halt): void
  /** One request with all its tries; in a dry run it is only shown. Rejects for defects only. */
  request(request: HttpRequest): Promise<HttpResult>
  /** For reads: the answer, or a throw. @throws {TriplineError} with the fault */
  read(request: HttpRequest): Promise<Answer>
  /** A fetch for one call of a vendor's SDK, over the same pipeline. */
  bridge(call: BridgedCall): Bridge
  /** For `Report.calls`. */
  calls(): readonly CallCount[]
  /** Counts what the vendor bills (Braze data points). */
  addCost(amount: number): void
  cost(): number
  /** Ends the call: what is under way settles as `retry` or `unknown`, timers and listeners are gone. */
  close(): void
}
