import type { Definitions } from '../definition/definition.ts'
import { fingerprintOf } from '../matcher/fingerprint.ts'
import type { Engine, EngineOptions } from './engine.ts'
import { compileEngine } from './engine-plan.ts'
import { insertLate } from './insert-late.ts'
import { mergeStates } from './merge.ts'
import { readOn } from './read.ts'
import { loadState, saveState } from './save.ts'
import { newState, type State } from './state.ts'
import { takeOver } from './take-over.ts'
import type { EngineUser } from './user.ts'

/**
 * The engine of these definitions (in their normal form). Throws `RangeError` for a version that is given twice.
 * @example
 * const engine = createEngine(normaliseDefinitions({ specVersion: 1, triggers: [welcome] }))
 * const user = engine.createUser('u1')
 * engine.advance(user, { events }, untilMs, (line) => console.log(line.kind, line.atMs))
 */
export function createEngine(definitions: Definitions, options: EngineOptions = {}): Engine {
  const engine = compileEngine(definitions, options)
  const fingerprint = fingerprintOf({
    definitions: { ...definitions, triggers: [] },
    plans: engine.plans.map(({ definition, version }) => [version, { ...definition, enabled: true }]),
    memberships: options.memberships ?? 'all',
  })
  return {
    fingerprint,
    createUser: (userId) => newState(userId, engine.core.createUser(userId)),
    advance(user, next, untilMs, emit, { nowMs } = {}) {
      const state = stateOf(user)
      readOn({ engine, state, emit, untilMs, readMs: state.untilMs, nowMs }, next)
    },
    insertLate: (user, history, lateIds, emit) => insertLate(engine, stateOf(user), history, lateIds, emit),
    merge: (user, other, history, emit) => mergeStates(engine, stateOf(user), stateOf(other), history, emit),
    takeOver: (user, history, atMs, emit) => takeOver(engine, stateOf(user), history, atMs, emit),
    isMember: (user, segment, atMs) => engine.core.isMember(stateOf(user).matcher, segment, atMs),
    explainSegment: (user, segment, atMs) => engine.core.explainSegment(stateOf(user).matcher, segment, atMs),
    explainWho(user, trigger, atMs) {
      const plan = engine.plans[engine.core.triggers.indexOf(trigger)]
      return plan?.who?.explain(stateOf(user).matcher, atMs, [])
    },
    saveUser: (user) => saveState(engine, stateOf(user), fingerprint),
    loadUser: (text) => loadState(engine, text, fingerprint),
  }
}

/** Every `EngineUser` is made by an engine of this package. */
function stateOf(user: EngineUser): State {
  return user as State
}
