import type { TriggerDefinition } from '../definition/definition.ts'
import type { LedgerLine } from '../ledger/line.ts'
import type { MatcherEvent } from '../matcher/event.ts'
import type { Finding } from '../matcher/core.ts'
import type { ConditionTrace, Observer } from '../trace/note.ts'
import type { Fact } from './fact.ts'
import type { EngineUser } from './user.ts'

/** Events in time-line order, facts in order of time. */
export interface History {
  readonly events: readonly MatcherEvent[]
  readonly facts?: readonly Fact[]
}

export type EmitLine = (line: LedgerLine) => void

export interface EngineOptions {
  /** Number of the version of each trigger by id. @default 1 */
  readonly versions?: { readonly [trigger: string]: number }
  /** Earlier versions whose runs still go on. */
  readonly earlier?: readonly { readonly trigger: TriggerDefinition; readonly version: number }[]
  /**
   * `false`: `id` of lines is `''` where nothing else depends on it, which saves a hash per line. Caps, back-off,
   * `fallback` (ids of sends) and effects (ids of their events) do depend on it, and keep theirs.
   * @default true
   */
  readonly ids?: boolean
  /**
   * How long entries and sends are kept though these definitions do not ask for them, so that a later version with
   * longer windows finds them (`takeOver`). 0 keeps what cool-downs, `atMost` and caps ask for. @default 30 days in ms
   */
  readonly retainMs?: number
  /** Told once for each field whose values are of another type than declared, and for each user without a known zone. */
  readonly finding?: (finding: Finding) => void
  /**
   * Running journeys that one user may have; one more is an error. A guard against journeys that start themselves again
   * and again (`examine` finds them as `endless`), which would never come to an end. @default Infinity
   */
  readonly maxRuns?: number
  /** Which memberships are ledger lines: all, or only those that triggers wait for. @default 'all' */
  readonly memberships?: 'all' | 'needed'
  /** There is a source of consents: no record then means unknown, and refuses. @default false */
  readonly consentsKnown?: boolean
  /** Told what happened inside: what `explain` shows. Costs time; left out it costs nothing. */
  readonly observer?: Observer
}

/**
 * Matcher, guards and journeys over the state of one user. Pure: no clock but the times given, no I/O. A user's calls
 * come one after another; users are independent of each other. `emit` must not call the engine.
 *
 * Size of the state of one user, beside the matcher's (see `compile`): one record per running journey with the values
 * of its anchor that the definition names; one time per entry within the longest `cooldown` or `atMost` of its trigger;
 * one record per send within the longest cap, of a channel with back-off one per send ever, as an engagement of
 * whatever age counts; the ids of the segments the user is in; one entry per purpose and unreachable channel.
 * `retainMs` keeps entries and sends for longer.
 */
export interface Engine {
  readonly fingerprint: string
  createUser(userId: string): EngineUser
  /**
   * Reads the next events and facts and everything due before `untilMs`. All events of one millisecond come in one
   * call, none after `untilMs`, none before an event read already. Timers due exactly at `untilMs` wait; events at it do
   * not, so who goes on afterwards gives an `untilMs` after the last event: what is due at that very millisecond belongs
   * to the instant of its last event.
   * A fact that comes late is given with the first millisecond that is not read.
   * `nowMs`: the clock when the engine was away for a while; ticks older than `catchUp` are `missed`.
   * @throws {TriplineError} an event or fact before what is read, or after `untilMs`; `untilMs` is no whole number; more
   * than `maxRuns` journeys run
   */
  advance(
    user: EngineUser,
    next: History,
    untilMs: number,
    emit: EmitLine,
    options?: { readonly nowMs?: number },
  ): void
  /**
   * Late events, before `untilMs` of what is read; the watermark is the millisecond before it. `history`: all events and
   * facts of the user (effects of steps too, see `effectsOf`) with the late ones in their places, whose `messageId`s are
   * `lateIds`. Gives the state as it would have been; nothing is fired, entered or stepped for an instant ≤ the
   * watermark, what would have been is refused as `late`. Costs two readings of the history, however many are late.
   */
  insertLate(user: EngineUser, history: History, lateIds: ReadonlySet<string>, emit: EmitLine): EngineUser
  /**
   * Two time lines become one at the link, up to which both are read. `history`: all events and facts of both in order,
   * before the event that links them, with the effects of steps (`effectsOf`). `user` keeps its id; runs of both go on.
   * Neither user is read on after that, but the one that is given back. Costs one reading of the history.
   * @throws {TriplineError} the two are not read until the same time
   */
  merge(user: EngineUser, other: EngineUser, history: History, emit: EmitLine): EngineUser
  /**
   * Takes over the state of an engine with other definitions at `atMs`, up to which the user is read: occasions are
   * computed over the history and fire only later; runs go on with the version they were entered in, and end (`exit`)
   * where the engine does not know it (`EngineOptions.earlier`). `user` comes from the other engine's `loadUser`.
   * Costs one reading of the history.
   * @throws {TriplineError} a version is another definition than the one a run was entered in
   */
  takeOver(user: EngineUser, history: History, atMs: number, emit: EmitLine): EngineUser
  /** Whether the user is a member at `atMs`, which is not before what is read. */
  isMember(user: EngineUser, segment: string, atMs: number): boolean
  /** The condition of a dynamic segment with its values at `atMs`; `undefined` for other segments. */
  explainSegment(user: EngineUser, segment: string, atMs: number): ConditionTrace | undefined
  /** `who` of a trigger with its values at `atMs`, without an anchor event; `undefined` where it has none. */
  explainWho(user: EngineUser, trigger: string, atMs: number): ConditionTrace | undefined
  saveUser(user: EngineUser): string
  /** @throws {TriplineError} text of another version of the form, or of other definitions */
  loadUser(text: string): EngineUser
}
