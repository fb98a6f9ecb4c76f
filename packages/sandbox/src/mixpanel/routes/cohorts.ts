import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { serviceOf } from '../authenticate.ts'
import { cohortBody, readCohortFields, type CohortFields } from '../cohort-fields.ts'
import { appError } from '../errors.ts'
import { isObject, parse } from '../ingest-input.ts'
import type { Project } from '../project.ts'
import type { StoredCohort } from '../state.ts'

const roots = ['/api/app/projects/{projectId}/cohorts', '/api/app/workspaces/{workspaceId}/cohorts'] as const

/** Cohorts through the App API: mixpanel/terraform-provider-mixpanel:gen/refined_manifest.json (alpha). */
export const cohortRoutes = (project: Project): readonly Route[] =>
  roots.flatMap((root) => [
    route(project, 'GET', root, list),
    route(project, 'POST', root, create),
    route(project, 'POST', `${root}/bulk-delete`, bulkDelete),
    route(project, 'POST', `${root}/bulk-update`, bulkUpdate),
    route(project, 'GET', `${root}/{cohortId}`, (given, request) =>
      withCohort(given, request, (cohort) => one(given, cohort)),
    ),
    route(project, 'PATCH', `${root}/{cohortId}`, patch),
    route(project, 'DELETE', `${root}/{cohortId}`, remove),
  ])

type Handler = (project: Project, request: SimRequest) => SimReply

function route(project: Project, method: Route['method'], path: string, handler: Handler): Route {
  return { method, path, handle: (request) => guard(project, request, method) ?? handler(project, request) }
}

function guard(project: Project, request: SimRequest, method: Route['method']): SimReply | undefined {
  const { account } = project
  if (!account.cohortApi) return appError(404, 'Not found')
  if (account.plan === 'free')
    return appError(account.entitlementStatus, 'Saved cohorts are not part of this plan')
  const mayWrite = method === 'GET' || serviceOf(project, request)?.role !== 'consumer'
  return mayWrite ? undefined : appError(403, 'Permission denied')
}

const ok = (results: unknown): SimReply => ({ status: 200, body: { status: 'ok', results } })
const one = (project: Project, cohort: StoredCohort): SimReply => ok(cohortBody(project, cohort))

function list(project: Project, request: SimRequest): SimReply {
  const ids = request.query.get('ids')?.split(',').map(Number)
  const group = request.query.get('data_group_id')
  const chosen = [...project.state.cohorts.values()].filter(
    (cohort) => (!ids || ids.includes(cohort.id)) && (group === null || cohort.data_group_id === group),
  )
  return ok(chosen.map((cohort) => cohortBody(project, cohort)))
}

function create(project: Project, request: SimRequest): SimReply {
  const fields = readCohortFields(parse(request.body.toString('utf8')), undefined)
  if (typeof fields === 'string') return appError(400, fields)
  return one(project, addCohort(project, fields))
}

/** Names are not unique and there is no idempotency key: the same call again makes a second cohort. */
export function addCohort({ state, clock }: Project, fields: CohortFields): StoredCohort {
  const atMs = clock.now()
  const cohort = { ...fields, id: state.nextId, createdAtMs: atMs, editedAtMs: atMs }
  state.nextId += 1
  state.cohorts.set(cohort.id, cohort)
  state.revision += 1
  return cohort
}

function withCohort(
  project: Project,
  request: SimRequest,
  work: (cohort: StoredCohort) => SimReply,
): SimReply {
  const cohort = project.state.cohorts.get(Number(request.params['cohortId']))
  return cohort ? work(cohort) : appError(404, 'Cohort not found')
}

const patch: Handler = (project, request) =>
  withCohort(project, request, (cohort) => {
    const changed = change(project, cohort, parse(request.body.toString('utf8')))
    return typeof changed === 'string' ? appError(400, changed) : one(project, changed)
  })

function change(project: Project, cohort: StoredCohort, body: unknown): StoredCohort | string {
  const fields = readCohortFields(body, cohort)
  if (typeof fields === 'string') return fields
  const changed = { ...cohort, ...fields, editedAtMs: project.clock.now() }
  project.state.cohorts.set(cohort.id, changed)
  project.state.revision += 1
  return changed
}

const remove: Handler = (project, request) =>
  withCohort(project, request, (cohort) => {
    project.state.cohorts.delete(cohort.id)
    project.state.revision += 1
    return { status: 204 }
  })

const bulkDelete: Handler = (project, request) => {
  const body = parse(request.body.toString('utf8'))
  const ids: unknown = isObject(body) ? body['cohort_ids'] : undefined
  if (!Array.isArray(ids)) return appError(400, 'cohort_ids must be a list')
  for (const id of ids as readonly unknown[]) project.state.cohorts.delete(Number(id))
  project.state.revision += 1
  return ok({ deleted: ids.length })
}

const bulkUpdate: Handler = (project, request) => {
  const body = parse(request.body.toString('utf8'))
  const updates: unknown = isObject(body) ? body['cohorts'] : undefined
  if (!Array.isArray(updates)) return appError(400, 'cohorts must be a list')
  const changed: StoredCohort[] = []
  for (const update of updates as readonly unknown[]) {
    const cohort = isObject(update) ? project.state.cohorts.get(Number(update['id'])) : undefined
    if (!cohort || !isObject(update)) return appError(404, 'Cohort not found')
    const { id: _id, ...fields } = update
    const result = change(project, cohort, fields)
    if (typeof result === 'string') return appError(400, result)
    changed.push(result)
  }
  return ok(changed.map((cohort) => cohortBody(project, cohort)))
}
