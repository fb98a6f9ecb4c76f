import type { MatcherEvent } from '../matcher/event.ts'
import type { History } from './engine.ts'
import type { Fact } from './fact.ts'

export type EffectPlace = { readonly event: MatcherEvent } | { readonly fact: Fact }

/** One millisecond of a history: facts, then events, then the effects of steps in the order in which they were made. */
export interface HistoryMillisecond {
  readonly atMs: number
  readonly facts: readonly Fact[]
  readonly events: readonly MatcherEvent[]
  readonly effects: readonly EffectPlace[]
}

/** A history by millisecond, ascending. */
export function byMillisecond({ events, facts = [] }: History): readonly HistoryMillisecond[] {
  const times = [...events, ...facts].map(({ atMs }) => atMs)
  const eventsAt = byTime(events)
  const factsAt = byTime(facts)
  return [...new Set(times)]
    .toSorted((left, right) => left - right)
    .map((atMs): HistoryMillisecond => {
      const allEvents = eventsAt.get(atMs) ?? []
      const allFacts = factsAt.get(atMs) ?? []
      return {
        atMs,
        facts: allFacts.filter((fact) => effectPlace(fact) === undefined),
        events: allEvents.filter(({ source }) => source !== 'tripline'),
        effects: effectsIn(allEvents, allFacts),
      }
    })
}

function byTime<Item extends { readonly atMs: number }>(items: readonly Item[]): Map<number, Item[]> {
  const groups = new Map<number, Item[]>()
  for (const item of items) {
    const group = groups.get(item.atMs)
    if (group === undefined) groups.set(item.atMs, [item])
    else group.push(item)
  }
  return groups
}

/** Facts name their place among the effects; the events fill the rest in their order. */
function effectsIn(events: readonly MatcherEvent[], facts: readonly Fact[]): readonly EffectPlace[] {
  const made = facts
    .filter((fact) => effectPlace(fact) !== undefined)
    .toSorted((left, right) => (effectPlace(left) ?? 0) - (effectPlace(right) ?? 0))
  const places: EffectPlace[] = events
    .filter(({ source }) => source === 'tripline')
    .map((event) => ({ event }))
  let next = 0
  for (const fact of made) {
    // Two users that became one may have facts of one place: the first keeps it.
    const place = Math.max(effectPlace(fact) ?? 0, next)
    places.splice(place, 0, { fact })
    next = place + 1
  }
  return places
}

function effectPlace(fact: Fact): number | undefined {
  return fact.kind === 'membership' ? fact.effect : undefined
}
