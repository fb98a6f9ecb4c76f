import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { evaluate } from '../audience/compute.ts'
import { readQuery } from '../audience/lifecycle.ts'
import type { Context } from '../context.ts'
import { publicInvalid, publicNotFound } from '../errors.ts'
import { inSpace, ok, publicRoute, publicWrite } from '../public-route.ts'
import { newId } from '../state.ts'
import type { AudienceOptions, Json, Space } from '../store-types.ts'
import type { Shape } from '../validate-input.ts'
import { audienceTypes } from './audiences.ts'

const maxSample = 10
const previewShape: Shape = {
  definition: {
    type: 'object',
    required: true,
    shape: { query: { type: 'string', required: true }, targetEntity: { type: 'string', nullable: true } },
  },
  audienceType: { type: 'string', required: true, oneOf: audienceTypes },
  options: {
    type: 'object',
    shape: { filterByExternalIds: { type: 'strings' }, backfillEventDataDays: { type: 'number' } },
  },
}

/** Previews: started, RUNNING for a while, then a count and a small sample. 5 a minute and 700 a month for each space. */
export const previewRoutes = (state: Context): Route[] => [
  publicWrite(state, 'POST /spaces/{spaceId}/audiences/previews', previewShape, (request, body) =>
    inSpace(state, request, (space) => start(state, space, body)),
  ),
  publicRoute(state, 'GET /spaces/{spaceId}/audiences/previews/{id}', (request) =>
    inSpace(state, request, (space) => read(state, space, request)),
  ),
]

function start(state: Context, space: Space, body: Json): SimReply {
  const { audienceType } = body
  if (audienceType !== 'USERS' && audienceType !== 'ACCOUNTS')
    return publicInvalid([{ field: 'audienceType', message: 'LINKED needs a data graph in this space' }])
  const { query } = body.definition as { readonly query: string }
  const parsed = readQuery(state, query, audienceType)
  if ('problem' in parsed) return publicInvalid([{ field: 'definition.query', message: parsed.problem }])
  const id = newId(state.store, 'pre_')
  const options = (body.options ?? {}) as AudienceOptions
  const readyAtMs = state.clock.now() + state.account.previewMs
  space.previews.set(id, { id, query, condition: parsed.condition, audienceType, options, readyAtMs })
  return ok({ audiencePreview: { id } })
}

function read(state: Context, space: Space, request: SimRequest): SimReply {
  const preview = space.previews.get(request.params.id ?? '')
  if (!preview) return publicNotFound()
  const { id, query, audienceType, options, readyAtMs } = preview
  const common = { id, audienceType, definition: { query }, options }
  const nowMs = state.clock.now()
  if (nowMs < readyAtMs) return ok({ audiencePreview: { ...common, status: 'RUNNING' } })
  const members = [...space.profiles.values()].filter(
    (profile) => evaluate(state, space, preview, profile, nowMs) === true,
  )
  const size = { count: members.length, type: audienceType, uniqueCount: members.length }
  const results = members.slice(0, maxSample).map((profile) => ({ id: profile.id }))
  return ok({ audiencePreview: { ...common, status: 'COMPLETED', results, size } })
}
