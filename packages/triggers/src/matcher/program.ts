import { TriplineError } from '@tripline/model'
import type { Definitions } from '../definition/definition.ts'
import { createCompiler } from './compiler.ts'
import type { Sink } from './core.ts'
import { anchorKeyOf, type Anchor, type Emit, type MatcherEvent } from './event.ts'
import type { MatcherUser } from './user.ts'

/** The occasions of triggers alone, without guards and journeys: see `createEngine` for those. */
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

/** Of the saved form. Another version is refused. */
const stateVersion = 2

/**
 * A matcher of normalised definitions: from the events of a user, in order, to the fires of triggers. Pure and
 * deterministic: no clock, no chance, no I/O. Whether a trigger is enabled is a guard, and not asked here. For the size
 * of the state see `Core`.
 * @example
 * const program = compile(normaliseDefinitions({ specVersion: 1, triggers: [hello] }))
 * const user = program.createUser('u1')
 * program.advance(user, event, (fire) => fires.push(fire))
 */
export function compile(definitions: Definitions): Program {
  const core = createCompiler(definitions, { memberships: 'needed' }).finish()
  const { fingerprint } = core
  const collector = new Collector()
  const endBefore = (user: MatcherUser, untilMs: number, emit: Emit) => {
    for (let dueMs = core.nextDueMs(user); dueMs < untilMs; dueMs = core.nextDueMs(user)) {
      core.endDue(user, dueMs, collector)
      collector.tell(core.triggers, user, emit)
    }
  }
  return {
    fingerprint,
    createUser: core.createUser,
    advance(user, event, emit) {
      endBefore(user, event.atMs, emit)
      core.apply(user, event, collector)
      collector.tell(core.triggers, user, emit)
    },
    finish(user, untilMs, emit) {
      endBefore(user, untilMs, emit)
      user.lastMs = Math.max(user.lastMs, untilMs)
    },
    isMember: core.isMember,
    saveUser: (user) => JSON.stringify([stateVersion, fingerprint, core.save(user)]),
    loadUser(text) {
      const [version, of, saved] = JSON.parse(text) as readonly unknown[]
      if (version !== stateVersion || of !== fingerprint) {
        throw new TriplineError('triggers', {
          code: 'invalid',
          message: `state of version ${String(version)} and program ${String(of)} is not of this program (${stateVersion}, ${fingerprint})`,
        })
      }
      return core.load(saved)
    },
  }
}

interface Collected {
  readonly trigger: number
  readonly anchor: Anchor
  readonly atMs: number
  readonly dueMs: number | undefined
}

/** Holds the fires of one place, and tells them in the order of the law. */
class Collector implements Sink {
  readonly #fires: Collected[] = []

  fire(trigger: number, anchor: Anchor, atMs: number, dueMs: number | undefined): void {
    this.#fires.push({ trigger, anchor, atMs, dueMs })
  }

  membership(): void {}

  tell(triggers: readonly string[], { userId }: MatcherUser, emit: Emit): void {
    const fires = this.#fires
    if (fires.length === 0) return
    if (fires.length > 1) {
      fires.sort(
        (left, right) => left.trigger - right.trigger || left.anchor.sequence - right.anchor.sequence,
      )
    }
    for (const { trigger, anchor, atMs, dueMs } of fires)
      emit({ trigger: triggers[trigger] ?? '', userId, atMs, anchorKey: anchorKeyOf(anchor, dueMs) })
    fires.length = 0
  }
}
