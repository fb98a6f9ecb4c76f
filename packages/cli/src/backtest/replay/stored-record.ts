import type { InputEvent } from '../batch/input-event.ts'
import type { PersonFact } from './person-line.ts'

/** What lies on disk for one person, as text. */
type Stored =
  | readonly [
      kind: 0,
      type: InputEvent['type'],
      name: string | null,
      atMs: number,
      seq: number,
      messageId: string,
      arrival: number,
      receivedMs: number | null,
      links: string,
      source: 'vendor' | 'tripline' | null,
      isAnonymous: 0 | 1,
      person: string,
      properties: InputEvent['properties'],
    ]
  | readonly [kind: 1, atMs: number | null, fact: PersonFact['fact']]

export function writeEvent(event: InputEvent): string {
  const { type, name, atMs, seq, messageId, arrival, receivedMs, links, source, isAnonymous, person } = event
  const received = Number.isNaN(receivedMs) ? null : receivedMs
  return JSON.stringify([
    0,
    type,
    name ?? null,
    atMs,
    seq,
    messageId,
    arrival,
    received,
    links,
    source ?? null,
    isAnonymous ? 1 : 0,
    person,
    event.properties,
  ] satisfies Stored)
}

export function writeFact({ atMs, fact }: PersonFact): string {
  return JSON.stringify([1, atMs ?? null, fact] satisfies Stored)
}

/** Reads a record back, into one of the lists. */
export function readStored(text: string, events: InputEvent[], facts: PersonFact[]): void {
  const stored = JSON.parse(text) as Stored
  if (stored[0] === 1) {
    const [, atMs, fact] = stored
    facts.push(atMs === null ? { fact } : { atMs, fact })
    return
  }
  const [
    ,
    type,
    name,
    atMs,
    seq,
    messageId,
    arrival,
    received,
    links,
    source,
    anonymous,
    person,
    properties,
  ] = stored
  events.push({
    type,
    ...(name !== null && { name }),
    atMs,
    seq,
    messageId,
    arrival,
    receivedMs: received ?? Number.NaN,
    links,
    ...(source !== null && { source }),
    isAnonymous: anonymous === 1,
    person,
    properties,
  })
}
