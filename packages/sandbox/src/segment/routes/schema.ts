import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { type Context, toIso } from '../context.ts'
import { publicInvalid, publicNotFound } from '../errors.ts'
import { page } from '../paging.ts'
import { inSpace, publicRoute } from '../public-route.ts'
import type { SeenField, Space } from '../store-types.ts'

/** Names a space has seen. https://docs.segmentapis.com/tag/Events (alpha) ; the wording of types is assumed. */
export const schemaRoutes = (state: Context): Route[] => [
  publicRoute(state, 'GET /spaces/{spaceId}/events', (request) =>
    inSpace(state, request, ({ events }) => {
      const rows = [...events].map(([name, { kind, lastSeenAtMs }]) => ({ name, type: kind, lastSeenAtMs }))
      return sorted(request, 'events', 'name', rows)
    }),
  ),
  publicRoute(state, 'GET /spaces/{spaceId}/events/{eventName}/properties', (request) =>
    inSpace(state, request, (space) => properties(space, request)),
  ),
  publicRoute(state, 'GET /spaces/{spaceId}/traits', (request) =>
    inSpace(state, request, ({ traits }) => {
      const collection = request.query.get('collection') ?? 'users'
      if (collection !== 'users' && collection !== 'accounts')
        return publicInvalid([{ field: 'collection', message: 'must be one of accounts, users' }])
      const rows = [...traits[collection]].map(([trait, field]) => ({ trait, ...describe(field, request) }))
      return sorted(request, 'traits', 'trait', rows)
    }),
  ),
]

function properties({ events }: Space, request: SimRequest): SimReply {
  const eventName = request.params.eventName ?? ''
  const event = events.get(eventName)
  if (!event) return publicNotFound()
  const rows = [...event.fields].map(([name, field]) => ({ name, ...describe(field, request), eventName }))
  return sorted(request, 'eventProperties', 'name', rows)
}

function describe({ type, lastSeenAtMs, samples }: SeenField, { query }: SimRequest): Row {
  const count = Number(query.get('samplesCount') ?? 5)
  return {
    type,
    lastSeenAtMs,
    ...(query.get('includeSampleValues') === 'true' && { samples: samples.slice(0, count) }),
  }
}

interface Row {
  readonly lastSeenAtMs: number
  readonly [field: string]: unknown
}

function sorted(request: SimRequest, list: string, nameField: string, rows: readonly Row[]): SimReply {
  const { query } = request
  const sortBy = query.get('sortBy') ?? nameField
  if (sortBy !== nameField && sortBy !== 'lastSeenAt')
    return publicInvalid([{ field: 'sortBy', message: `must be one of lastSeenAt, ${nameField}` }])
  const sign = query.get('sortDir') === 'desc' ? -1 : 1
  const wanted = (query.get('search') ?? '').toLowerCase()
  const nameOf = (row: Row): string => String(row[nameField])
  const found = rows
    .filter((row) => nameOf(row).toLowerCase().includes(wanted))
    .sort(
      (a, b) =>
        sign * (sortBy === 'lastSeenAt' ? a.lastSeenAtMs - b.lastSeenAtMs : nameOf(a) < nameOf(b) ? -1 : 1),
    )
  return page(request, list, found, ({ lastSeenAtMs, ...row }) => ({
    ...row,
    lastSeenAt: toIso(lastSeenAtMs),
  }))
}
