import type { Value } from '@tripline/model'
import type { Path } from './comparison.ts'
import type { Condition } from './condition.ts'
import type { Duration } from './duration.ts'
import type { EventMatch } from './event-match.ts'

/** The instants at which a trigger may fire. */
export type Occasion =
  | OnOccasion
  | TimesOccasion
  | SequenceOccasion
  | WithoutOccasion
  | GivenOccasion
  | InactiveOccasion
  | MembershipOccasion
  | ChangesOccasion
  | AtOccasion
  | ScheduleOccasion

/**
 * State is kept per value of this property (type and value equal); an event without it takes no part in the node. In a
 * definition as written it holds for the node and all nodes inside that have none of their own; the normal form has it
 * on every node for which it holds.
 */
export interface Correlated {
  readonly by?: Path
}

/** At each matching event. */
export interface OnOccasion extends Correlated {
  readonly kind: 'on'
  readonly event: EventMatch
}

/** At each matching event that is the `count`-th in its own trailing window. */
export interface TimesOccasion extends Correlated {
  readonly kind: 'times'
  readonly event: EventMatch
  /** ≥ 1. */
  readonly count: number
  readonly within: Duration
}

/** At an event of the last step that ends a chain of unused events spanning ≤ `within`. */
export interface SequenceOccasion extends Correlated {
  readonly kind: 'sequence'
  /** Two to `maxSequenceSteps`. */
  readonly steps: readonly SequenceStep[]
  readonly within: Duration
  /** `true`: nothing is used up. @default false */
  readonly reuse: boolean
}
/** The state of a sequence is one bit per step in a signed 32-bit number. */
export const maxSequenceSteps = 31
export interface SequenceStep {
  readonly event: EventMatch
  /** Longest time since the step before; not on the first step. */
  readonly gap?: Duration
}

/** `for` after the base, if no such event lies in the wait. */
export interface WithoutOccasion extends Correlated {
  readonly kind: 'without'
  readonly base: Occasion
  readonly event: EventMatch
  readonly for: Duration
  /** What a further fire of the base in the wait does: starts anew, waits on its own, is ignored. @default 'last' */
  readonly anchor: 'last' | 'every' | 'first'
}

/** Where the condition holds at the instant of the base. */
export interface GivenOccasion extends Correlated {
  readonly kind: 'given'
  readonly base: Occasion
  readonly condition: Condition
}

/** Once per pause: `on(of).without(of, for)`, anchor `last`. */
export interface InactiveOccasion extends Correlated {
  readonly kind: 'inactive'
  readonly for: Duration
  /** @default { type: 'any' } */
  readonly of: EventMatch
}

export interface MembershipOccasion {
  readonly kind: 'enters' | 'leaves'
  readonly segment: string
}

/** When a written value differs from the stored one. `null` in `from` and `to` is "missing"; absent is "whatever". */
export interface ChangesOccasion {
  readonly kind: 'changes'
  readonly trait: Path
  readonly from?: Value
  readonly to?: Value
}

/** At a local time of the day that a `date` (or `instant`) trait names, in the user's zone. */
export interface AtOccasion {
  readonly kind: 'at'
  readonly trait: Path
  /** Calendar days after the date, negative for before; at most 36,525 either way. @default 0 */
  readonly offsetDays: number
  /** `HH:MM`. */
  readonly time: string
  /** @default 'never' */
  readonly repeat: 'never' | 'yearly'
}

/** At each tick, once per member of the segment as of the tick. */
export interface ScheduleOccasion {
  readonly kind: 'schedule'
  /** Five fields, all of which must hold. */
  readonly cron: string
  /** IANA name. */
  readonly zone: string
  readonly segment: string
  /** Missed ticks that are older are ledgered `missed`. @default '1h' */
  readonly catchUp: Duration
}
