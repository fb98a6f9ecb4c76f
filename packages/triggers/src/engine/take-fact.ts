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
      dropDead(state, fact.send, fact.atMs)
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

/** A send that went only afterwards is not meant: no outbox knows it yet. */
function dropDead(state: State, send: string, atMs: number): void {
  state.sends = state.sends?.filter((sent) => sent.id !== send || sent.atMs >= atMs)
}

function knownOf(state: State): Known {
  state.known ??= { suppressed: false, consents: new Map(), unreachable: new Set() }
  return state.known
}
