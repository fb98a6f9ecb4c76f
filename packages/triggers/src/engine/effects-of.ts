import type { LedgerLine } from '../ledger/line.ts'
import type { MatcherEvent } from '../matcher/event.ts'
import { effectOfLine } from './effects.ts'
import type { History } from './engine.ts'
import type { Fact } from './fact.ts'

/**
 * What the steps of a user did to the user, as events and facts of the history. `Engine.advance` applies it by itself;
 * who keeps a history to read it again (`insertLate`, `merge`, `takeOver`) adds it there. Takes all ledger lines of the
 * user in their order, and uses the `act` ones.
 * @example
 * const { events, facts } = effectsOf(lines)
 */
export function effectsOf(lines: Iterable<LedgerLine>): Required<History> {
  const events: MatcherEvent[] = []
  const facts: Fact[] = []
  let place = 0
  let placeMs = Number.NaN
  for (const line of lines) {
    const effect = line.kind === 'act' ? effectOfLine(line) : undefined
    if (effect === undefined) continue
    place = effect.atMs === placeMs ? place + 1 : 0
    placeMs = effect.atMs
    if ('messageId' in effect) events.push(effect)
    else if (effect.kind === 'membership') facts.push({ ...effect, effect: place })
  }
  return { events, facts }
}
