import type { Route, SimReply, SimRequest } from '../core/index.ts'
import type { Context } from './context.ts'
import { publicInvalid, publicMalformed, publicNotFound } from './errors.ts'
import { isJsonBody } from './media-type.ts'
import type { PublicOperationId } from './public-operations.ts'
import type { Json, Space } from './store-types.ts'
import { settleAll } from './unify/settle.ts'
import { checkInput, type Shape } from './validate-input.ts'

/** A Public API route: brings the workspace up to now, then answers. Authentication and limits are the guard's. */
export function publicRoute(
  state: Context,
  id: PublicOperationId,
  handle: (request: SimRequest) => SimReply | Promise<SimReply>,
): Route {
  const [method, path] = id.split(' ') as [Route['method'], string]
  return {
    method,
    path,
    handle(request) {
      settleAll(state)
      return handle(request)
    },
  }
}

/** A route with a body that must be JSON of this shape; 400 for bad JSON, 422 with every problem otherwise. */
export function publicWrite(
  state: Context,
  id: PublicOperationId,
  shape: Shape,
  handle: (request: SimRequest, body: Json) => SimReply,
): Route {
  return publicRoute(state, id, (request) => {
    if (!isJsonBody(request.headers['content-type']))
      return publicInvalid([
        { field: 'content-type', message: 'must be application/json or application/vnd.segment.*+json' },
      ])
    let body: unknown
    try {
      body = request.json() ?? {}
    } catch {
      return publicMalformed()
    }
    const problems = checkInput(body, shape)
    return problems.length > 0 ? publicInvalid(problems) : handle(request, body as Json)
  })
}

export const ok = (data: Json, status = 200): SimReply => ({ status, body: { data } })

/** Runs `handle` with the space of the path, or answers 404. */
export function inSpace(state: Context, request: SimRequest, handle: (space: Space) => SimReply): SimReply {
  const space = state.store.spaces.get(request.params.spaceId ?? '')
  return space ? handle(space) : publicNotFound()
}
