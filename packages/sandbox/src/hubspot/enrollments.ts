import { isObject, type JsonObject } from './body.ts'
import { isMember, matchesEventFilters, matchesRoot } from './filters.ts'
import type { Portal } from './portal.ts'
import type { CrmRecord, Enrollment, StoredEvent, StoredFlow } from './store.ts'

/** HubSpot's event "property value changed"; its filters are `hs_name` and `hs_value`. */
export const propertyChangedEvent = '4-655002'

interface EventCriteria {
  readonly shouldReEnroll: boolean
  readonly eventFilterBranches: readonly JsonObject[]
  readonly listMembershipFilterBranches: readonly JsonObject[]
  readonly refinementCriteria?: JsonObject
}
const list = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])

export function eventCriteria(flow: Pick<StoredFlow, 'body'>): EventCriteria | undefined {
  const criteria = flow.body['enrollmentCriteria']
  if (!isObject(criteria) || criteria['type'] !== 'EVENT_BASED') return undefined
  const refinement = criteria['refinementCriteria']
  return {
    shouldReEnroll: criteria['shouldReEnroll'] === true,
    eventFilterBranches: list(criteria['eventFilterBranches']),
    listMembershipFilterBranches: list(criteria['listMembershipFilterBranches']),
    ...(isObject(refinement) && { refinementCriteria: refinement }),
  }
}

/** Keeps a flow, and what would start it, where events and list writes find it. */
export function addFlow(portal: Portal, flow: StoredFlow): void {
  const { store } = portal
  store.flows.set(flow.id, flow)
  const criteria = eventCriteria(flow)
  for (const branch of criteria?.eventFilterBranches ?? [])
    watch(store.flowsByEvent, String(branch['eventTypeId']), flow.id)
  for (const branch of criteria?.listMembershipFilterBranches ?? [])
    for (const filter of list(branch['filters']))
      if (filter['filterType'] === 'IN_LIST') watch(store.flowsByList, String(filter['listId']), flow.id)
}

function watch(index: Map<string, Set<string>>, key: string, flowId: string): void {
  const flows = index.get(key) ?? new Set()
  index.set(key, flows.add(flowId))
}

/** A custom event of a contact was processed. */
export function eventHappened(portal: Portal, record: CrmRecord, event: StoredEvent, atMs: number): void {
  for (const flowId of portal.store.flowsByEvent.get(event.objectTypeId) ?? []) {
    const { eventTypeId, eventId, properties } = {
      eventTypeId: event.objectTypeId,
      eventId: event.id,
      properties: event.properties,
    }
    enrollByEvent(portal, flowId, record, atMs, { kind: 'event', eventTypeId, eventId, properties })
  }
}

/** A property of a contact got another value. */
export function propertyChanged(
  portal: Portal,
  record: CrmRecord,
  name: string,
  value: string,
  atMs: number,
): void {
  for (const flowId of portal.store.flowsByEvent.get(propertyChangedEvent) ?? [])
    enrollByEvent(portal, flowId, record, atMs, {
      kind: 'event',
      eventTypeId: propertyChangedEvent,
      eventId: `${record.id}:${name}:${atMs}`,
      properties: { hs_name: name, hs_value: value },
    })
}

function enrollByEvent(
  portal: Portal,
  flowId: string,
  record: CrmRecord,
  atMs: number,
  via: Extract<Enrollment['via'], { readonly kind: 'event' }>,
): void {
  const flow = portal.store.flows.get(flowId)
  const branches = flow === undefined ? [] : (eventCriteria(flow)?.eventFilterBranches ?? [])
  const fires = branches.some(
    (branch) =>
      branch['eventTypeId'] === via.eventTypeId && matchesEventFilters(portal, via.properties, branch),
  )
  if (flow !== undefined && fires) enroll(portal, flow, record, atMs, via)
}

/** A contact became a visible member of a list. */
export function listJoined(portal: Portal, record: CrmRecord, listId: string, atMs: number): void {
  for (const flowId of portal.store.flowsByList.get(listId) ?? []) {
    const flow = portal.store.flows.get(flowId)
    if (flow !== undefined) enroll(portal, flow, record, atMs, { kind: 'list', listId })
  }
}

/** Enabled, warm, wanted, not suppressed, and new or allowed again. The sandbox ends a run at once: it executes no actions. */
function enroll(
  portal: Portal,
  flow: StoredFlow,
  record: CrmRecord,
  atMs: number,
  via: Enrollment['via'],
): void {
  const { store } = portal
  if (flow.body['isEnabled'] !== true) return
  if (atMs < flow.warmAtMs) {
    store.counters.enrollmentsMissed += 1
    return
  }
  const criteria = eventCriteria(flow)
  if (criteria?.refinementCriteria && !matchesRoot(portal, record, criteria.refinementCriteria)) return
  const suppressed = flow.body['suppressionListIds']
  if (Array.isArray(suppressed) && suppressed.some((listId) => isMember(portal, record, String(listId)))) {
    store.counters.enrollmentsSuppressed += 1
    return
  }
  const before = store.enrolled.get(flow.id) ?? new Set()
  if (before.has(record.id) && criteria?.shouldReEnroll !== true) return
  store.enrolled.set(flow.id, before.add(record.id))
  store.enrollments.push({ flowId: flow.id, objectId: record.id, at: new Date(atMs).toISOString(), via })
}
