import type { SimReply, SimRequest } from '../../core/index.ts'
import { readBody, readLimit, readNames } from '../body.ts'
import { invalid, notFound, Refusal } from '../errors.ts'
import { hubspotSizes } from '../limits.ts'
import { objectStore, type Portal } from '../portal.ts'
import {
  archiveRecord,
  checkProperties,
  createRecord,
  findConflict,
  findRecord,
  firstAfter,
  requireUnique,
  showRecord,
  writeRecord,
  type Changes,
} from '../records.ts'
import type { RouteRow } from '../route-row.ts'
import { objectTypes, type CrmRecord, type ObjectStore } from '../store.ts'
import { associate, associationsOf, readLinks } from './associations.ts'
import { objectScopes } from './object-scopes.ts'

/** List, create, read, update and archive one contact or company. */
export function objectRoutes(portal: Portal): readonly RouteRow[] {
  const row = { resource: 'objects' } as const
  return [
    {
      ...row,
      method: 'GET',
      path: '/{objectType}',
      scopes: objectScopes('read'),
      handle: (request) => list(portal, request),
    },
    {
      ...row,
      method: 'POST',
      path: '/{objectType}',
      scopes: objectScopes('write'),
      handle: (request) => create(portal, request),
    },
    {
      ...row,
      method: 'GET',
      path: '/{objectType}/{objectId}',
      scopes: objectScopes('read'),
      handle: (request) => read(portal, request),
    },
    {
      ...row,
      method: 'PATCH',
      path: '/{objectType}/{objectId}',
      scopes: objectScopes('write'),
      handle: (request) => update(portal, request),
    },
    {
      ...row,
      method: 'DELETE',
      path: '/{objectType}/{objectId}',
      scopes: objectScopes('write'),
      handle: (request) => archive(portal, request),
    },
  ]
}

const typeOf = (portal: Portal, request: SimRequest): ObjectStore =>
  objectStore(portal, request.params['objectType'] ?? '')

function list(portal: Portal, request: SimRequest): SimReply {
  const store = typeOf(portal, request)
  const withHistory = readNames(request, 'propertiesWithHistory')
  const max = withHistory.length > 0 ? hubspotSizes.pageRecordsWithHistory : hubspotSizes.pageRecords
  const limit = readLimit(request, { normal: 10, max })
  const archived = request.query.get('archived') === 'true'
  const after = request.query.get('after')
  if (after !== null && !/^\d+$/.test(after)) throw invalid(`Invalid paging cursor: ${after}`)
  const results: object[] = []
  let last = ''
  let more = false
  for (
    let index = after === null ? 0 : firstAfter(store.ids, Number(after));
    index < store.ids.length;
    index += 1
  ) {
    const record = store.records.get(store.ids[index] ?? '')
    if (record === undefined || (record.archivedAtMs !== undefined) !== archived) continue
    more = results.length === limit
    if (more) break
    last = record.id
    results.push(shown(portal, store, record, request))
  }
  return {
    status: 200,
    body: { results, ...(more && { paging: { next: { after: last, link: nextLink(request, last) } } }) },
  }
}

function nextLink(request: SimRequest, after: string): string {
  const query = new URLSearchParams(request.query)
  query.set('after', after)
  return `https://api.hubapi.com${request.path}?${query.toString()}`
}

function shown(portal: Portal, store: ObjectStore, record: CrmRecord, request: SimRequest): object {
  const associations = associationsOf(portal, record, readNames(request, 'associations'))
  return {
    ...showRecord(store, record, {
      properties: readNames(request, 'properties'),
      withHistory: readNames(request, 'propertiesWithHistory'),
    }),
    ...(associations && { associations }),
  }
}

/** @throws {Refusal} 409 in the words that carry the existing id, or 400 for another unique property. */
export function refuseConflict(portal: Portal, store: ObjectStore, changes: Changes, ownId?: string): void {
  const blocked = changes['email'] !== undefined && portal.store.blocklist.has(changes['email'])
  if (blocked) throw invalid('The e-mail address is on the blocklist and cannot be used')
  const conflict = findConflict(store, changes, ownId)
  if (conflict === undefined) return
  if (conflict.property === 'email')
    throw new Refusal(
      409,
      `${objectTypes[store.type].singular} already exists. Existing ID: ${conflict.id}`,
      {
        category: 'CONFLICT',
      },
    )
  const message = `${conflict.property} was already set to ${conflict.value} on another object. ${conflict.id} already has that value.`
  throw invalid(
    `Property values were not valid: ${JSON.stringify([
      {
        isValid: false,
        message,
        error: 'CONFLICTING_UNIQUE_VALUE',
        name: conflict.property,
        localizedErrorMessage: message,
        portalId: portal.account.portalId,
      },
    ])}`,
  )
}

/** @throws {Refusal} 423 while the account's records are locked. */
export function refuseLocked(portal: Portal): void {
  if (portal.clock.now() < portal.account.lockedUntilMs)
    throw new Refusal(423, 'The resource is locked by another write, try again later', { category: 'LOCKED' })
}

function create(portal: Portal, request: SimRequest): SimReply {
  const store = typeOf(portal, request)
  const body = readBody(portal.account, request, {
    properties: 'object',
    associations: 'array?',
    objectWriteTraceId: 'string?',
  })
  refuseLocked(portal)
  const changes = nonEmpty(checkProperties(portal, store, body.properties))
  const links = readLinks(portal, store.type, body.associations)
  refuseConflict(portal, store, changes)
  const record = createRecord(portal, store, changes)
  for (const link of links) associate(portal, record, link.to, link.typeIds)
  return {
    status: 201,
    body: {
      ...showRecord(store, record, { properties: Object.keys(changes) }),
      ...echo(body.objectWriteTraceId),
    },
  }
}

export const echo = (objectWriteTraceId: string | undefined): object =>
  objectWriteTraceId === undefined ? {} : { objectWriteTraceId }

export function nonEmpty(changes: Changes): Changes {
  if (Object.keys(changes).length === 0)
    throw invalid('No properties found to update, please provide at least one.')
  return changes
}

/** @throws {Refusal} 404 when there is none, or it is archived. */
function required(store: ObjectStore, request: SimRequest, verb: string, archived = false): CrmRecord {
  const idProperty = request.query.get('idProperty') ?? undefined
  requireUnique(store, idProperty, verb)
  const record = findRecord(store, request.params['objectId'] ?? '', idProperty)
  if (record === undefined || (record.archivedAtMs !== undefined) !== archived) throw notFound()
  return record
}

function read(portal: Portal, request: SimRequest): SimReply {
  const store = typeOf(portal, request)
  const record = required(store, request, 'read', request.query.get('archived') === 'true')
  return { status: 200, body: shown(portal, store, record, request) }
}

function update(portal: Portal, request: SimRequest): SimReply {
  const store = typeOf(portal, request)
  const body = readBody(portal.account, request, { properties: 'object', objectWriteTraceId: 'string?' })
  refuseLocked(portal)
  const record = required(store, request, 'update')
  const changes = nonEmpty(checkProperties(portal, store, body.properties))
  refuseConflict(portal, store, changes, record.id)
  writeRecord(portal, store, record, changes, { atMs: portal.clock.now(), sourceType: 'INTEGRATION' })
  return {
    status: 200,
    body: {
      ...showRecord(store, record, { properties: Object.keys(changes) }),
      ...echo(body.objectWriteTraceId),
    },
  }
}

function archive(portal: Portal, request: SimRequest): SimReply {
  const store = typeOf(portal, request)
  refuseLocked(portal)
  const record = findRecord(store, request.params['objectId'] ?? '', undefined)
  // An unknown id is answered like a known one. Not verified.
  if (record !== undefined) archiveRecord(portal, store, record)
  return { status: 204 }
}
