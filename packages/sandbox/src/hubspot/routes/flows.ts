import type { SimReply, SimRequest } from '../../core/index.ts'
import { isObject, readJson, readLimit, type JsonObject } from '../body.ts'
import { addFlow } from '../enrollments.ts'
import { errorReply, invalid, notFound, Refusal } from '../errors.ts'
import { checkAnd, checkEventBranch, checkRoot } from '../filters.ts'
import { hubspotSizes } from '../limits.ts'
import type { Portal } from '../portal.ts'
import type { RouteRow } from '../route-row.ts'
import type { StoredFlow } from '../store.ts'

/** Workflows. Service Keys see none of them (integrators' report of 2026-10-08). */
export function flowRoutes(portal: Portal): readonly RouteRow[] {
  const row = { resource: 'flows', scopes: ['automation'], tier: 'professional' } as const
  return [
    { ...row, method: 'GET', path: '', handle: (request) => list(portal, request) },
    { ...row, method: 'POST', path: '', limit: 'daily-only', handle: (request) => create(portal, request) },
    { ...row, method: 'GET', path: '/{flowId}', handle: (request) => read(portal, request) },
  ]
}

const byServiceKey = ({ account }: Portal, request: SimRequest): boolean =>
  request.headers['authorization'] === `Bearer ${account.serviceKey}`
const unreachable = (): SimReply =>
  errorReply(403, 'Flow must be accessible via external APIs to be retrieved by this credential', {
    category: 'FORBIDDEN',
  })

function list(portal: Portal, request: SimRequest): SimReply {
  if (byServiceKey(portal, request)) return { status: 200, body: { results: [] } }
  const limit = readLimit(request, { normal: hubspotSizes.flowPage, max: hubspotSizes.flowPage })
  const flows = [...portal.store.flows.values()]
  const after = request.query.get('after')
  const start = after === null ? 0 : flows.findIndex((flow) => flow.id === after) + 1
  const page = flows.slice(start, start + limit)
  const last = page.at(-1)
  return {
    status: 200,
    body: {
      results: page.map((flow) => summary(portal, flow)),
      ...(last && start + page.length < flows.length && { paging: { next: { after: last.id } } }),
    },
  }
}

/** Neither `type` nor actions: HubSpot's list leaves them out. */
function summary(portal: Portal, flow: StoredFlow): object {
  const { name, isEnabled, objectTypeId, flowType, uuid } = flow.body
  const { id, revisionId, createdAt, updatedAt } = stamps(portal, flow)
  return {
    id,
    isEnabled,
    objectTypeId,
    flowType,
    revisionId,
    createdAt,
    updatedAt,
    ...(name !== undefined && { name }),
    ...(uuid !== undefined && { uuid }),
  }
}

function stamps(
  portal: Portal,
  flow: StoredFlow,
): { id: string; revisionId: string; createdAt: string; updatedAt: string; crmObjectCreationStatus: string } {
  const at = new Date(flow.createdAtMs).toISOString()
  const crmObjectCreationStatus = portal.clock.now() < flow.completeAtMs ? 'PENDING' : 'COMPLETE'
  return { id: flow.id, revisionId: flow.revisionId, createdAt: at, updatedAt: at, crmObjectCreationStatus }
}

const show = (portal: Portal, flow: StoredFlow): object => ({ ...flow.body, ...stamps(portal, flow) })

function read(portal: Portal, request: SimRequest): SimReply {
  if (byServiceKey(portal, request)) return unreachable()
  const flow = portal.store.flows.get(request.params['flowId'] ?? '')
  if (flow === undefined) throw notFound()
  return { status: 200, body: show(portal, flow) }
}

/** What HubSpot adds to a minimal create. `HubSpot/agent-cli-skills`, workflow-json-reference.md. */
const defaults = {
  isEnabled: false,
  flowType: 'WORKFLOW',
  actions: [],
  blockedDates: [],
  timeWindows: [],
  customProperties: {},
  dataSources: [],
  suppressionListIds: [],
  canEnrollFromSalesforce: false,
  nextAvailableActionId: '1',
} as const

function create(portal: Portal, request: SimRequest): SimReply {
  if (byServiceKey(portal, request)) return unreachable()
  const body = readJson(request)
  if (!isObject(body)) throw invalid('Invalid input JSON on line 1, column 1: the body is no object')
  const now = portal.clock.now()
  const flow: StoredFlow = {
    id: portal.newId(),
    revisionId: '1',
    body: { ...defaults, ...checkFlow(body) },
    createdAtMs: now,
    warmAtMs: now + portal.account.flowWarmUpMs,
    completeAtMs: now + portal.account.listProcessingMs,
  }
  addFlow(portal, flow)
  return { status: 201, body: show(portal, flow) }
}

/** @throws {Refusal} 400, or the bare 500 HubSpot gives for shapes it does not like (HubSpot/hubspot-api-nodejs#695). */
export function checkFlow(body: JsonObject): JsonObject {
  const { type, objectTypeId, actions = [], enrollmentCriteria } = body
  if (type !== 'CONTACT_FLOW' && type !== 'PLATFORM_FLOW')
    throw invalid('type must be CONTACT_FLOW or PLATFORM_FLOW')
  if (typeof objectTypeId !== 'string') throw invalid('objectTypeId is required')
  if ((type === 'CONTACT_FLOW') !== (objectTypeId === '0-1'))
    throw invalid(`type ${type} does not fit objectTypeId ${objectTypeId}`)
  if (!Array.isArray(actions) || !actions.every(isObject)) throw invalid('actions must be a list of objects')
  for (const action of actions) checkAction(action)
  if (enrollmentCriteria !== undefined) checkEnrollment(enrollmentCriteria)
  return body
}

function checkAction(action: JsonObject): void {
  if (typeof action['actionId'] !== 'string') throw invalid('actionId must be a string')
  const emptyDefault = isObject(action['defaultBranch']) && Object.keys(action['defaultBranch']).length === 0
  if (action['actionTypeId'] === '0-13' || emptyDefault) throw new Refusal(500, 'internal error')
}

function checkEnrollment(criteria: unknown): void {
  if (!isObject(criteria)) throw invalid('enrollmentCriteria must be an object')
  if (typeof criteria['shouldReEnroll'] !== 'boolean')
    throw invalid('enrollmentCriteria.shouldReEnroll is required')
  if (criteria['type'] !== 'EVENT_BASED') return
  const [events, lists] = [criteria['eventFilterBranches'], criteria['listMembershipFilterBranches']]
  if (!Array.isArray(events) || !Array.isArray(lists))
    throw invalid('eventFilterBranches and listMembershipFilterBranches are required')
  for (const branch of events) checkEventBranch(branch)
  for (const branch of lists) checkAnd(branch)
  if (criteria['refinementCriteria'] !== undefined) checkRoot(criteria['refinementCriteria'])
}
