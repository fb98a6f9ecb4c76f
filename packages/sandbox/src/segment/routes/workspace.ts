import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import type { Context } from '../context.ts'
import { publicInvalid, publicNotFound, publicServerError } from '../errors.ts'
import { page } from '../paging.ts'
import { inSpace, ok, publicRoute } from '../public-route.ts'
import type { Space } from '../store-types.ts'

/** The workspace, its spaces, and `/echo`. */
export const workspaceRoutes = (state: Context): Route[] => [
  publicRoute(state, 'GET /', () => ok({ workspace: state.account.workspace })),
  publicRoute(state, 'GET /echo', (request) => echo(state, request)),
  publicRoute(state, 'GET /spaces', (request) =>
    page(request, 'spaces', [...state.store.spaces.values()], describe),
  ),
  publicRoute(state, 'GET /spaces/{spaceId}', (request) =>
    inSpace(state, request, (space) => ok({ space: describe(space) })),
  ),
]
const describe = ({ id, slug, name }: Space): object => ({ id, slug, name })

/** https://docs.segmentapis.com/tag/Testing : answers, fails or waits as it is told. */
async function echo(state: Context, request: SimRequest): Promise<SimReply> {
  const { query } = request
  const message = query.get('message')
  if (message === null) return publicInvalid([{ field: 'message', message: 'is required' }])
  const delayMs = Number(query.get('delay') ?? 0)
  if (delayMs > 0) await state.clock.unheld(() => state.clock.sleep(delayMs))
  const status = Number(query.get('statusCode') ?? 0)
  const failure = { type: 'RequestError', message }
  if (query.get('triggerError') === 'true') return { status: status || 400, body: { errors: [failure] } }
  if (query.get('triggerMultipleErrors') === 'true')
    return { status: status || 400, body: { errors: [failure, failure] } }
  if (query.get('triggerUnexpectedError') === 'true') return publicServerError()
  if (status === 404) return publicNotFound()
  const { authorization: _secret, ...headers } = request.headers
  return ok({ method: 'get', message, headers }, status || 200)
}
