import type { TriggerDefinition } from '../definition/definition.ts'
import type { LedgerLine } from '../ledger/line.ts'
import type { MatcherEvent } from '../matcher/event.ts'
import type { Observer } from '../trace/note.ts'
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
  /** There is a source of consents: no record then means unknown, and refuses. @default false */
  readonly consentsKnown?: boolean
  /** Told what happened inside: what `explain` shows. Costs time; left out it costs nothing. */
  readonly observer?: Observer
}

/**
 * Matcher, guards and journeys over the state of one user. Pure: no clock but the times given, no I/O. A user's calls
 * come one after another; users are independent of each other.
 */
export interface Engine {
  readonly fingerprint: string
  createUser(userId: string): EngineUser
  /**
   * Reads the next events and facts and everything due before `untilMs`. All events of one millisecond come in one
   * call, none after `untilMs`, none before an event read already. Timers due exactly at `untilMs` wait.
   * `nowMs`: the clock when the engine was away for a while; ticks older than `catchUp` are `missed`.
   */
  advance(
    user: EngineUser,
    next: History,
    untilMs: number,
    emit: EmitLine,
    options?: { readonly nowMs?: number },
  ): void
  /**
   * A late event, at or before the watermark up to which the user is read. `history`: all events and facts of the user
   * with the late ones in their places. Gives the state as it would have been; nothing is fired, entered or stepped for
   * an instant ≤ the watermark, what would have been is refused as `late`.
   */
  insertLate(user: EngineUser, history: History, lateIds: ReadonlySet<string>, emit: EmitLine): EngineUser
  /**
   * Two time lines become one at the link. `history`: all events of both in order, before the event that links them.
   * `user` keeps its id; runs of both go on.
   */
  merge(user: EngineUser, other: EngineUser, history: History, emit: EmitLine): EngineUser
  /**
   * Takes over the state of an engine with other definitions at `atMs`, up to which the user is read: occasions are
   * computed over the history and fire only later; runs go on with the version they were entered in.
   */
  takeOver(user: EngineUser, history: History, atMs: number, emit: EmitLine): EngineUser
  /** Whether the user is a member at `atMs`, which is not before what is read. */
  isMember(user: EngineUser, segment: string, atMs: number): boolean
  saveUser(user: EngineUser): string
  /** @throws {TriplineError} text of another version of the form, or of other definitions */
  loadUser(text: string): EngineUser
}
