import type { MatcherEvent } from '../matcher/event.ts'

/** A place of a time line that stays where it is when others come before it. */
export interface NamedPlace {
  readonly atMs: number
  /** Names the event or effect; absent for the place of a timer. */
  readonly placeKey: string | undefined
}

/** How many of these events, in time-line order, are seen at the place. */
export function placeAmong({ atMs, placeKey }: NamedPlace, events: readonly MatcherEvent[]): number {
  const index = events.findLastIndex((event) => event.atMs === atMs && event.messageId === placeKey)
  return index >= 0 ? index + 1 : events.filter((event) => isBeforeTimer(event, atMs)).length
}

/** A timer comes after the events of its millisecond, and before what steps do in it. */
function isBeforeTimer(event: MatcherEvent, atMs: number): boolean {
  return event.atMs < atMs || (event.atMs === atMs && event.source !== 'tripline')
}
