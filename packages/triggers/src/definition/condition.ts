import type { Comparison, CountComparison, Path } from './comparison.ts'
import type { Duration } from './duration.ts'
import type { EventMatch } from './event-match.ts'

/** True or false for a user at an instant. */
export type Condition =
  | TraitCondition
  | DidCondition
  | TotalCondition
  | InactiveCondition
  | InSessionCondition
  | { readonly kind: 'inSegment'; readonly segment: string }
  | { readonly kind: 'and' | 'or'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }

export type TraitCondition = { readonly kind: 'trait'; readonly trait: Path } & Comparison

/** The number of matching events in the trailing window. */
export interface DidCondition {
  readonly kind: 'did'
  readonly event: EventMatch
  /** @default { op: 'gte', value: 1 } */
  readonly count: CountComparison
  /** @default ever */
  readonly within?: Duration
}

export const aggregates = ['sum', 'average', 'min', 'max', 'distinct', 'first', 'latest'] as const
export type Aggregate = (typeof aggregates)[number]

/** An aggregate of a property over the trailing window; over nothing it has no value. Numbers are exact decimals. */
export type TotalCondition = {
  readonly kind: 'total'
  readonly event: EventMatch
  readonly property: Path
  readonly aggregate: Aggregate
  /** @default ever */
  readonly within?: Duration
} & Comparison

/** There is an earlier matching event, and none in the last `for`. */
export interface InactiveCondition {
  readonly kind: 'inactive'
  readonly for: Duration
  /** @default { type: 'any' } */
  readonly of: EventMatch
}

/** Over the events of the current session; without one, counts are 0 and totals have no value. */
export interface InSessionCondition {
  readonly kind: 'inSession'
  readonly condition: Omit<DidCondition, 'within'> | Omit<TotalCondition, 'within'>
}
