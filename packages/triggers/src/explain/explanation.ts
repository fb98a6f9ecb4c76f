import type { LedgerLine } from '../ledger/line.ts'
import type { MatcherEvent } from '../matcher/event.ts'
import type { ConditionTrace, Note } from '../trace/note.ts'

/** What happened to one user and why. This form is stable: a breaking change of it counts `form` up. Times are ISO 8601. */
export interface Explanation {
  readonly form: 1
  readonly userId: string
  readonly events: number
  /** Of the first and the last event; absent without any. */
  readonly first?: string
  readonly last?: string
  readonly triggers: readonly TriggerStory[]
  /** Event properties and traits that these triggers and the segments ask about: the text shows them beside the events. */
  readonly named: readonly string[]
  /** How things stood at the time that was asked for. */
  readonly state?: StateAt
  /** The time line, or the part of it that was asked for. */
  readonly moments: readonly Moment[]
  /** Around the time that was asked for, moments in this span only. */
  readonly span?: { readonly from: string; readonly to: string }
}

/** What one trigger did with the user's events. */
export interface TriggerStory {
  readonly trigger: string
  /** When it fires, in words. */
  readonly fires: string
  /** What came of it, in words; where it never fired, what it would have needed. */
  readonly verdict: readonly string[]
  readonly fired: number
  readonly entered: number
  readonly sent: number
}

/** One place of the time line: an event, or a time at which something was due. */
export interface Moment {
  readonly at: string
  readonly event?: MatcherEvent
  /** What is said of it; nothing where no trigger and no segment cared. */
  readonly said: readonly Said[]
}

/** One thing that happened inside. */
export interface Said {
  readonly trigger?: string
  readonly segment?: string
  readonly text: string
  /** A condition and its parts, one to a line. */
  readonly details: readonly string[]
  /** What the text was made of: one of both. */
  readonly note?: Note
  readonly line?: LedgerLine
}

export interface StateAt {
  readonly at: string
  /** Whether there was an event or a profile by then: a user who does not exist is in no segment. */
  readonly known: boolean
  readonly segments: readonly SegmentState[]
  readonly waits: readonly WaitState[]
  readonly runs: readonly RunState[]
  /** Whether `who` holds, of triggers that have one. Conditions on the starting event see none. */
  readonly who: readonly { readonly trigger: string; readonly condition: ConditionTrace }[]
}
export interface SegmentState {
  readonly segment: string
  readonly member: boolean
  /** Of a dynamic segment. */
  readonly condition?: ConditionTrace
}
export interface WaitState {
  readonly trigger: string
  readonly node: string
  /** `1 h without Order Completed`. */
  readonly text: string
  readonly since: string
  readonly due: string
}
export interface RunState {
  readonly trigger: string
  readonly entered: string
  readonly heldOut: boolean
  /** Where it stands, in words; absent when no step was told yet. */
  readonly step?: string
}
