import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { serviceOf } from '../authenticate.ts'
import { appError } from '../errors.ts'
import { isObject, parse } from '../ingest-input.ts'
import type { Project } from '../project.ts'

/** Who is calling, and whether a token belongs to the project. */
export const meRoutes = (project: Project): readonly Route[] => [
  { method: 'GET', path: '/api/app/me', handle: (request) => me(project, request) },
  {
    method: 'POST',
    path: '/api/app/validate-project-credentials/',
    handle: (request) => validateCredentials(project, request),
  },
]

/** Maps by id, as mixpanel/mixpanel-headless:src/mixpanel_headless/_internal/me.py reads them. */
function me(project: Project, request: SimRequest): SimReply {
  const { account } = project
  const service = serviceOf(project, request)
  const { projectId, organizationId, workspaceId } = account
  const domains = { us: 'mixpanel.com', eu: 'eu.mixpanel.com', in: 'in.mixpanel.com' } as const
  const results = {
    user_id: 1,
    user_email: service?.username,
    user_name: service?.username,
    organizations: {
      [organizationId]: { id: organizationId, name: 'Sandbox', role: service?.role, permissions: [] },
    },
    projects: {
      [projectId]: {
        name: account.projectName,
        organization_id: organizationId,
        timezone: 'UTC',
        has_workspaces: true,
        domain: domains[account.region],
        type: 'PROJECT',
      },
    },
    workspaces: {
      [workspaceId]: {
        id: workspaceId,
        name: 'All Project Data',
        project_id: projectId,
        is_default: true,
        is_global: true,
      },
    },
  }
  return { status: 200, body: { status: 'ok', results } }
}

/** segmentio/action-destinations:packages/destination-actions/src/destinations/mixpanel; `results` and the error text are assumed. */
function validateCredentials({ account }: Project, request: SimRequest): SimReply {
  const body = parse(request.body.toString('utf8'))
  if (!isObject(body)) return appError(400, 'Invalid JSON')
  const { project_token: token, api_secret: secret } = body
  const good = token === account.projectToken && (secret === undefined || secret === account.projectSecret)
  if (!good) return appError(400, 'Invalid project credentials')
  return { status: 200, body: { status: 'ok', results: { project_id: account.projectId } } }
}
