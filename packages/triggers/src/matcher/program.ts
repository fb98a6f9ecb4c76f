/**
 * The matcher: from the events of a user, in order, to the occasions of triggers (see `Occasion` and `Condition` of the
 * definitions for what they mean). Pure and deterministic: no clock, no chance, no I/O.
 *
 * Covered: `on`, `times`, `sequence`, `without` (all anchors), `given`, `inactive`, `by`; the conditions `trait`, `did`,
 * `total`, `inactive`, `inSegment` (dynamic, and static as defined), `and`, `or`, `not`; membership at an instant.
 * Refused when compiled, never silently different: `enters`, `leaves`, `changes`, `at`, `schedule`, `inSession`,
 * mirrored segments, `[]` in `by`, anchors and totals, `withinLast`/`withinNext` on event properties, a sequence of
 * more than 31 steps. Not here: guards, journeys, late events, merges, new versions of definitions, and the types that a
 * tracking plan declares (values compare as the type of what they are compared with).
 *
 * Size of the state of one user, in values kept (a time, or a value of an event):
 * `times(n)`: n per value of `by` in up to two windows;
 * `sequence`: 2 per unused event that matches a step, in the window, with `by` in up to two windows;
 * `without`: one wait per value of `by`, for `every` one per fire of the base within the wait;
 * `did` compared with n: n + 1 within a window, 1 over ever; `inactive`: 1;
 * `total`: one tally over ever (`distinct`: one entry per value), else 2 per matching event of up to two windows.
 * A `did`, `total` or `inactive` that compares with the anchor event: 1 + the number of values compared per matching
 * event of up to two windows; over ever that grows with the history.
 */
import { TriplineError } from '@tripline/model'
import type { Definitions } from '../definition/definition.ts'
import { Builder } from './builder.ts'
import { compileSegment, type Ask } from './condition.ts'
import type { Emit, MatcherEvent } from './event.ts'
import { fingerprintOf } from './fingerprint.ts'
import { compileTrigger } from './occasion.ts'
import { loadUser, saveUser } from './save.ts'
import { newUser, writeTraits, type MatcherUser } from './user.ts'
import { endWaits, type WaitNode } from './wait.ts'

export interface Program {
  /** Of the definitions; a saved state belongs to one. */
  readonly fingerprint: string
  createUser(userId: string): MatcherUser
  /**
   * Reads the user's next event: first ends what is due before its millisecond, then emits what fires at it, by trigger
   * id. Throws `TriplineError` for an event that lies before the one before it.
   */
  advance(user: MatcherUser, event: MatcherEvent, emit: Emit): void
  /** Ends what is due before `untilMs`. No event before `untilMs` may follow. */
  finish(user: MatcherUser, untilMs: number, emit: Emit): void
  /** Whether the user is a member at `atMs`, which is not before the last event. A user without events is in none. */
  isMember(user: MatcherUser, segment: string, atMs: number): boolean
  saveUser(user: MatcherUser): string
  loadUser(text: string): MatcherUser
}

/**
 * Compiles all triggers and segments of normalised definitions together: an event costs what concerns its name. Throws
 * `RangeError` for what is not supported. Whether a trigger is enabled is a guard, and not asked here.
 * @example
 * const program = compile(normaliseDefinitions({ specVersion: 1, triggers: [hello] }))
 * const user = program.createUser('u1')
 * program.advance(user, event, (fire) => fires.push(fire))
 */
export function compile(definitions: Pick<Definitions, 'segments' | 'triggers'>): Program {
  const builder = new Builder(definitions.segments)
  const waitNodes: WaitNode[] = []
  const triggers = definitions.triggers.toSorted((left, right) => (left.id < right.id ? -1 : 1))
  for (const [order, trigger] of triggers.entries()) compileTrigger(trigger, order, builder, waitNodes)
  const members = new Map<string, Ask>()
  for (const { id, kind } of definitions.segments) {
    if (kind === 'mirrored') continue
    members.set(
      id,
      builder.membership(id, (segment) => compileSegment(segment, builder)),
    )
  }
  const planOf = builder.plans()
  const traitNames = [...builder.traitNames]
  const fingerprint = fingerprintOf({ segments: definitions.segments, triggers })
  return {
    fingerprint,
    createUser: newUser,
    advance(user, event, emit) {
      const { atMs } = event
      if (atMs < user.lastMs) throw unordered(user, event)
      const first = user.queue[0]
      if (first !== undefined && first.queuedMs < atMs) endWaits(user, waitNodes, atMs, emit)
      user.lastMs = atMs
      user.sequence++
      if (event.type === 'identify' && traitNames.length > 0) writeTraits(user, event.properties, traitNames)
      const { updates, handlers } = planOf(event)
      for (const update of updates) update(user, event, emit)
      for (const handle of handlers) handle(user, event, emit)
    },
    finish(user, untilMs, emit) {
      endWaits(user, waitNodes, untilMs, emit)
      user.lastMs = Math.max(user.lastMs, untilMs)
    },
    isMember(user, segment, atMs) {
      const ask = members.get(segment)
      if (ask === undefined) throw new RangeError(`segment "${segment}" is not defined, or mirrored`)
      return user.sequence > 0 && ask(user, atMs, [])
    },
    saveUser: (user) => saveUser(user, fingerprint),
    loadUser: (text) => loadUser(text, fingerprint),
  }
}

function unordered(user: MatcherUser, event: MatcherEvent): TriplineError {
  return new TriplineError('triggers', {
    code: 'invalid',
    message: `event ${event.messageId} at ${event.atMs} lies before ${user.lastMs}, up to which the user is read`,
  })
}
