import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { queryError } from '../errors.ts'
import { ExpressionError } from '../expression-lexer.ts'
import { selectIds, sourceOf } from '../profile-query.ts'
import { isBadQuery, readProfileQuery, type ProfileQuery } from '../profile-query-input.ts'
import type { Project } from '../project.ts'
import { queryParameters } from '../query-parameters.ts'
import { runQuery } from '../query-gate.ts'
import type { EngageSession, Properties } from '../state.ts'

/** `POST /api/query/engage`. https://developer.mixpanel.com/reference/engage-query */
export const queryEngageRoutes = (project: Project): readonly Route[] => [
  {
    method: 'POST',
    path: '/api/query/engage',
    handle: (request) => runQuery(project, 'queries', () => queryProfiles(project, request)),
  },
]

function queryProfiles(project: Project, request: SimRequest): SimReply {
  const query = readProfileQuery(project, queryParameters(request))
  if (isBadQuery(query)) return queryError(request, query.status, query.error)
  const session = openSession(project, query)
  if (!session) return queryError(request, 400, 'request for page in uncached query for params')
  try {
    refresh(project, query, session.value)
  } catch (error) {
    if (error instanceof ExpressionError)
      return queryError(request, 400, `invalid where expression: ${error.message}`)
    throw error
  }
  const { pageSize } = project.account.limits
  const ids = session.value.ids.slice(query.page * pageSize, (query.page + 1) * pageSize)
  const profiles = sourceOf(project, query)
  const results = ids.map((id) => ({
    $distinct_id: id,
    $properties: pick(profiles.get(id) ?? {}, query.outputProperties),
  }))
  const total = session.value.ids.length
  return {
    status: 200,
    body: { page: query.page, page_size: pageSize, results, session_id: session.id, status: 'ok', total },
  }
}

interface OpenSession {
  readonly id: string
  readonly value: EngageSession
}

/** Undefined: a later page of a query the server does not know, or one over events without a point in time. */
function openSession({ state, clock }: Project, query: ProfileQuery): OpenSession | undefined {
  const given = query.sessionId === undefined ? undefined : state.sessions.get(query.sessionId)
  if (query.sessionId !== undefined) {
    const fits = given?.fingerprint === query.fingerprint && !(query.page > 0 && query.needsTime)
    return given && fits ? { id: query.sessionId, value: given } : undefined
  }
  const id = `${Math.floor(clock.now() / 1_000)}-${state.nextId.toString(36).toUpperCase()}`
  state.nextId += 1
  const value = { ids: [], revision: -1, fingerprint: query.fingerprint }
  state.sessions.set(id, value)
  return { id, value }
}

/** A session is no snapshot: after a write, later pages are cut from the new result, so rows shift between pages. */
function refresh(project: Project, query: ProfileQuery, session: EngageSession): void {
  if (session.revision === project.state.revision) return
  session.ids = selectIds(project, query)
  session.revision = project.state.revision
}

const pick = (properties: Properties, names: readonly string[] | undefined): Properties =>
  names
    ? Object.fromEntries(names.filter((name) => name in properties).map((name) => [name, properties[name]]))
    : properties
