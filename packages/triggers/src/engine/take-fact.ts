import type { Core } from '../matcher/core.ts'
import type { Fact } from './fact.ts'
import type { Known, State } from './state.ts'

/** Takes in a fact of the millisecond that is read next. */
export function takeFact(state: State, fact: Fact, core: Core): void {
  switch (fact.kind) {
    case 'membership':
    case 'traits':
      core.applyFact(state.matcher, fact)
      return
    case 'dead':
      if (state.sends !== undefined) state.sends = state.sends.filter(({ id }) => id !== fact.send)
      return
    case 'consent':
      knownOf(state).consents.set(fact.purpose, fact.state === 'granted')
      return
    case 'suppression':
      knownOf(state).suppressed = fact.suppressed
      return
    case 'reachability':
      if (fact.reachable) knownOf(state).unreachable.delete(fact.channel)
      else knownOf(state).unreachable.add(fact.channel)
  }
}

function knownOf(state: State): Known {
  state.known ??= { suppressed: false, consents: new Map(), unreachable: new Set() }
  return state.known
}
