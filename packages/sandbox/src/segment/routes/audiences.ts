import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import {
  audienceBody,
  createAudience,
  cycleThrough,
  type ParsedQuery,
  readQuery,
} from '../audience/lifecycle.ts'
import { planComputes, refreshWindows } from '../audience/compute.ts'
import type { Context } from '../context.ts'
import { publicConflict, publicInvalid, publicNotFound } from '../errors.ts'
import { audiencePageLimits, nested, page } from '../paging.ts'
import { inSpace, ok, publicRoute, publicWrite } from '../public-route.ts'
import type { Audience, AudienceOptions, Json, Space } from '../store-types.ts'
import type { Shape } from '../validate-input.ts'

export const audienceTypes = ['ACCOUNTS', 'LINKED', 'USERS'] as const
export const optionsShape: Shape = {
  includeHistoricalData: { type: 'boolean' },
  filterByExternalIds: { type: 'strings' },
  backfillEventDataDays: { type: 'number' },
}
const createShape: Shape = {
  name: { type: 'string', required: true },
  enabled: { type: 'boolean' },
  description: { type: 'string' },
  definition: {
    type: 'object',
    required: true,
    shape: { query: { type: 'string', required: true }, targetEntity: { type: 'string', nullable: true } },
  },
  audienceType: { type: 'string', required: true, oneOf: audienceTypes },
  options: { type: 'object', shape: optionsShape },
}
const updateShape: Shape = {
  name: { type: 'string' },
  enabled: { type: 'boolean' },
  description: { type: 'string' },
  definition: { type: 'object', shape: { query: { type: 'string', required: true } } },
  options: { type: 'object', shape: optionsShape },
}

export const audienceRoutes = (state: Context): Route[] => [
  publicRoute(state, 'GET /spaces/{spaceId}/audiences', (request) =>
    inSpace(state, request, (space) => list(state, space, request)),
  ),
  publicWrite(state, 'POST /spaces/{spaceId}/audiences', createShape, (request, body) =>
    inSpace(state, request, (space) => create(state, space, body)),
  ),
  publicRoute(state, 'GET /spaces/{spaceId}/audiences/{id}', (request) =>
    withAudience(state, request, (space, audience) => {
      refreshWindows(state, space, space.profiles.values())
      return ok({ audience: audienceBody(state, space, audience, 'full', wantsSchedules(request)) })
    }),
  ),
  publicWrite(state, 'PATCH /spaces/{spaceId}/audiences/{id}', updateShape, (request, body) =>
    withAudience(state, request, (space, audience) => update(state, space, audience, body)),
  ),
  publicRoute(state, 'DELETE /spaces/{spaceId}/audiences/{id}', (request) =>
    withAudience(state, request, (space, audience) => remove(space, audience)),
  ),
]

function withAudience(
  state: Context,
  request: SimRequest,
  handle: (space: Space, audience: Audience) => SimReply,
): SimReply {
  return inSpace(state, request, (space) => {
    const audience = space.audiences.get(request.params.id ?? '')
    return audience ? handle(space, audience) : publicNotFound()
  })
}
const wantsSchedules = (request: SimRequest): boolean => request.query.get('include') === 'schedules'

function list(state: Context, space: Space, request: SimRequest): SimReply {
  const type = nested(request.query, 'search', 'type')
  const query = nested(request.query, 'search', 'query')
  if (
    (type === undefined) !== (query === undefined) ||
    (type && !['NAME', 'KEY', 'DEFINITION'].includes(type))
  )
    return publicInvalid([{ field: 'search', message: 'needs type NAME, KEY or DEFINITION, and query' }])
  const wanted = (query ?? '').toLowerCase()
  const text = ({ name, key, query: definition }: Audience): string =>
    type === 'KEY' ? key : type === 'DEFINITION' ? definition : name
  const found = [...space.audiences.values()].filter((audience) =>
    text(audience).toLowerCase().includes(wanted),
  )
  refreshWindows(state, space, space.profiles.values())
  const render = (audience: Audience): object =>
    audienceBody(state, space, audience, 'full', wantsSchedules(request))
  return page(request, 'audiences', found, render, audiencePageLimits)
}

function create(state: Context, space: Space, body: Json): SimReply {
  const { audienceType } = body
  // a space without a data graph has no linked audiences
  if (audienceType === 'LINKED')
    return publicInvalid([{ field: 'audienceType', message: 'LINKED needs a data graph in this space' }])
  const { query } = body.definition as { readonly query: string }
  const parsed = readQuery(state, query, audienceType as 'USERS' | 'ACCOUNTS')
  if ('problem' in parsed) return publicInvalid([{ field: 'definition.query', message: parsed.problem }])
  const audience = createAudience(state, space, {
    name: String(body.name),
    description: typeof body.description === 'string' ? body.description : '',
    enabled: body.enabled !== false,
    query,
    audienceType: audienceType as 'USERS' | 'ACCOUNTS',
    options: body.options ?? {},
    parsed,
  })
  return ok({ audience: audienceBody(state, space, audience, 'summary', false) })
}

function update(state: Context, space: Space, audience: Audience, body: Json): SimReply {
  // "locked until recomputed" [doc]; the status of a change meanwhile is not documented
  if (audience.enabled && !audience.backfilled)
    return publicConflict('The audience is locked until it is computed')
  const definition = body.definition as { readonly query: string } | undefined
  const parsed = definition && readQuery(state, definition.query, audience.audienceType)
  const problem = parsed && queryProblem(space, audience, parsed)
  if (problem !== undefined) return publicInvalid([{ field: 'definition.query', message: problem }])
  if (typeof body.name === 'string') audience.name = body.name
  if (typeof body.description === 'string') audience.description = body.description
  if (body.options) audience.options = { ...audience.options, ...(body.options as AudienceOptions) }
  const resumed = body.enabled === true && !audience.enabled
  if (typeof body.enabled === 'boolean') audience.enabled = body.enabled
  if (definition && parsed && !('problem' in parsed)) {
    audience.query = definition.query
    audience.condition = parsed.condition
    audience.timeDependent = parsed.timeDependent
  }
  audience.updatedAtMs = state.clock.now()
  if (definition || body.options || resumed) {
    audience.backfilled = false
    audience.edited = true
    audience.readyAtMs = state.clock.now() + state.account.audienceBackfillMs
  }
  planComputes(space)
  return ok({ audience: audienceBody(state, space, audience, 'summary', false) })
}

function queryProblem(
  space: Space,
  audience: Audience,
  parsed: ParsedQuery | { problem: string },
): string | undefined {
  if ('problem' in parsed) return parsed.problem
  if (cycleThrough(space, audience, parsed.reads))
    return 'The audience would create a cycle by referencing another audience'
  return parsed.cadence === audience.cadence
    ? undefined
    : `The compute cadence cannot change from ${audience.cadence}`
}

/** The boolean trait stays behind on profiles as a custom trait, and the key stays used. */
function remove(space: Space, audience: Audience): SimReply {
  space.audiences.delete(audience.id)
  for (const profile of space.profiles.values()) {
    const trait = profile.traits.get(audience.key)
    if (trait) profile.traits.set(audience.key, { ...trait, kind: 'custom' })
  }
  planComputes(space)
  return ok({ status: 'SUCCESS' })
}
