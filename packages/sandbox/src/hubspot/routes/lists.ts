import type { SimReply, SimRequest } from '../../core/index.ts'
import { readBody, readNames } from '../body.ts'
import { invalid, notFound } from '../errors.ts'
import { checkRoot } from '../filters.ts'
import { hubspotSizes } from '../limits.ts'
import { addList, listNameKey, listObjects, visibleMembers } from '../lists.ts'
import type { Portal } from '../portal.ts'
import type { RouteRow } from '../route-row.ts'
import type { StoredList } from '../store.ts'

/** Lists (segments in HubSpot's interface) themselves; their members are in `list-memberships.ts`. */
export function listRoutes(portal: Portal): readonly RouteRow[] {
  const read = { resource: 'lists', scopes: ['crm.lists.read'] } as const
  const write = { resource: 'lists', scopes: ['crm.lists.write'] } as const
  return [
    { ...write, method: 'POST', path: '', handle: (request) => create(portal, request) },
    { ...read, method: 'GET', path: '', handle: (request) => readSome(portal, request) },
    {
      ...read,
      method: 'GET',
      path: '/{listId}',
      handle: (request) => reply(portal, request, requireList(portal, request)),
    },
    {
      ...read,
      method: 'GET',
      path: '/object-type-id/{objectTypeId}/name/{listName}',
      handle: (request) => readByName(portal, request),
    },
    { ...read, method: 'POST', path: '/search', handle: (request) => search(portal, request) },
    { ...write, method: 'DELETE', path: '/{listId}', handle: (request) => remove(portal, request) },
  ]
}

/** @throws {Refusal} 404 when there is none, or it was deleted. */
export function requireList(portal: Portal, request: SimRequest): StoredList {
  const list = portal.store.lists.get(request.params['listId'] ?? '')
  if (list === undefined || list.deleted)
    throw notFound(`List ${request.params['listId'] ?? ''} does not exist`)
  return list
}

const processing = (portal: Portal, list: StoredList): boolean => portal.clock.now() < list.completeAtMs

function show(portal: Portal, list: StoredList, withFilters: boolean): object {
  return {
    listId: list.listId,
    listVersion: 1,
    name: list.name,
    objectTypeId: list.objectTypeId,
    processingType: list.processingType,
    processingStatus: processing(portal, list) ? 'PROCESSING' : 'COMPLETE',
    createdById: String(portal.account.userId),
    updatedById: String(portal.account.userId),
    createdAt: new Date(list.createdAtMs).toISOString(),
    updatedAt: new Date(list.updatedAtMs).toISOString(),
    filtersUpdatedAt: new Date(list.createdAtMs).toISOString(),
    ...(!processing(portal, list) && { size: visibleMembers(portal, list).size }),
    ...(withFilters && list.filterBranch !== undefined && { filterBranch: list.filterBranch }),
  }
}
const withFilters = (request: SimRequest): boolean => request.query.get('includeFilters') === 'true'
const reply = (portal: Portal, request: SimRequest, list: StoredList): SimReply => ({
  status: 200,
  body: { list: show(portal, list, withFilters(request)) },
})

function create(portal: Portal, request: SimRequest): SimReply {
  const body = readBody(portal.account, request, {
    name: 'string',
    objectTypeId: 'string',
    processingType: 'string',
    filterBranch: 'object?',
    listFolderId: 'number?',
    listPermissions: 'object?',
    membershipSettings: 'object?',
    customProperties: 'object?',
  })
  const { name, objectTypeId, processingType, filterBranch } = body
  if (name.trim() === '') throw invalid('List name must not be empty')
  listObjects(portal, objectTypeId)
  if (processingType !== 'MANUAL' && processingType !== 'DYNAMIC' && processingType !== 'SNAPSHOT')
    throw invalid(`${processingType} is no processingType`, { subCategory: 'INVALID_PROCESSING_TYPE' })
  if (processingType !== 'MANUAL' && filterBranch === undefined)
    throw invalid(`A ${processingType} list needs a filterBranch`)
  if (processingType === 'MANUAL' && filterBranch !== undefined)
    throw invalid('A MANUAL list must not have a filterBranch')
  const root = filterBranch === undefined ? {} : { filterBranch: checkRoot(filterBranch) }
  const list = addList(portal, { name, objectTypeId, processingType, ...root })
  return { status: 200, body: { list: show(portal, list, true) } }
}

function readSome(portal: Portal, request: SimRequest): SimReply {
  const lists = readNames(request, 'listIds').flatMap((id) => portal.store.lists.get(id) ?? [])
  return {
    status: 200,
    body: {
      lists: lists.filter((list) => !list.deleted).map((list) => show(portal, list, withFilters(request))),
    },
  }
}

function readByName(portal: Portal, request: SimRequest): SimReply {
  const { objectTypeId = '', listName = '' } = request.params
  const listId = portal.store.listNames.get(listNameKey(objectTypeId, listName))
  const list = listId === undefined ? undefined : portal.store.lists.get(listId)
  if (list === undefined) throw notFound(`List "${listName}" does not exist`)
  return reply(portal, request, list)
}

function search(portal: Portal, request: SimRequest): SimReply {
  const body = readBody(portal.account, request, {
    query: 'string?',
    objectTypeId: 'string?',
    processingTypes: 'strings?',
    listIds: 'strings?',
    additionalProperties: 'strings?',
    offset: 'number?',
    count: 'number?',
    sort: 'string?',
  })
  const { offset = 0, count = 20, query = '', objectTypeId, processingTypes = [], listIds = [] } = body
  if (count < 1 || count > hubspotSizes.listSearchPage)
    throw invalid(`count must be between 1 and ${hubspotSizes.listSearchPage}`)
  const found = [...portal.store.lists.values()].filter(
    (list) =>
      !list.deleted &&
      list.name.toLowerCase().includes(query.toLowerCase()) &&
      (objectTypeId === undefined || list.objectTypeId === objectTypeId) &&
      (processingTypes.length === 0 || processingTypes.includes(list.processingType)) &&
      (listIds.length === 0 || listIds.includes(list.listId)),
  )
  const page = found.slice(offset, offset + count)
  const next = offset + page.length
  const lists = page.map((list) => {
    const { size, ...row } = show(portal, list, false) as { readonly size?: number }
    return {
      ...row,
      additionalProperties: {
        ...(size !== undefined && { hs_list_size: String(size) }),
        hs_list_reference_count: '0',
      },
    }
  })
  return { status: 200, body: { lists, hasMore: next < found.length, offset: next, total: found.length } }
}

function remove(portal: Portal, request: SimRequest): SimReply {
  const list = requireList(portal, request)
  list.deleted = true
  portal.store.listNames.delete(listNameKey(list.objectTypeId, list.name))
  for (const recordId of list.visible.keys()) portal.store.listsOf.get(recordId)?.delete(list.listId)
  return { status: 204 }
}
