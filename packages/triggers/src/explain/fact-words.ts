import type { Fact } from '../engine/fact.ts'

/** What became known of the user beside events; of a profile the names of its traits. */
export function factWords(fact: Fact): string {
  switch (fact.kind) {
    case 'consent':
      return `consent for ${fact.purpose}: ${fact.state}`
    case 'suppression':
      return fact.suppressed ? 'suppressed' : 'no longer suppressed'
    case 'reachability':
      return `${fact.channel} ${fact.reachable ? 'reaches' : 'does not reach'} the user`
    case 'membership':
      return `${fact.member ? 'in' : 'not in'} segment ${fact.segment}`
    case 'traits':
      return `profile with ${Object.keys(fact.traits).join(', ') || 'no traits'}`
    case 'dead':
      return `a send was given up as undeliverable (${fact.send})`
  }
}
