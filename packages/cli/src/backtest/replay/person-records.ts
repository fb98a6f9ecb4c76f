import { compareBytes, type InputEvent } from '../batch/input-event.ts'
import { createSorter, type SorterOptions, type TemporaryFolder } from '../sort/sorter.ts'
import type { PersonFact } from './person-line.ts'
import { readStored, writeEvent, writeFact } from './stored-record.ts'

/** All that is known of one person: the user, and the anonymous ids that were linked to it. */
export interface PersonHistory {
  readonly userId: string
  /** In the order of arrival. */
  readonly events: readonly InputEvent[]
  readonly facts: readonly PersonFact[]
  /** The links that hold, by anonymous id. */
  readonly links: ReadonlyMap<string, InputEvent>
}

/** Collects events and facts of everybody, on disk when there are many, and gives them person by person. */
export interface PersonRecords {
  addEvent(event: InputEvent): void
  addFact(userId: string, fact: PersonFact): void
  people(): Generator<PersonHistory, void, undefined>
}

/**
 * @param compareLinks which of two links of one anonymous id is first, and for good. Links are kept in memory: about
 * 200 bytes each.
 */
export function createPersonRecords(
  folder: TemporaryFolder,
  compareLinks: (first: InputEvent, second: InputEvent) => number,
  options: SorterOptions = {},
): PersonRecords {
  const known = createSorter(folder, options)
  // Whose an anonymous event is shows when all links are read.
  const anonymous = createSorter(folder, options)
  const links = new Map<string, InputEvent>()
  return {
    addEvent(event) {
      if (event.isAnonymous) anonymous.add(event.person, writeEvent(event))
      else known.add(groupKey('user', event.person), writeEvent(event))
      if (event.links === '') return
      const before = links.get(event.links)
      if (before === undefined || compareLinks(event, before) < 0) links.set(event.links, event)
    },
    addFact: (userId, fact) => known.add(groupKey('user', userId), writeFact(fact)),
    *people() {
      for (const { key, text } of anonymous.sorted()) {
        const link = links.get(key)
        known.add(link === undefined ? groupKey('anonymous', key) : groupKey('user', link.person), text)
      }
      yield* groups(known.sorted(), links)
    },
  }
}

/** A user and an anonymous id of the same text are two. */
function groupKey(kind: 'user' | 'anonymous', id: string): string {
  return `${kind === 'user' ? 'u' : 'a'}${id}`
}

function* groups(
  records: Iterable<{ readonly key: string; readonly text: string }>,
  links: ReadonlyMap<string, InputEvent>,
): Generator<PersonHistory, void, undefined> {
  let current: string | undefined
  let events: InputEvent[] = []
  let facts: PersonFact[] = []
  const close = function* (): Generator<PersonHistory, void, undefined> {
    if (current === undefined) return
    const own = new Map<string, InputEvent>()
    for (const { isAnonymous, person } of events) {
      const link = links.get(person)
      if (isAnonymous && link !== undefined) own.set(person, link)
    }
    yield { userId: current.slice(1), events: events.sort(byArrival), facts, links: own }
  }
  for (const { key, text } of records) {
    if (key !== current) {
      yield* close()
      current = key
      events = []
      facts = []
    }
    readStored(text, events, facts)
  }
  yield* close()
}

const byArrival = (first: InputEvent, second: InputEvent): number =>
  first.arrival - second.arrival || compareBytes(first.messageId, second.messageId)
