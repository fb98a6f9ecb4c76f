import { compareEvents, type InputEvent } from '../batch/input-event.ts'
import { PersonLine, type PersonLineOptions } from './person-line.ts'
import type { PersonHistory } from './person-records.ts'

/**
 * Replays one person as it happened: all events in the order of the time line. Up to its link an anonymous id has a line
 * of its own; a link counts from the start of its millisecond.
 */
export function replayAsHappened(
  person: PersonHistory,
  options: PersonLineOptions,
  endMs: number,
): PersonLine {
  const events = person.events.toSorted(compareEvents)
  const keeping = { ...options, keepsHistory: person.links.size > 0 }
  const line = new PersonLine(keeping)
  const links = [...person.links].sort(([, first], [, second]) => compareEvents(first, second))
  const own = person.links.size === 0 ? events : events.filter((event) => isOwn(event, person.links))
  let given = 0
  for (const [anonymousId, link] of links) {
    const before = events.filter(
      (event) => event.isAnonymous && event.person === anonymousId && event.atMs < link.atMs,
    )
    if (before.length === 0) continue
    const next = own.findIndex(({ atMs }) => atMs >= link.atMs)
    const upTo = next === -1 ? own.length : next
    line.advance(own.slice(given, upTo), link.atMs)
    given = upTo
    const other = new PersonLine({ ...keeping, userId: anonymousId, facts: [] })
    other.advance(before, link.atMs)
    line.merge(other)
  }
  line.advance(given === 0 ? own : own.slice(given), endMs)
  return line
}

/** The user's own events, and the anonymous ones from the millisecond of the link on. */
function isOwn({ isAnonymous, person, atMs }: InputEvent, links: ReadonlyMap<string, InputEvent>): boolean {
  return !isAnonymous || atMs >= (links.get(person)?.atMs ?? Infinity)
}
