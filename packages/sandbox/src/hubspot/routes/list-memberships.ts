import type { SimReply, SimRequest } from '../../core/index.ts'
import { readBody, readJson, readLimit } from '../body.ts'
import { invalid } from '../errors.ts'
import { isMember } from '../filters.ts'
import { hubspotSizes } from '../limits.ts'
import { join, leave, listObjects, visibleMembers } from '../lists.ts'
import type { Portal } from '../portal.ts'
import { findRecord } from '../records.ts'
import type { RouteRow } from '../route-row.ts'
import type { StoredList } from '../store.ts'
import { requireList } from './lists.ts'

/** Who is on a list, by record id. */
export function listMembershipRoutes(portal: Portal): readonly RouteRow[] {
  const write = { resource: 'lists', method: 'PUT', scopes: ['crm.lists.write'] } as const
  const read = { resource: 'lists', method: 'GET', scopes: ['crm.lists.read'] } as const
  return [
    {
      ...write,
      path: '/{listId}/memberships/add',
      handle: (request) => change(portal, request, readIds(request), []),
    },
    {
      ...write,
      path: '/{listId}/memberships/remove',
      handle: (request) => change(portal, request, [], readIds(request)),
    },
    {
      ...write,
      path: '/{listId}/memberships/add-and-remove',
      handle: (request) => addAndRemove(portal, request),
    },
    { ...read, path: '/{listId}/memberships', handle: (request) => page(portal, request, 'record') },
    { ...read, path: '/{listId}/memberships/join-order', handle: (request) => page(portal, request, 'join') },
    {
      ...read,
      path: '/records/{objectTypeId}/{recordId}/memberships',
      handle: (request) => listsOfRecord(portal, request),
    },
  ]
}

function readIds(request: SimRequest): readonly string[] {
  const ids = readJson(request)
  if (!Array.isArray(ids) || !ids.every((id): id is string => typeof id === 'string'))
    throw invalid('Invalid input JSON on line 1, column 1: the body is no list of record ids')
  return ids
}

function addAndRemove(portal: Portal, request: SimRequest): SimReply {
  const body = readBody(portal.account, request, { recordIdsToAdd: 'strings', recordIdsToRemove: 'strings' })
  return change(portal, request, body.recordIdsToAdd, body.recordIdsToRemove)
}

/** Members added twice, strangers removed and unknown records are no errors. `recordsIdsAdded` is HubSpot's spelling. */
function change(
  portal: Portal,
  request: SimRequest,
  add: readonly string[],
  remove: readonly string[],
): SimReply {
  const list = requireList(portal, request)
  if (list.processingType === 'DYNAMIC')
    throw invalid(`List ${list.listId} is DYNAMIC: its memberships cannot be changed`, {
      subCategory: 'ILS.INVALID_PROCESSING_TYPE',
    })
  if (add.length + remove.length > hubspotSizes.membershipWrites)
    throw invalid(`No more than ${hubspotSizes.membershipWrites} record ids in one request`)
  const objects = listObjects(portal, list.objectTypeId)
  const recordsIdsAdded: string[] = []
  const recordIdsMissing: string[] = []
  for (const id of new Set(add)) {
    const record = findRecord(objects, id, undefined)
    if (record === undefined || record.archivedAtMs !== undefined) recordIdsMissing.push(id)
    else if (join(portal, list, record)) recordsIdsAdded.push(record.id)
  }
  const recordIdsRemoved = [...new Set(remove)].filter((id) => leave(portal, list, id))
  return { status: 200, body: { recordsIdsAdded, recordIdsRemoved, recordIdsMissing } }
}

interface Member {
  readonly recordId: string
  readonly atMs: number
}
const cursorOf = (member: Member): string =>
  Buffer.from(`${member.atMs}:${member.recordId}`).toString('base64url')
function readCursor(text: string): Member {
  const [atMs, recordId] = Buffer.from(text, 'base64url').toString('utf8').split(':')
  if (recordId === undefined || !/^\d+$/.test(recordId))
    throw invalid(`Invalid cursor: ${text}`, { subCategory: 'INVALID_CURSOR' })
  return { atMs: Number(atMs), recordId }
}
const byRecord = (one: Member, other: Member): number => Number(one.recordId) - Number(other.recordId)
const byJoin = (one: Member, other: Member): number => one.atMs - other.atMs || byRecord(one, other)

/** `after` walks forward; `before` walks back from a cursor. A member that joins while paging is seen or not by its place. */
function page(portal: Portal, request: SimRequest, order: 'record' | 'join'): SimReply {
  const list = requireList(portal, request)
  const limit = readLimit(request, { normal: 100, max: hubspotSizes.membershipPage })
  const compare = order === 'record' ? byRecord : byJoin
  const members = sortedMembers(portal, list, order)
  const [after, before] = [request.query.get('after'), request.query.get('before')]
  if (after !== null && before !== null) throw invalid('Only one of after and before may be set')
  const cursor = after ?? before
  const border = cursor === null ? undefined : readCursor(cursor)
  const place =
    border === undefined
      ? -1
      : members.findIndex((member) => compare(member, border) >= (after === null ? 0 : 1))
  const end = place < 0 ? members.length : place
  const start = before === null ? (border === undefined ? 0 : end) : Math.max(0, end - limit)
  const shown = members.slice(start, before === null ? start + limit : end)
  const last = shown.at(-1)
  const first = shown[0]
  const paging = {
    ...(last && start + shown.length < members.length && { next: { after: cursorOf(last) } }),
    ...(first && start > 0 && { prev: { before: cursorOf(first) } }),
  }
  return {
    status: 200,
    body: {
      results: shown.map(({ recordId, atMs }) => ({
        recordId,
        membershipTimestamp: new Date(atMs).toISOString(),
      })),
      total: members.length,
      ...(Object.keys(paging).length > 0 && { paging }),
    },
  }
}

function sortedMembers(portal: Portal, list: StoredList, order: 'record' | 'join'): readonly Member[] {
  return [...visibleMembers(portal, list)]
    .map(([recordId, atMs]) => ({ recordId, atMs }))
    .sort(order === 'record' ? byRecord : byJoin)
}

function listsOfRecord(portal: Portal, request: SimRequest): SimReply {
  const { objectTypeId = '', recordId = '' } = request.params
  const record = findRecord(listObjects(portal, objectTypeId), recordId, undefined)
  if (record === undefined) return { status: 200, body: { results: [], total: 0 } }
  const dynamic = [...portal.store.lists.values()].filter(
    (list) =>
      list.processingType === 'DYNAMIC' &&
      list.objectTypeId === objectTypeId &&
      isMember(portal, record, list.listId),
  )
  const fixed = [...(portal.store.listsOf.get(record.id) ?? [])].flatMap(
    (listId) => portal.store.lists.get(listId) ?? [],
  )
  const results = [...fixed, ...dynamic].map((list) => {
    const lastMs = list.visible.get(record.id) ?? list.createdAtMs
    return {
      listId: list.listId,
      listVersion: 1,
      firstAddedTimestamp: new Date(list.firstAdded.get(record.id) ?? lastMs).toISOString(),
      lastAddedTimestamp: new Date(lastMs).toISOString(),
    }
  })
  return { status: 200, body: { results, total: results.length } }
}
