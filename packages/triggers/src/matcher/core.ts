import type { Value } from '@tripline/model'
import type { Condition } from '../definition/condition.ts'
import type { TriggerDefinition } from '../definition/definition.ts'
import type { EventMatch } from '../definition/event-match.ts'
import type { Occasion } from '../definition/occasion.ts'
import type { Fact } from '../engine/fact.ts'
import type { ConditionTrace, Observer } from '../trace/note.ts'
import type { Anchor, MatcherEvent } from './event.ts'
import type { MatcherUser, NodeState } from './user.ts'

/** Told what happens at a place, in no order but that of cause and effect: who decides sorts by the order of the law. */
export interface Sink {
  /**
   * An occasion of a trigger happened. `trigger` is its index in `Core.triggers`; `dueMs` is given when a `without` fired
   * it, and makes the anchor key (`anchorKeyOf`).
   */
  fire(trigger: number, anchor: Anchor, atMs: number, dueMs: number | undefined): void
  /** A membership changed. `segment` is its index in `Core.segments`. */
  membership(segment: number, entered: boolean, atMs: number): void
}

/** What a value or a zone should have been; each is told once. The value counts as missing. */
export type Finding =
  /** Once per field: of `user` for a trait; `event` is the name of the track event. */
  | { readonly kind: 'type'; readonly field: string; readonly type: string; readonly event?: string }
  /** Once per user: the default zone is taken. `zone` absent: the user has none. */
  | { readonly kind: 'zone'; readonly userId: string; readonly zone?: string }

export type Ask = (user: MatcherUser, atMs: number, anchor: readonly unknown[]) => boolean

/** A condition, asked at an instant whose events are all read, with the values of an anchor (`Anchor.values`). */
export interface CompiledCondition {
  readonly ask: Ask
  /**
   * Whether the answer could be another one if mirrored segments not yet read were known (guard 2): every case is tried.
   * True for more than 10 that were not read.
   */
  readonly undecidable: Ask
  readonly explain: (user: MatcherUser, atMs: number, anchor: readonly unknown[]) => ConditionTrace
}

/** Whether an event of the type and name (see `byEvent`) fits `where`, for an anchor. */
export type Accepts = (event: MatcherEvent, anchor: readonly unknown[]) => boolean

/** State of a `waitFor`, kept with the run that waits. Opaque. */
export type Scope = NodeState
export type ScopeFire = (anchor: Anchor, atMs: number, dueMs: number | undefined) => void

/**
 * The occasion of a `waitFor`. Only what happens after `start` counts; conditions inside see the whole history. Call
 * `apply` after `Core.apply` of the same event, and `endDue` after `Core.endDue` of the same millisecond.
 */
export interface ScopedOccasion {
  /** Whether `apply` can do anything at the event, for any scope. */
  concerns(event: MatcherEvent): boolean
  /** Anchors of its fires have values by this index; they are its own, and not those of the trigger. */
  start(): Scope
  apply(scope: Scope, user: MatcherUser, event: MatcherEvent, fire: ScopeFire): void
  /** What `Core.applyFact` told as an instant of its own. Call it right after that. */
  hear(scope: Scope, user: MatcherUser, atMs: number, fire: ScopeFire): void
  /** Of its own timers; those of the user (`at`, `schedule`, memberships) are in `Core.nextDueMs`. `Infinity`: none. */
  nextDueMs(scope: Scope): number
  endDue(scope: Scope, user: MatcherUser, atMs: number, fire: ScopeFire): void
  /** As a plain JSON value. */
  save(scope: Scope): unknown
  load(saved: unknown): Scope
}

/** Compiles what a trigger asks for beside `when`. All of it before `Compiler.finish`. */
export interface TriggerCompiler {
  /** Index into `Core.triggers`; -1 for an earlier version. */
  readonly index: number
  /**
   * Where `Anchor.values` holds the first value at the path. Depends on this definition alone, so that anchors kept with
   * a run are read the same by later programs. The path must stand in the definition as `anchor`, or as `by`.
   */
  anchorIndex(path: string): number
  /** `node` as in `Note.node`, for the observer. */
  condition(condition: Condition): CompiledCondition
  accepts(match: EventMatch): Accepts
  waitFor(occasion: Occasion, node: string): ScopedOccasion
}

export interface Compiler {
  /** Of a trigger of the definitions. */
  trigger(id: string): TriggerCompiler
  /** Of an earlier version whose runs go on: its `when` is not matched. */
  earlier(trigger: TriggerDefinition): TriggerCompiler
  /** Reads the stored value of a trait by path; several below `[]`. */
  trait(path: string): (user: MatcherUser) => readonly Value[]
  finish(): Core
}

/**
 * All occasions, conditions and memberships over the state of one user at a time.
 *
 * The caller reads, for each millisecond of a user: facts, then each event (`apply`), and after the last of them, or
 * without any, everything due then (`endDue`). Nothing due may be left behind: before going on to a later millisecond
 * ask `nextDueMs`. What is told between two calls belongs to the place that the call made.
 *
 * Size of the state of one user, in values kept (a time, a number or a text); windows keep what is needed and no more, a
 * list of over 32 rows up to as much again that has left its window. Beside id, place and time, and the traits that the
 * definitions name:
 * - `times(n)`: n.
 * - One log per event (with `where`) and property, for all that ask for it: `times(n)` with `by`, a `sequence` of two
 *   different track events with `by` and `reuse`, a `did` of "the same" value as the anchor event. 2 per value of the
 *   property and event in the longest window asked for, of each value at most the greatest number asked for (n + 1 of
 *   `times` and of a `did` compared with n, 1 of a sequence).
 * - Any other `sequence`: 3 per unused event of a step but the last, in the window.
 * - `without`, `inactive`: 5 and the named values of the anchor per wait: one wait per value of `by`, for `every` one
 *   per fire of the base within the wait.
 * - `did` compared with n: n + 1 in a window or session, 1 over ever; the condition `inactive`: 1.
 * - `total`: one tally over ever (of `distinct` one entry per value), else 1 and its values per matching event.
 * - `did`, `total`, `inactive` with another comparison to the anchor event: 1 and the values compared, per matching
 *   event; over ever that grows with the history.
 * - Sessions: 2. A segment: 2 where it is followed, 1 once there was a fact. `at`: 3 while something is due;
 *   `schedule`: 1 for members. More than 8 nodes that wait for a time: 2 per node that does.
 *
 * With an observer a `did` keeps all events of its window, or over ever a full count.
 */
export interface Core {
  readonly fingerprint: string
  /** Ids in bytewise order. */
  readonly triggers: readonly string[]
  /** Ids in bytewise order. */
  readonly segments: readonly string[]
  createUser(userId: string): MatcherUser
  /** The next event becomes part of the state; tells what happens at its place. */
  apply(user: MatcherUser, event: MatcherEvent, sink: Sink): void
  /**
   * Facts of the kinds `traits` and `membership` (others say nothing to the matcher) from their millisecond on, before
   * its events. A `traits` fact is no event: `changes` does not happen, but the values are stored and start `at` timers.
   * Memberships that it changes are told at the next place of the millisecond; with a `sink`, for the effect of a step,
   * which is an instant of its own after the timers, at once.
   */
  applyFact(user: MatcherUser, fact: Fact, sink?: Sink): void
  /**
   * The earliest millisecond at which something is due; `Infinity`: nothing. Not earlier than what is read. Where many
   * nodes wait it may be a time at which nothing is due any more: then `endDue` does nothing.
   */
  nextDueMs(user: MatcherUser): number
  /** Everything due at exactly `atMs`, seeing all events of it: memberships by mere time, `at`, `schedule`, waits. */
  endDue(user: MatcherUser, atMs: number, sink: Sink): void
  /** Whether the user is a member at `atMs`, which is not before what is read. */
  isMember(user: MatcherUser, segment: string, atMs: number): boolean
  /** Why the user is a member at `atMs`, or is not; `undefined` for a static or mirrored segment. */
  explainSegment(user: MatcherUser, segment: string, atMs: number): ConditionTrace | undefined
  /** The user's zone; the default one where it is missing or unknown, which is reported once per user. */
  zoneOf(user: MatcherUser): string
  /** The state as a plain JSON value, for `load`. The caller keeps `fingerprint` beside it. */
  save(user: MatcherUser): unknown
  load(saved: unknown): MatcherUser
}

export interface CoreOptions {
  /** Told what happens inside (see `Note`). Conditions then keep what they need to show whole numbers. */
  readonly observer?: Observer
  /** Findings about types and zones. Left out: not told. */
  readonly finding?: (finding: Finding) => void
  /** Which memberships are told: all, or only those that occasions need. @default 'all' */
  readonly memberships?: 'all' | 'needed'
}
