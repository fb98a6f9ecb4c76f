import type { FaultKind, SimReply, SimRequest } from '../core/index.ts'
import type { HubspotAccount } from './account.ts'
import { isObject, type JsonObject } from './body.ts'
import { errorReply, rateLimited, standardError } from './errors.ts'
import type { Portal } from './portal.ts'

/** HubSpot's 5xx: its own envelope, or the page of the gateway before it. */
export function serverError(account: HubspotAccount): SimReply {
  if (account.serverError === 'json') return errorReply(500, 'internal error')
  const page = '<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>'
  return { status: 502, headers: { 'content-type': 'text/html' }, body: page }
}

const writesBatch = /\/batch\/(create|update|upsert)$/
const isEventSend = (path: string): boolean => /^\/events\/.*send(\/batch)?$/.test(path)

function tooMany(path: string): SimReply {
  if (path.endsWith('/search')) return rateLimited('SECONDLY', 'search')
  return isEventSend(path)
    ? rateLimited('SECONDLY', 'custom-events')
    : rateLimited('TEN_SECONDLY_ROLLING', 'private-app')
}

/** HubSpot's form of each fault; undefined where a request has none. */
export function showFault(
  portal: Portal,
  kind: Extract<FaultKind, 'rate-limited' | 'server-error' | 'partial' | 'silent'>,
  request: SimRequest,
  proceed: (request: SimRequest) => Promise<SimReply>,
): SimReply | Promise<SimReply> | undefined {
  if (kind === 'server-error') return serverError(portal.account)
  if (kind === 'rate-limited') return tooMany(request.path)
  if (kind === 'partial') return partial(request, proceed)
  return silent(portal, request)
}

/** Every second traced row of a write fails for the moment, the others are written: 207. */
function partial(
  request: SimRequest,
  proceed: (request: SimRequest) => Promise<SimReply>,
): Promise<SimReply> | undefined {
  const body = parsed(request)
  const inputs = body?.['inputs']
  if (!request.path.includes('/objects/') || !writesBatch.test(request.path)) return undefined
  if (!Array.isArray(inputs) || inputs.length === 0 || !inputs.every(isTraced)) return undefined
  const rows: readonly TracedRow[] = inputs
  const kept = rows.filter((_, index) => index % 2 === 1)
  const failed = rows.filter((_, index) => index % 2 === 0)
  return proceed(withBody(request, { ...body, inputs: kept })).then((reply) => addErrors(reply, failed))
}

interface TracedRow extends JsonObject {
  readonly objectWriteTraceId: string
}
const isTraced = (row: unknown): row is TracedRow =>
  isObject(row) && typeof row['objectWriteTraceId'] === 'string'

function addErrors(reply: SimReply, failed: readonly TracedRow[]): SimReply {
  if (reply.status >= 300 || !isObject(reply.body)) return reply
  const errors = failed.map((row) =>
    standardError({
      category: 'INTERNAL_ERROR',
      message: 'internal error',
      context: {
        objectWriteTraceId: [row.objectWriteTraceId],
        ...(typeof row['id'] === 'string' && { ids: [row['id']] }),
      },
    }),
  )
  const before: readonly unknown[] = Array.isArray(reply.body['errors']) ? reply.body['errors'] : []
  const all = [...before, ...errors]
  return { ...reply, status: 207, body: { ...reply.body, numErrors: all.length, errors: all } }
}

/** An event answered 204 that never arrives; a batch answered as complete that did nothing. */
function silent(portal: Portal, request: SimRequest): SimReply | undefined {
  if (request.method !== 'POST') return undefined
  if (isEventSend(request.path)) {
    const inputs = parsed(request)?.['inputs']
    portal.store.counters.eventsLost += Array.isArray(inputs) ? inputs.length : 1
    return { status: 204 }
  }
  if (!request.path.startsWith('/crm/') || !writesBatch.test(request.path)) return undefined
  const at = portal.nowIso()
  return { status: 200, body: { status: 'COMPLETE', results: [], startedAt: at, completedAt: at } }
}

function parsed(request: SimRequest): JsonObject | undefined {
  try {
    const body = request.json()
    return isObject(body) ? body : undefined
  } catch {
    return undefined
  }
}

function withBody(request: SimRequest, body: unknown): SimRequest {
  return { ...request, body: Buffer.from(JSON.stringify(body)), json: () => body }
}
