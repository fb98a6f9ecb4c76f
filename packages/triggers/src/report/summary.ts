import type { Cap } from '../definition/definition.ts'
import type { Reason } from '../ledger/reason.ts'
import type { Assumption } from './assumptions.ts'
import type { Counts } from './trigger-tally.ts'

/** What the reader counted: the part of the summary that lines of the ledger cannot show. */
export interface Reading {
  /** Users with an event or a profile, those without any line included. */
  readonly users: number
  /** Events read, without what was dropped. */
  readonly events: number
  readonly firstMs?: number
  readonly lastMs?: number
  /** What the data could not tell. @default [] */
  readonly assumptions?: readonly Assumption[]
}

/** What a ledger comes to. This form is stable: a breaking change of it counts `form` up. */
export interface Summary {
  readonly form: 1
  readonly reading: {
    readonly users: number
    readonly events: number
    /** ISO 8601 instants of the first and the last event. */
    readonly first?: string
    readonly last?: string
  }
  readonly users: {
    readonly read: number
    /** Entered by a trigger, hold-out included. */
    readonly entered: number
    /** With at least one send. */
    readonly messaged: number
  }
  /** All triggers of the definitions, by id. */
  readonly triggers: readonly TriggerSummary[]
  /** Segments with a change, by id. */
  readonly segments: readonly { readonly segment: string; readonly entered: number; readonly left: number }[]
  readonly sends: {
    readonly total: number
    /** Of the total. */
    readonly transactional: number
    /** By day in UTC, then channel. */
    readonly perDay: readonly { readonly day: string; readonly channel: string; readonly count: number }[]
  }
  /** Users by number of sends, `from` to `to` (absent: or more); the first is 0. */
  readonly messagesPerUser: readonly { readonly from: number; readonly to?: number; readonly users: number }[]
  /** By place in `policy.caps`. */
  readonly caps: readonly CapSummary[]
  /** Pairs of triggers that entered the same users, most users first. */
  readonly overlaps: readonly OverlapSummary[]
  readonly assumptions: readonly Assumption[]
}

export interface TriggerSummary {
  readonly trigger: string
  readonly fires: number
  /** Hold-out included. */
  readonly entries: number
  readonly heldOutEntries: number
  /** Users entered, hold-out included. */
  readonly users: number
  readonly goals: number
  readonly heldOutGoals: number
  readonly exits: number
  readonly ends: number
  /** Sends by channel. */
  readonly sends: Counts
  /** Other steps that act. */
  readonly acts: number
  readonly refusedFires: Counts<Reason>
  /** Refusals of steps, but of held-out runs; `quiet-deferred` counts each time that a send was put off, which is not yet lost. */
  readonly refusedSteps: Counts<Reason>
  /** What became of the steps of held-out runs: `holdout` would have gone, any other reason would have stopped it. */
  readonly heldOutSteps: Counts<Reason>
  /** Absent without a hold-out. */
  readonly holdout?: HoldoutSummary
}

export interface HoldoutSummary {
  readonly experiment: string
  /** As defined, 0 to 1. */
  readonly share: number
  readonly treatedUsers: number
  readonly heldOutUsers: number
  /** Share of all users entered, of both arms, that reached a goal of the trigger while their run went on. Absent: nobody was entered, or the trigger has no goal. */
  readonly baseline?: number
  /** The smallest rise of that share that the test could see, 0.05 being five percentage points. Absent: see `because`. */
  readonly smallestLift?: number
  /** Why there is no smallest lift: no goal is defined, an arm has no user, or no rise up to 100 % would be seen. */
  readonly because?: 'no-goal' | 'empty-arm' | 'too-few'
  /** An arm expects fewer than 5 users with or without the goal: the normal approximation is poor. */
  readonly rough: boolean
  readonly test: string
  readonly alpha: number
  readonly power: number
}

export interface CapSummary {
  readonly cap: Cap
  /** Sends refused as `capped` while this cap was full. */
  readonly stopped: number
  /** Of these, while no other cap was full: what would have gone to the next guard without this cap. */
  readonly alone: number
}

export interface OverlapSummary {
  readonly triggers: readonly [string, string]
  /** Entered by both. */
  readonly users: number
  /** Of the users entered by either, 0 to 1. */
  readonly jaccard: number
  /** Of `users`, those with entries of both at most 24 h apart. */
  readonly within24h: number
}
