import type { SimReply, SimRequest } from '../../core/index.ts'
import { readBody } from '../body.ts'
import { invalid, notFound } from '../errors.ts'
import { objectStore, type Portal } from '../portal.ts'
import {
  archiveRecord,
  comparable,
  createRecord,
  dropRecord,
  findRecord,
  requireUnique,
  showRecord,
  writeRecord,
} from '../records.ts'
import type { RouteRow } from '../route-row.ts'
import type { CrmRecord, ObjectStore, StoredEvent } from '../store.ts'
import { objectScopes } from './object-scopes.ts'
import { refuseLocked } from './objects.ts'

/** Merge two records; erase a contact for good. */
export function objectRemovalRoutes(portal: Portal): readonly RouteRow[] {
  const row = { resource: 'objects', method: 'POST', scopes: objectScopes('write') } as const
  return [
    { ...row, path: '/{objectType}/merge', handle: (request) => merge(portal, request) },
    { ...row, path: '/{objectType}/gdpr-delete', handle: (request) => gdprDelete(portal, request) },
  ]
}

function merge(portal: Portal, request: SimRequest): SimReply {
  const store = objectStore(portal, request.params['objectType'] ?? '')
  const body = readBody(portal.account, request, { primaryObjectId: 'string', objectIdToMerge: 'string' })
  refuseLocked(portal)
  const primary = live(store, body.primaryObjectId)
  const other = live(store, body.objectIdToMerge)
  if (primary === other) throw invalid('Cannot merge an object with itself')
  const values = mergedValues(store, primary, other)
  const joined = [primary.id, other.id]
  archiveRecord(portal, store, other)
  if (!portal.account.mergeKeepsPrimaryId) archiveRecord(portal, store, primary)
  const result = portal.account.mergeKeepsPrimaryId ? primary : createRecord(portal, store, {})
  for (const id of joined.filter((each) => each !== result.id)) redirect(store, id, result.id)
  const changes = { ...values, hs_merged_object_ids: joined.filter((id) => id !== result.id).join(';') }
  writeRecord(portal, store, result, changes, { atMs: portal.clock.now(), sourceType: 'CONTACTS' })
  return {
    status: 200,
    body: showRecord(store, result, {
      properties: [...store.properties.keys()].filter(
        (name) => changes[name as keyof typeof changes] !== undefined,
      ),
    }),
  }
}

/** The old ids are no records any more; reading them leads to the new one. */
function redirect(store: ObjectStore, id: string, into: string): void {
  dropRecord(store, id)
  for (const [old, target] of store.mergedInto) if (target === id) store.mergedInto.set(old, into)
  store.mergedInto.set(id, into)
}

/** The primary's values win; the other's e-mail becomes a secondary one. */
function mergedValues(store: ObjectStore, primary: CrmRecord, other: CrmRecord): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [name, value] of Object.entries({ ...other.properties, ...primary.properties })) {
    const definition = store.properties.get(name)
    if (definition !== undefined && !definition.modificationMetadata.readOnlyValue) values[name] = value
  }
  const emails = [
    other.properties['email'],
    primary.properties['hs_additional_emails'],
    other.properties['hs_additional_emails'],
  ]
  const secondary = emails
    .flatMap((text) => text?.split(';') ?? [])
    .filter((email) => email !== '' && email !== values['email'])
  if (secondary.length > 0) values['hs_additional_emails'] = [...new Set(secondary)].join(';')
  return values
}

function live(store: ObjectStore, id: string): CrmRecord {
  const record = findRecord(store, id, undefined)
  if (record === undefined || record.archivedAtMs !== undefined) throw notFound()
  return record
}

/** Irreversible, and nothing tells when it is done. An unknown e-mail is put on the blocklist. */
function gdprDelete(portal: Portal, request: SimRequest): SimReply {
  const store = objectStore(portal, request.params['objectType'] ?? '')
  const body = readBody(portal.account, request, { objectId: 'string', idProperty: 'string?' })
  if (store.type !== 'contacts') throw notFound()
  refuseLocked(portal)
  requireUnique(store, body.idProperty, 'gdpr-delete')
  const record = findRecord(store, body.objectId, body.idProperty)
  if (record === undefined) {
    if (body.idProperty !== 'email') throw notFound()
    portal.store.blocklist.add(comparable('email', body.objectId))
    return { status: 204 }
  }
  archiveRecord(portal, store, record)
  eraseRecord(portal, store, record)
  return { status: 204 }
}

function eraseRecord(portal: Portal, store: ObjectStore, record: CrmRecord): void {
  dropRecord(store, record.id)
  for (const listId of portal.store.listsOf.get(record.id) ?? []) {
    portal.store.lists.get(listId)?.members.delete(record.id)
    portal.store.lists.get(listId)?.visible.delete(record.id)
  }
  portal.store.listsOf.delete(record.id)
  for (const { eventType } of portal.store.eventsByObject.get(record.id) ?? [])
    keepOthers(portal.store.eventsByType.get(eventType) ?? [], record.id)
  keepOthers(portal.store.events, record.id)
  portal.store.eventsByObject.delete(record.id)
  const email = record.properties['email']
  if (email !== undefined) portal.store.consent.delete(email)
}

/** Takes one record's events out of a list, in place. */
function keepOthers(events: StoredEvent[], objectId: string): void {
  const others = events.filter((event) => event.objectId !== objectId)
  events.length = 0
  for (const event of others) events.push(event)
}
