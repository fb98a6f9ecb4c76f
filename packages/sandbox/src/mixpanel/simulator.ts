import type { Route, SimReply, SimRequest, Simulator, SimulatorOptions } from '../core/index.ts'
import { patchAccount, type MixpanelAccount } from './account.ts'
import { answer, authenticate, familyOf } from './authenticate.ts'
import { mixpanelCoverage } from './coverage.ts'
import { appError } from './errors.ts'
import { showFault } from './faults.ts'
import { inspectProject, resetProject, seedProject, type MixpanelSeed } from './inspect.ts'
import { isAtHome } from './ingest-gate.ts'
import { createMeters } from './limits.ts'
import { createProject, type Project } from './project.ts'
import { enterExport, enterQuery } from './query-gate.ts'
import { cohortRoutes } from './routes/cohorts.ts'
import { dataGroupRoutes } from './routes/data-groups.ts'
import { deletionRoutes } from './routes/deletions.ts'
import { engageRoutes } from './routes/engage.ts'
import { exportRoutes } from './routes/export.ts'
import { groupRoutes } from './routes/groups.ts'
import { importRoutes } from './routes/import.ts'
import { meRoutes } from './routes/me.ts'
import { queryCohortRoutes } from './routes/query-cohorts.ts'
import { queryEngageRoutes } from './routes/query-engage.ts'
import { schemaRoutes } from './routes/schemas.ts'
import { trackRoutes } from './routes/track.ts'
import { settle } from './settle.ts'

/** One Mixpanel project with all three host families (ingestion, query and app, export) on one address. */
export function createMixpanelSimulator(options: SimulatorOptions<MixpanelAccount>): Simulator {
  const project = createProject(options)
  const groups = [
    importRoutes,
    trackRoutes,
    engageRoutes,
    groupRoutes,
    queryEngageRoutes,
    queryCohortRoutes,
    exportRoutes,
  ]
  const appGroups = [meRoutes, cohortRoutes, dataGroupRoutes, schemaRoutes, deletionRoutes]
  const routes = [...groups, ...appGroups].flatMap((create) => create(project))
  return {
    vendor: 'mixpanel',
    routes,
    coverage: mixpanelCoverage,
    before: (request) => enter(project, request),
    notFound: (request) =>
      redirectSlash(routes, request) ?? answer(familyOf(request.path), request, 404, 'Not found'),
    fault: (kind, request, proceed) => showFault(project, kind, request, proceed),
    seed: (data) => seedProject(project, data as MixpanelSeed),
    inspect: () => (settle(project), inspectProject(project)),
    configure: (account) => {
      project.account = patchAccount(project.account, account as Partial<MixpanelAccount>)
    },
    reset: () => {
      resetProject(project)
      project.meters = createMeters(project.clock, () => project.account.limits)
    },
  }
}

/** Region, credential, plan and query quota: all that ends a request before its route. */
function enter(project: Project, request: SimRequest): SimReply | undefined {
  settle(project)
  const { account } = project
  const family = familyOf(request.path)
  const isIngestion = family === 'import' || family === 'ingestion'
  if (!isAtHome(project) && !(isIngestion && account.wrongRegion === 'lost')) {
    return answer(family, request, 401, 'Invalid credentials')
  }
  const refused = authenticate(project, request)
  if (refused) return refused
  if (family === 'query' && account.plan === 'free') {
    return answer(family, request, account.entitlementStatus, 'The Query API is not part of this plan')
  }
  if (family === 'query') return enterQuery(project, request)
  return family === 'export' ? enterExport(project) : undefined
}

/** Addresses of the App API are exact about the slash at the end: the other one is a 301. */
function redirectSlash(routes: readonly Route[], request: SimRequest): SimReply | undefined {
  if (!request.path.startsWith('/api/app/')) return undefined
  const other = request.path.endsWith('/') ? request.path.slice(0, -1) : `${request.path}/`
  const pattern = (path: string): RegExp =>
    new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`)
  const known = routes.some((route) => route.method === request.method && pattern(route.path).test(other))
  if (!known) return appError(404, 'Not found')
  const query = request.query.toString()
  return { status: 301, headers: { location: query === '' ? other : `${other}?${query}` } }
}
