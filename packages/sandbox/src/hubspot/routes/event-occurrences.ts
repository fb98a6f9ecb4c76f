import type { SimReply, SimRequest } from '../../core/index.ts'
import { readLimit } from '../body.ts'
import { invalid } from '../errors.ts'
import { hubspotSizes } from '../limits.ts'
import { objectStore, type Portal } from '../portal.ts'
import { readInstant } from '../property-values.ts'
import { findRecord } from '../records.ts'
import type { RouteRow } from '../route-row.ts'
import type { StoredEvent } from '../store.ts'

/** What became of events, by record or by type. */
export function eventOccurrenceRoutes(portal: Portal): readonly RouteRow[] {
  const row = { resource: 'eventOccurrences', method: 'GET', scopes: ['oauth'], tier: 'enterprise' } as const
  return [
    { ...row, path: '', handle: (request) => list(portal, request) },
    {
      ...row,
      path: '/event-types',
      handle: () => ({ status: 200, body: { eventTypes: [...portal.store.eventDefinitions.keys()] } }),
    },
  ]
}

function list(portal: Portal, request: SimRequest): SimReply {
  const limit = readLimit(request, {
    normal: hubspotSizes.eventOccurrencePage,
    max: hubspotSizes.eventOccurrencePage,
  })
  const events = select(portal, request).filter((event) => passes(event, request))
  const sort = request.query.get('sort') ?? '-occurredAt'
  if (sort !== 'occurredAt' && sort !== '-occurredAt')
    throw invalid(`sort must be occurredAt or -occurredAt, not ${sort}`)
  const direction = sort === 'occurredAt' ? 1 : -1
  events.sort((one, other) =>
    one.occurredAt < other.occurredAt ? -direction : one.occurredAt > other.occurredAt ? direction : 0,
  )
  const offset = readOffset(request.query.get('after'))
  const page = events.slice(offset, offset + limit)
  const next = offset + page.length
  return {
    status: 200,
    body: {
      results: page.map(({ id, eventType, objectId, objectType, occurredAt, properties }) => ({
        id,
        eventType,
        objectId,
        objectType,
        occurredAt,
        properties,
      })),
      ...(next < events.length && {
        paging: { next: { after: Buffer.from(String(next)).toString('base64url') } },
      }),
    },
  }
}

function readOffset(cursor: string | null): number {
  if (cursor === null) return 0
  const offset = Number(Buffer.from(cursor, 'base64url').toString('utf8'))
  if (!Number.isInteger(offset) || offset < 0) throw invalid(`Invalid paging cursor: ${cursor}`)
  return offset
}

/** By record (id or e-mail) or by type; one of them is needed. */
function select(portal: Portal, request: SimRequest): StoredEvent[] {
  const { store } = portal
  const objectType = request.query.get('objectType')
  const objectId = request.query.get('objectId') ?? undefined
  const email = request.query.get('objectProperty.email') ?? undefined
  const eventType = request.query.get('eventType')
  if (eventType !== null && !store.eventDefinitions.has(eventType))
    throw invalid(`Event type ${eventType} does not exist`)
  if (objectId === undefined && email === undefined) {
    if (eventType === null) throw invalid('One of objectId, objectProperty or eventType must be set')
    return [...(store.eventsByType.get(eventType) ?? [])]
  }
  if (objectType === null) throw invalid('objectType is required when an object is given')
  const record = findRecord(
    objectStore(portal, objectType),
    objectId ?? email ?? '',
    objectId === undefined ? 'email' : undefined,
  )
  const events = record === undefined ? [] : (store.eventsByObject.get(record.id) ?? [])
  return events.filter((event) => eventType === null || event.eventType === eventType)
}

function passes(event: StoredEvent, { query }: SimRequest): boolean {
  const ids = query.getAll('id')
  const atMs = readInstant(event.occurredAt) ?? 0
  const border = (name: string): number | undefined => {
    const text = query.get(name)
    return text === null ? undefined : readInstant(text)
  }
  const [after, before] = [border('occurredAfter'), border('occurredBefore')]
  return (
    (ids.length === 0 || ids.includes(event.id)) &&
    (after === undefined || atMs > after) &&
    (before === undefined || atMs < before) &&
    [...query].every(
      ([name, value]) =>
        !name.startsWith('property.') || event.properties[name.slice('property.'.length)] === value,
    )
  )
}
