import type { Reason } from '../ledger/reason.ts'

/** What became of an entry or of a step: it went, it was held out, or why not. */
export interface Outcome {
  /** ISO 8601. */
  readonly at: string
  readonly outcome: 'entry' | 'held-out entry' | 'send' | 'act' | Reason
}

/**
 * One decision that two definitions take differently for a user. `added`: goes only after; `removed`: went only before;
 * `moved`: goes in both, at another time; `reason`: goes in neither, for another reason.
 */
export interface Difference {
  readonly userId: string
  readonly trigger: string
  readonly what: 'added' | 'removed' | 'moved' | 'reason'
  /** `''` for the entry. As it was, where it is in both. */
  readonly stepPath: string
  readonly channel?: string
  /** Absent: there was no such occasion or step. */
  readonly before?: Outcome
  readonly after?: Outcome
}

/** How many went on either side, and how many decisions differ in which way. */
export interface ChangeCounts {
  readonly before: number
  readonly after: number
  readonly added: number
  readonly removed: number
  readonly moved: number
  readonly reason: number
}

/** What two definitions change. This form is stable: a breaking change of it counts `form` up. */
export interface LedgerComparison {
  readonly form: 1
  readonly users: {
    readonly compared: number
    /** With at least one difference. */
    readonly affected: number
    /** The first 20 of these, in the order in which they were compared. */
    readonly first: readonly string[]
  }
  /** Triggers of either side with a line, by id. */
  readonly triggers: readonly TriggerComparison[]
  /** Segments of either side with a change of membership, by id. */
  readonly segments: readonly {
    readonly segment: string
    /** Changes of membership, entering and leaving. */
    readonly before: number
    readonly after: number
    /** Users whose changes are not the same. */
    readonly users: number
  }[]
}

export interface TriggerComparison {
  readonly trigger: string
  readonly users: number
  readonly fires: { readonly before: number; readonly after: number }
  /** Without those held out: a held-out entry does not "go". */
  readonly entries: ChangeCounts
  /** By channel. */
  readonly sends: readonly (ChangeCounts & { readonly channel: string })[]
  /** Other steps that act. */
  readonly acts: ChangeCounts
}
