import type { EventMatch } from '../definition/event-match.ts'
import type { MatcherEvent } from './event.ts'

/** `writes`: every event that writes traits, also one that is the effect of a step and no `identify` otherwise. */
export type KindMatch = EventMatch | { readonly type: 'writes' }
interface Entry<Item> {
  readonly match: KindMatch
  readonly item: Item
}
type Kind = Pick<MatcherEvent, 'type' | 'name' | 'source'>
type EventType = MatcherEvent['type']

/** Of one type of events: what concerns those of a name, and those of any other or none. */
interface Table<Found> {
  readonly rest: Found
  readonly named: ReadonlyMap<string, Found>
}

const types = ['track', 'page', 'screen', 'identify', 'group', 'alias'] as const

/**
 * A table from events to what concerns them, by type, name and source; `build` makes something of the items of one kind
 * of event, in their order. Every kind is made once, so an event costs one look-up.
 */
export function tableByEvent<Item, Found>(
  entries: readonly Entry<Item>[],
  build: (items: readonly Item[]) => Found,
): (event: Kind) => Found {
  const tables = (isOwn: boolean) =>
    new Map<EventType, Table<Found>>(types.map((type) => [type, tableOf(type, isOwn, entries, build)]))
  const [own, other] = [tables(true), tables(false)]
  const ownTrack = own.get('track') as Table<Found>
  return ({ type, name, source }) => {
    const table = source === undefined && type === 'track' ? ownTrack : (source ? other : own).get(type)
    if (table === undefined) throw new RangeError(`"${type}" is no type of an event`)
    return name === undefined ? table.rest : (table.named.get(name) ?? table.rest)
  }
}

function tableOf<Item, Found>(
  type: EventType,
  isOwn: boolean,
  entries: readonly Entry<Item>[],
  build: (items: readonly Item[]) => Found,
): Table<Found> {
  const rest: number[] = []
  const named = new Map<string, number[]>()
  for (const [place, { match }] of entries.entries()) {
    if (!isOfType(match, type, isOwn)) continue
    const name = 'name' in match ? match.name : undefined
    if (name === undefined) rest.push(place)
    else {
      const places = named.get(name)
      if (places === undefined) named.set(name, [place])
      else places.push(place)
    }
  }
  const make = (places: readonly number[]) =>
    build(places.map((place) => (entries[place] as Entry<Item>).item))
  const inOrder = (places: readonly number[]) => [...rest, ...places].toSorted((left, right) => left - right)
  return {
    rest: make(rest),
    named: new Map([...named].map(([name, places]) => [name, make(inOrder(places))])),
  }
}

/** Whether the event is of the type and name of the match; `where` is not asked. */
export function isOf(match: EventMatch, { type, name, source }: Kind): boolean {
  if (!isOfType(match, type, source === undefined)) return false
  return !('name' in match) || match.name === undefined || match.name === name
}

function isOfType(match: KindMatch, type: EventType, isOwn: boolean): boolean {
  switch (match.type) {
    case 'any':
      return isOwn && type !== 'group' && type !== 'alias'
    case 'identify':
      return isOwn && type === 'identify'
    case 'writes':
      return type === 'identify'
    default:
      return match.type === type
  }
}

/**
 * Puts items by the events they concern, so that an event that concerns none costs one look-up. `where` is not asked.
 * @example
 * const goalsOf = byEvent([{ match: { type: 'track', name: 'Order Completed' }, item: 'goal' }])
 * goalsOf(event) // => ['goal'] for an order
 */
export function byEvent<Item>(entries: readonly Entry<Item>[]): (event: Kind) => readonly Item[] {
  return tableByEvent(entries, (items) => items)
}
