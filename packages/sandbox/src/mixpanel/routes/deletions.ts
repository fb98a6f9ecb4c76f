import { randomUUID } from 'node:crypto'
import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { appError } from '../errors.ts'
import { isObject, parse } from '../ingest-input.ts'
import type { Project } from '../project.ts'
import type { Deletion } from '../state.ts'

const root = '/api/app/data-deletions/v3.0'

/** GDPR and CCPA deletion tasks. The reference writes the address with and without a slash at the end. https://developer.mixpanel.com/reference/gdpr-api */
export const deletionRoutes = (project: Project): readonly Route[] => [
  { method: 'POST', path: root, handle: (request) => create(project, request) },
  { method: 'POST', path: `${root}/`, handle: (request) => create(project, request) },
  { method: 'GET', path: `${root}/{trackingId}`, handle: (request) => read(project, request) },
  { method: 'DELETE', path: `${root}/{trackingId}`, handle: (request) => cancel(project, request) },
]

function create(project: Project, request: SimRequest): SimReply {
  const { state, account, clock, meters } = project
  if (!meters.deletions.hit().allowed) return appError(429, 'Rate limit exceeded')
  const body = parse(request.body.toString('utf8'))
  const ids: unknown = isObject(body) ? body['distinct_ids'] : undefined
  if (
    !isObject(body) ||
    !Array.isArray(ids) ||
    ids.length === 0 ||
    !ids.every((id) => typeof id === 'string')
  ) {
    return appError(400, 'distinct_ids must be a list of strings')
  }
  if (ids.length > account.limits.deletionIds)
    return appError(400, `distinct_ids must not hold more than ${account.limits.deletionIds} ids`)
  const complianceType = body['compliance_type'] ?? 'GDPR'
  if (complianceType !== 'GDPR' && complianceType !== 'CCPA')
    return appError(400, 'compliance_type must be GDPR or CCPA')
  const trackingId = randomUUID()
  state.deletions.set(trackingId, {
    trackingId,
    requestedAtMs: clock.now(),
    complianceType,
    distinctIds: ids,
    status: 'PENDING',
  })
  const results =
    account.deletionReply === 'task_id' ? { task_id: trackingId } : [{ tracking_id: trackingId }]
  return { status: 201, body: { status: 'ok', results } }
}

function read(project: Project, request: SimRequest): SimReply {
  const deletion = project.state.deletions.get(request.params['trackingId'] ?? '')
  if (!deletion) return { status: 200, body: { status: 'ok', results: { status: 'NOT_FOUND' } } }
  return { status: 200, body: { status: 'ok', results: body(project, deletion) } }
}

const body = ({ account }: Project, deletion: Deletion): object => ({
  tracking_id: deletion.trackingId,
  status: deletion.status,
  requesting_user: 'sandbox@example.com',
  compliance_type: deletion.complianceType,
  project_id: account.projectId,
  date_requested: new Date(deletion.requestedAtMs).toISOString().slice(0, 19),
  distinct_ids: deletion.distinctIds,
})

/** Only while it waits: 204, later 405. */
function cancel(project: Project, request: SimRequest): SimReply {
  const deletion = project.state.deletions.get(request.params['trackingId'] ?? '')
  if (!deletion) return appError(404, 'Deletion not found')
  if (deletion.status !== 'PENDING') return appError(405, 'Deletion can no longer be cancelled')
  deletion.status = 'REVOKED'
  return { status: 204 }
}
