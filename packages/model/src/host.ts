import type { Instant } from './value.ts'

/** Options of one call of a connector. */
export interface Call {
  readonly signal?: AbortSignal
  /** No waiting beyond this; what is unsent then comes back as `retry`. */
  readonly deadline?: Instant
  /** Makes no request; results are `planned`, and `Host.onPlanned` sees the very requests. @default false */
  readonly dryRun?: boolean
  /** Where a repeat doubles and an answer was lost. @default 'repeat' for events, 'report' for `start` */
  readonly onUnknown?: 'repeat' | 'report'
}
/** Time. Every wait and every `sentAt` of a connector uses it, never the machine's clock. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
/** Rate budgets by limit id. A fleet lends one that lives in its database; alone, it lives in memory. */
export interface Budget {
  /** Waits until `weight` units are free. */
  take(limitId: string, weight: number, signal?: AbortSignal): Promise<void>
  /** What a vendor's header said: `left` units until `resetAtMs` (ms since 1970). */
  observe(limitId: string, left: number, resetAtMs: number): void
}
/** Ids of records at the vendor, looked up once. */
export interface IdCache {
  get(keys: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** An empty value forgets the key. */
  set(entries: ReadonlyMap<string, string>, ttlMs: number): Promise<void>
}
export interface CallEvent {
  readonly endpoint: string
  /** 0 when there was no answer. */
  readonly status: number
  readonly ms: number
  readonly attempt: number
}
export interface PlannedRequest {
  readonly endpoint: string
  readonly purpose: 'write' | 'lookup' | 'schema'
  readonly method: string
  readonly url: string
  /** Without credentials. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}
/** What the surroundings lend a connector; every part has an in-memory default. */
export interface Host {
  readonly fetch: typeof globalThis.fetch
  readonly clock: Clock
  readonly budget: Budget
  readonly cache: IdCache
  /** Telemetry: one call per attempt. */
  readonly onCall?: (call: CallEvent) => void
  /** In a dry run: each request that would be made, in order. */
  readonly onPlanned?: (request: PlannedRequest) => void
}
