import { gzipSync } from 'node:zlib'
import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { exportError } from '../errors.ts'
import { ExpressionError } from '../expression-lexer.ts'
import { selects, type Lookup } from '../expression-evaluate.ts'
import { parseExpression, type Expression } from '../expression-parser.ts'
import { resolveId } from '../identity.ts'
import { parse } from '../ingest-input.ts'
import type { Project } from '../project.ts'
import { runQuery } from '../query-gate.ts'
import type { StoredEvent } from '../state.ts'

const dayMs = 86_400_000
const gzipAboveBytes = 1_400
const datePattern = /^\d{4}-\d\d-\d\d$/

/** `GET /api/2.0/export`: JSON lines, copies included. https://developer.mixpanel.com/reference/raw-event-export */
export const exportRoutes = (project: Project): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/2.0/export',
    handle: (request) => runQuery(project, 'exports', () => exportEvents(project, request)),
  },
]

interface ExportQuery {
  readonly fromMs: number
  readonly toMs: number
  readonly events: ReadonlySet<string> | undefined
  readonly where: Expression | undefined
  readonly limit: number
  readonly inMilliseconds: boolean
}

function exportEvents(project: Project, request: SimRequest): SimReply {
  try {
    const query = readQuery(project, request.query)
    if ('status' in query) return query
    project.state.counters.exports += 1
    return reply(lines(project, query), request.headers['accept-encoding'] ?? '')
  } catch (error) {
    if (error instanceof ExpressionError)
      return exportError(400, `invalid where expression: ${error.message}`)
    throw error
  }
}

function readQuery({ account, clock }: Project, parameters: URLSearchParams): ExportQuery | SimReply {
  const from = parameters.get('from_date') ?? ''
  const to = parameters.get('to_date') ?? ''
  if (!datePattern.test(from) || !datePattern.test(to))
    return exportError(400, 'from_date and to_date must be yyyy-mm-dd')
  const offsetMs = account.legacyTimeZoneOffsetMinutes * 60_000
  const fromMs = Date.parse(`${from}T00:00:00Z`) - offsetMs
  const toMs = Date.parse(`${to}T00:00:00Z`) - offsetMs + dayMs
  if (Number.isNaN(fromMs + toMs) || toMs <= fromMs)
    return exportError(400, 'to_date must not be before from_date')
  const days = account.exportMaxAgeDays
  if (days !== undefined && fromMs < clock.now() - days * dayMs)
    return exportError(403, `Date range exceeds ${days} days into the past`)
  const limit = Number(parameters.get('limit') ?? account.limits.exportRows)
  if (!Number.isInteger(limit) || limit < 1 || limit > account.limits.exportRows) {
    return exportError(400, `limit must be between 1 and ${account.limits.exportRows}`)
  }
  const names = parameters.has('event') ? parse(parameters.get('event') ?? '') : undefined
  if ((names !== undefined && !Array.isArray(names)) || (parameters.has('event') && names === undefined))
    return exportError(400, 'event must be a JSON array')
  const where = parameters.get('where')
  return {
    fromMs,
    toMs,
    events: names === undefined ? undefined : new Set(names as readonly string[]),
    where: where === null ? undefined : parseExpression(where),
    limit: parameters.has('limit') ? limit : Infinity,
    inMilliseconds: parameters.get('time_in_ms') === 'true',
  }
}

/** Every stored copy in the order received: duplicates come back, the reader removes them. */
function lines(project: Project, query: ExportQuery): string {
  const { state, account, clock } = project
  const seenUntilMs = clock.now() - account.eventVisibleAfterMs
  const out: string[] = []
  for (const event of state.events) {
    if (out.length >= query.limit) break
    const inRange =
      event.timeMs >= query.fromMs && event.timeMs < query.toMs && event.receivedAtMs <= seenUntilMs
    if (!inRange || (query.events && !query.events.has(event.event))) continue
    if (query.where && !selects(query.where, lookupOf(project, event))) continue
    out.push(JSON.stringify(exported(project, event, query.inMilliseconds)))
  }
  return out.length === 0 ? '' : `${out.join('\n')}\n`
}

/** Joined ids show under the new id, with the old one beside it. Projects made before 2023 give local time as if it were UTC. */
function exported(project: Project, event: StoredEvent, inMilliseconds: boolean): object {
  const localMs = event.timeMs + project.account.legacyTimeZoneOffsetMinutes * 60_000
  const id = resolveId(project, event.distinctId)
  const before =
    id === event.distinctId ? {} : { $distinct_id_before_identity: event.distinctId, $is_reshuffled: true }
  const time = inMilliseconds ? localMs : Math.floor(localMs / 1_000)
  return { event: event.event, properties: { ...event.properties, time, distinct_id: id, ...before } }
}

const lookupOf =
  (project: Project, event: StoredEvent): Lookup =>
  (source, name) => {
    if (source === 'user') return project.state.profiles.get(resolveId(project, event.distinctId))?.[name]
    if (source === 'event' && name === '$time') return new Date(event.timeMs).toISOString().slice(0, 19)
    return source === 'behaviors' ? undefined : event.properties[name]
  }

function reply(text: string, acceptEncoding: string): SimReply {
  const headers = { 'content-type': 'text/plain; charset=utf-8' }
  if (!acceptEncoding.includes('gzip') || Buffer.byteLength(text) <= gzipAboveBytes)
    return { status: 200, headers, body: text }
  return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(text) }
}
