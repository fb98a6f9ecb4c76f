import { eventHappened } from './enrollments.ts'
import { eventUuidMs } from './limits.ts'
import type { Portal } from './portal.ts'
import type { PropertyDefinition } from './property-definitions.ts'
import { readInstant } from './property-values.ts'
import { createRecord, findRecord } from './records.ts'
import { objectTypeOf, type CrmRecord, type StoredEvent, type StoredEventDefinition } from './store.ts'

/** One event as it was accepted. */
export interface AcceptedEvent {
  readonly definition: StoredEventDefinition
  readonly properties: Readonly<Record<string, string>>
  readonly occurredAtMs: number
  readonly email?: string
  readonly objectId?: string
  readonly utk?: string
  readonly uuid?: string
}
/** Properties that take addresses take longer text. Not verified. */
const longText = new Set(['hs_page_url', 'hs_link_href', 'hs_referrer'])

/** Queues an accepted event; what becomes of it is never told to the sender. */
export function acceptEvent(portal: Portal, event: AcceptedEvent): void {
  portal.store.counters.eventsAccepted += 1
  portal.store.queues.events.push(portal.clock.now() + portal.account.eventLagMs, (atMs) =>
    processEvent(portal, event, atMs),
  )
}

function processEvent(portal: Portal, event: AcceptedEvent, atMs: number): void {
  const { store } = portal
  if (isRepeat(portal, event, atMs)) {
    store.counters.eventsDuplicate += 1
    return
  }
  const record = findTarget(portal, event, atMs)
  if (record === undefined) {
    store.counters.eventsWithoutObject += 1
    return
  }
  const stored: StoredEvent = {
    id: portal.newId(),
    eventType: event.definition.fullyQualifiedName,
    objectTypeId: event.definition.objectTypeId,
    objectType: event.definition.primaryObject,
    objectId: record.id,
    occurredAt: new Date(event.occurredAtMs).toISOString(),
    properties: keepDefined(portal, event),
    ...(event.uuid !== undefined && { uuid: event.uuid }),
  }
  storeEvent(portal, stored)
  if (record.type === 'contacts') eventHappened(portal, record, stored, atMs)
}

export function storeEvent({ store }: Portal, event: StoredEvent): void {
  store.events.push(event)
  append(store.eventsByType, event.eventType, event)
  append(store.eventsByObject, event.objectId, event)
  store.counters.eventsStored += 1
}
function append(index: Map<string, StoredEvent[]>, key: string, event: StoredEvent): void {
  const events = index.get(key)
  if (events) events.push(event)
  else index.set(key, [event])
}

/** Inside one event type the first of a `uuid` wins, for about a year. */
function isRepeat({ store }: Portal, event: AcceptedEvent, atMs: number): boolean {
  if (event.uuid === undefined) return false
  const key = `${event.definition.fullyQualifiedName} ${event.uuid}`
  const firstAtMs = store.eventUuids.get(key)
  if (firstAtMs !== undefined && atMs - firstAtMs < eventUuidMs) return true
  store.eventUuids.set(key, atMs)
  return false
}

/** By matching property, record id, cookie or e-mail. Only an unknown e-mail makes a contact. */
function findTarget(portal: Portal, event: AcceptedEvent, atMs: number): CrmRecord | undefined {
  const { store } = portal
  const objects = store.objects[objectTypeOf(event.definition.primaryObjectId) ?? 'contacts']
  const matched = matchByProperty()
  if (matched !== undefined) return live(matched)
  if (event.objectId !== undefined) return live(findRecord(objects, event.objectId, undefined))
  if (event.utk !== undefined && store.cookies.has(event.utk))
    return live(findRecord(store.objects.contacts, store.cookies.get(event.utk) ?? '', undefined))
  if (event.email === undefined || objects.type !== 'contacts' || store.blocklist.has(event.email))
    return undefined
  return (
    findRecord(objects, event.email, 'email') ??
    createRecord(portal, objects, { email: event.email }, { atMs })
  )

  function matchByProperty(): CrmRecord | undefined {
    const rule = event.definition.matching
    const value = rule && event.properties[rule.eventPropertyName]
    return value === undefined ? undefined : findRecord(objects, value, rule?.targetObjectPropertyName)
  }
}
const live = (record: CrmRecord | undefined): CrmRecord | undefined =>
  record?.archivedAtMs === undefined ? record : undefined

/** Undefined properties and values of the wrong kind are lost with no word. */
function keepDefined(portal: Portal, event: AcceptedEvent): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(event.properties)) {
    const stored = storable(portal, event.definition.properties.get(name), value)
    if (stored === undefined) portal.store.counters.eventPropertiesDropped += 1
    else kept[name] = stored
  }
  return kept
}

function storable(
  portal: Portal,
  definition: PropertyDefinition | undefined,
  value: string,
): string | undefined {
  if (definition === undefined) return undefined
  if (definition.type === 'number')
    return value.trim() !== '' && Number.isFinite(Number(value)) ? value : undefined
  if (definition.type === 'datetime') {
    const atMs = readInstant(value)
    return atMs === undefined ? undefined : new Date(atMs).toISOString()
  }
  if (definition.type === 'enumeration')
    return definition.options.some((option) => option.value === value) ? value : undefined
  return value.length <= portal.account.eventTextMaxChars || longText.has(definition.name) ? value : undefined
}
