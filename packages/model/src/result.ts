import type { Ability } from './capability.ts'
import type { Fault } from './fault.ts'
import type { Loss } from './loss.ts'
import type { Instant } from './value.ts'

/** What became of one item. `retry` holds the later items of its lane; the other states do not. */
export type Outcome =
  /** `accepted`: the vendor only queued it. `maybeTwice`: an answer was lost, the repeat may have doubled it. */
  | {
      readonly status: 'sent'
      readonly proof: 'stored' | 'accepted'
      readonly vendorId?: string
      readonly maybeTwice?: true
    }
  | {
      readonly status: 'skipped'
      readonly because: 'unchanged' | 'unsupported' | 'disabled'
      readonly detail?: string
    }
  /** Dry run. */
  | { readonly status: 'planned' }
  /** Not done, and safe to deliver again with the same key. */
  | { readonly status: 'retry'; readonly fault: Fault; readonly notBefore?: Instant }
  /** May have happened, and the vendor has no key to ask with. */
  | { readonly status: 'unknown'; readonly fault: Fault }
  /** Will never be accepted as it is. */
  | { readonly status: 'dead'; readonly fault: Fault }

export interface ItemResult {
  readonly key: string
  readonly outcome: Outcome
  readonly losses: readonly Loss[]
  /** Writes of this item acknowledged so far: give them back as `done` with the next attempt. */
  readonly done: readonly string[]
}
export interface CallCount {
  readonly endpoint: string
  readonly purpose: 'write' | 'lookup' | 'schema'
  /** Requests that were needed, without retries. */
  readonly count: number
  readonly retries: number
  /** Request bytes before compression, retries included. */
  readonly bytes: number
}
export interface Report {
  /** Same length and order as the items. */
  readonly results: readonly ItemResult[]
  readonly calls: readonly CallCount[]
  readonly cost?: { readonly unit: 'dataPoints'; readonly amount: number }
  /** Do not call again before someone acts. */
  readonly halt?: { readonly what: 'connector' | Ability; readonly fault: Fault }
}
