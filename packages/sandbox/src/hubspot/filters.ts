import { isObject, type JsonObject } from './body.ts'
import { invalid, notSimulated } from './errors.ts'
import { satisfies, unknownOperation } from './evaluate-operation.ts'
import type { Portal } from './portal.ts'
import { readInstant } from './property-values.ts'
import type { CrmRecord, StoredEvent } from './store.ts'

const branchKeys = ['filterBranchType', 'filterBranchOperator', 'filters', 'filterBranches'] as const
const unitMs: Readonly<Record<string, number>> = { DAYS: 86_400_000, WEEKS: 604_800_000 }
const objects = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : []

/**
 * Checks a root branch: OR over AND, all four keys everywhere, one `refineBy` at most.
 * Grammar: the Lists guide of https://developers.hubspot.com/docs; HubSpot/hubspot-api-nodejs#695.
 * @throws {Refusal} 400 as HubSpot does; 501 for a filter the sandbox does not evaluate.
 */
export function checkRoot(branch: unknown): JsonObject {
  const root = checkKeys(branch)
  if (root['filterBranchType'] !== 'OR') throw badBranch('The root filter branch must be of type OR')
  if (objects(root['filters']).length > 0) throw badBranch('The root OR filter branch must have no filters')
  if (objects(root['filterBranches']).length === 0)
    throw badBranch('The root OR filter branch needs an AND branch')
  for (const child of objects(root['filterBranches'])) checkAnd(child)
  return root
}

export function checkAnd(branch: unknown): JsonObject {
  const and = checkKeys(branch)
  if (and['filterBranchType'] !== 'AND') throw badBranch('Child branches of the root must be of type AND')
  for (const filter of objects(and['filters'])) checkFilter(filter)
  for (const child of objects(and['filterBranches'])) {
    if (child['filterBranchType'] === 'UNIFIED_EVENTS') checkEventBranch(child)
    else if (child['filterBranchType'] === 'AND' || child['filterBranchType'] === 'OR')
      throw badBranch(`${child['filterBranchType']} is not allowed inside AND`)
    else throw notSimulated(`filter branches of type ${String(child['filterBranchType'])}`)
  }
  return and
}

export function checkEventBranch(branch: unknown): JsonObject {
  const events = checkKeys(branch)
  if (events['filterBranchType'] !== 'UNIFIED_EVENTS')
    throw badBranch('An event branch must be of type UNIFIED_EVENTS')
  if (typeof events['eventTypeId'] !== 'string') throw badBranch('eventTypeId is required')
  if (events['operator'] !== 'HAS_COMPLETED' && events['operator'] !== 'HAS_NOT_COMPLETED')
    throw badBranch('operator must be HAS_COMPLETED or HAS_NOT_COMPLETED')
  const prune = events['pruningRefineBy']
  const coalesce = events['coalescingRefineBy']
  if (isObject(prune) && isObject(coalesce)) throw badBranch('Only one refineBy may be set on a branch')
  if (isObject(prune) && !(String(prune['type']) in pruning))
    throw notSimulated(`pruning by ${String(prune['type'])}`)
  if (isObject(coalesce) && coalesce['type'] !== 'NUM_OCCURRENCES')
    throw notSimulated(`coalescing by ${String(coalesce['type'])}`)
  for (const filter of objects(events['filters'])) checkFilter(filter)
  return events
}

function checkKeys(branch: unknown): JsonObject {
  if (!isObject(branch)) throw badBranch('filterBranch is no object')
  const missing = branchKeys.find((key) => branch[key] === undefined || branch[key] === null)
  if (missing !== undefined) throw badBranch(`Some required fields were not set: [${missing}]`)
  if (!Array.isArray(branch['filters']) || !Array.isArray(branch['filterBranches']))
    throw badBranch('filters must be lists')
  return branch
}

function checkFilter(filter: JsonObject): void {
  const type = filter['filterType']
  if (type === 'IN_LIST') {
    if (typeof filter['listId'] !== 'string') throw badBranch('listId must be a string')
    return
  }
  if (type !== 'PROPERTY') throw notSimulated(`filters of type ${String(type)}`)
  const operation = filter['operation']
  if (typeof filter['property'] !== 'string' || !isObject(operation))
    throw badBranch('A PROPERTY filter needs property and operation')
  if (operation['operationType'] === 'ENUMERATION' && operation['operator'] === 'IS_NOT_EQUAL_TO')
    throw badBranch('IS_NOT_EQUAL_TO is no operator of ENUMERATION')
  const unknown = unknownOperation(operation)
  if (unknown !== undefined) throw notSimulated(`the operation ${unknown}`)
}
const badBranch = (message: string): Error => invalid(message, { subCategory: 'ILS.INVALID_FILTER_BRANCH' })

/** Whether a contact or company is selected by a checked root branch. */
export function matchesRoot(portal: Portal, record: CrmRecord, root: JsonObject): boolean {
  return objects(root['filterBranches']).some((and) => matchesAnd(portal, record, and))
}

function matchesAnd(portal: Portal, record: CrmRecord, and: JsonObject): boolean {
  return (
    objects(and['filters']).every((filter) => matchesFilter(portal, record, filter)) &&
    objects(and['filterBranches']).every((branch) => matchesEvents(portal, record, branch))
  )
}

function matchesFilter(portal: Portal, record: CrmRecord, filter: JsonObject): boolean {
  if (filter['filterType'] === 'IN_LIST')
    return isMember(portal, record, String(filter['listId'])) === (filter['operator'] === 'IN_LIST')
  return satisfies(
    record.properties[String(filter['property'])],
    filter['operation'] as JsonObject,
    portal.clock.now(),
  )
}

/** Membership as reads see it. DYNAMIC lists are evaluated anew. */
export function isMember(portal: Portal, record: CrmRecord, listId: string): boolean {
  const list = portal.store.lists.get(listId)
  if (list === undefined || list.deleted) return false
  if (list.processingType !== 'DYNAMIC') return list.visible.has(record.id)
  return list.filterBranch !== undefined && matchesRoot(portal, record, list.filterBranch)
}

const pruning: Readonly<Record<string, (atMs: number, refineBy: JsonObject, nowMs: number) => boolean>> = {
  ALL_HISTORY: () => true,
  ABSOLUTE_COMPARATIVE: (atMs, { comparison, timestamp }) =>
    comparison === 'AFTER' ? atMs > Number(timestamp) : atMs < Number(timestamp),
  RELATIVE_COMPARATIVE: (atMs, { comparison, timeOffset }, nowMs) => {
    const offset = isObject(timeOffset) ? timeOffset : {}
    const distanceMs = Number(offset['amount']) * (unitMs[String(offset['timeUnit'])] ?? Number.NaN)
    const border = offset['offsetDirection'] === 'PAST' ? nowMs - distanceMs : nowMs + distanceMs
    return comparison === 'AFTER' ? atMs > border : atMs < border
  },
}

/** HubSpot's order: prune by time, filter by properties, count. */
function matchesEvents(portal: Portal, record: CrmRecord, branch: JsonObject): boolean {
  const prune = isObject(branch['pruningRefineBy']) ? branch['pruningRefineBy'] : undefined
  const coalesce = isObject(branch['coalescingRefineBy']) ? branch['coalescingRefineBy'] : {}
  const events = (portal.store.eventsByObject.get(record.id) ?? []).filter(
    (event) =>
      event.objectTypeId === branch['eventTypeId'] &&
      (prune === undefined ||
        pruning[String(prune['type'])]?.(readInstant(event.occurredAt) ?? 0, prune, portal.clock.now())) &&
      matchesEventFilters(portal, event.properties, branch),
  )
  const least = Number(coalesce['minOccurrences'] ?? 1)
  const most = Number(coalesce['maxOccurrences'] ?? Infinity)
  const completed = events.length >= least && events.length <= most
  return completed === (branch['operator'] === 'HAS_COMPLETED')
}

/** Whether one event satisfies the property filters of an event branch. */
export function matchesEventFilters(
  portal: Portal,
  properties: StoredEvent['properties'],
  branch: JsonObject,
): boolean {
  return objects(branch['filters']).every((filter) =>
    satisfies(properties[String(filter['property'])], filter['operation'] as JsonObject, portal.clock.now()),
  )
}
