import type { JsonObject } from './body.ts'
import { listJoined } from './enrollments.ts'
import { invalid } from './errors.ts'
import { matchesRoot } from './filters.ts'
import type { Portal } from './portal.ts'
import { objectTypeOf, type CrmRecord, type ObjectStore, type StoredList } from './store.ts'

/** Objects a list is made of. */
export function listObjects(portal: Portal, objectTypeId: string): ObjectStore {
  const type = objectTypeId.startsWith('0-') ? objectTypeOf(objectTypeId) : undefined
  if (type === undefined) throw invalid(`Object type ${objectTypeId} does not exist`)
  return portal.store.objects[type]
}

export const listNameKey = (objectTypeId: string, name: string): string =>
  `${objectTypeId} ${name.toLowerCase()}`

export interface NewList {
  readonly listId?: string
  readonly name: string
  readonly objectTypeId: string
  readonly processingType: StoredList['processingType']
  readonly filterBranch?: JsonObject
}

/** Adds a list; names are unique per object type, whatever their case. */
export function addList(portal: Portal, given: NewList): StoredList {
  const { store, clock } = portal
  const key = listNameKey(given.objectTypeId, given.name)
  if (store.listNames.has(key))
    throw invalid(`List name "${given.name}" is already in use`, { subCategory: 'ILS.DUPLICATE_LIST_NAMES' })
  const now = clock.now()
  const list: StoredList = {
    ...given,
    listId: given.listId ?? portal.newId(),
    createdAtMs: now,
    updatedAtMs: now,
    completeAtMs: given.processingType === 'MANUAL' ? now : now + portal.account.listProcessingMs,
    members: new Map(),
    visible: new Map(),
    firstAdded: new Map(),
    deleted: false,
  }
  store.lists.set(list.listId, list)
  store.listNames.set(key, list.listId)
  if (list.processingType === 'SNAPSHOT')
    for (const record of selected(portal, list)) join(portal, list, record)
  return list
}

function selected(portal: Portal, list: StoredList): readonly CrmRecord[] {
  const { filterBranch } = list
  if (filterBranch === undefined) return []
  return [...listObjects(portal, list.objectTypeId).records.values()].filter(
    (record) => record.archivedAtMs === undefined && matchesRoot(portal, record, filterBranch),
  )
}

/** Record id → joined at, as a reader sees it now. HubSpot evaluates DYNAMIC lists itself; here it happens on reading. */
export function visibleMembers(portal: Portal, list: StoredList): ReadonlyMap<string, number> {
  if (list.processingType !== 'DYNAMIC') return list.visible
  if (portal.clock.now() < list.completeAtMs) return new Map()
  return new Map(
    selected(portal, list).map((record) => [record.id, Math.max(record.updatedAtMs, list.createdAtMs)]),
  )
}

/** False when the record was a member already. Readers and flows see it after the account's lag. */
export function join(portal: Portal, list: StoredList, record: CrmRecord): boolean {
  if (list.members.has(record.id)) return false
  const atMs = portal.clock.now()
  list.members.set(record.id, atMs)
  list.updatedAtMs = atMs
  portal.store.queues.memberships.push(atMs + portal.account.membershipLagMs, (seenAtMs) => {
    if (list.members.get(record.id) !== atMs || record.archivedAtMs !== undefined) return
    list.visible.set(record.id, atMs)
    if (!list.firstAdded.has(record.id)) list.firstAdded.set(record.id, atMs)
    const lists = portal.store.listsOf.get(record.id) ?? new Set()
    portal.store.listsOf.set(record.id, lists.add(list.listId))
    if (record.type === 'contacts') listJoined(portal, record, list.listId, seenAtMs)
  })
  return true
}

/** False when the record was no member. */
export function leave(portal: Portal, list: StoredList, recordId: string): boolean {
  if (!list.members.delete(recordId)) return false
  list.updatedAtMs = portal.clock.now()
  portal.store.queues.memberships.push(portal.clock.now() + portal.account.membershipLagMs, () => {
    if (list.members.has(recordId)) return
    list.visible.delete(recordId)
    portal.store.listsOf.get(recordId)?.delete(list.listId)
  })
  return true
}
