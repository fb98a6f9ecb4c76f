import { eventLogOf, type IntercomStore } from './state.ts'
import type { Contact, EventName, StoredEvent } from './stored.ts'
import { intercomLimits } from './limits.ts'
import { metadataType } from './event-metadata.ts'

export type NewEvent = Pick<StoredEvent, 'event_name' | 'created_at' | 'metadata'>

const duplicateKey = (contactId: string, name: string, second: number): string =>
  `${contactId}\n${name}\n${second}`

/** The name under which events are kept: `.` and `$` became `-`; names that differ by case are one. */
export function foldName(name: string): string {
  return name.replaceAll(/[.$]/g, '-')
}

/** The definition of an event name; undefined when it would be one too many. */
export function ensureEventName(store: IntercomStore, name: string, maxNames: number): EventName | undefined {
  const key = name.toLowerCase()
  const known = store.eventNames.get(key)
  if (known) return known
  if (store.eventNames.size >= maxNames) return undefined
  const definition: EventName = { name, metadata: {} }
  store.eventNames.set(key, definition)
  return definition
}

/** Keeps an event unless one of this contact, name and second is there already. */
export function storeEvent(
  store: IntercomStore,
  contact: Contact,
  definition: EventName,
  event: NewEvent,
): boolean {
  const key = duplicateKey(contact.id, definition.name, event.created_at)
  if (store.seenEvents.has(key)) {
    store.counters.duplicateEvents++
    return false
  }
  store.seenEvents.add(key)
  for (const [name, value] of Object.entries(event.metadata)) {
    const known = Object.keys(definition.metadata)
    if (known.length < intercomLimits.metadataKeys.max && !known.includes(name))
      definition.metadata[name] = metadataType(name, value)
  }
  const stored: StoredEvent = {
    ...event,
    id: store.ids.uuid(),
    event_name: definition.name,
    intercom_user_id: contact.id,
  }
  store.events.push(stored)
  eventLogOf(store, contact.id).events.push(stored)
  summarise(store, contact.id, definition.name, { first: event.created_at, last: event.created_at, count: 1 })
  return true
}

export function summarise(
  store: IntercomStore,
  contactId: string,
  name: string,
  { first, last, count }: { readonly first: number; readonly last: number; readonly count: number },
): void {
  const { summaries } = eventLogOf(store, contactId)
  const known = summaries.get(name.toLowerCase())
  if (!known) {
    summaries.set(name.toLowerCase(), { name, first, last, count })
    return
  }
  known.first = Math.min(known.first, first)
  known.last = Math.max(known.last, last)
  known.count += count
}

/** After a merge the events are those of the surviving contact, and so is their de-duplication. */
export function mergeEvents(store: IntercomStore, fromId: string, intoId: string): void {
  const log = store.eventLogs.get(fromId)
  if (!log) return
  const target = eventLogOf(store, intoId)
  for (const event of log.events) {
    event.intercom_user_id = intoId
    store.seenEvents.add(duplicateKey(intoId, event.event_name, event.created_at))
    target.events.push(event)
  }
  for (const summary of log.summaries.values()) summarise(store, intoId, summary.name, summary)
  store.eventLogs.delete(fromId)
}
