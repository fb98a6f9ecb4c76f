import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { trackingSource } from '../authenticate.ts'
import type { Context } from '../context.ts'
import { trackingErrors } from '../errors.ts'
import { countMessages } from '../faults.ts'
import { type Envelope, ingest, reject } from '../ingest.ts'
import { settleRegulations } from '../regulations.ts'
import { callTypes, isJson, type Json, type Source } from '../store-types.ts'
import { isCallType } from '../validate-message.ts'

const accepted: SimReply = { status: 200, body: { success: true } }
/** Browser libraries post to one-letter paths. segmentio/analytics-next:packages/browser */
const letters = { i: 'identify', t: 'track', p: 'page', s: 'screen', g: 'group', a: 'alias' } as const

/** `POST /v1/batch`, the six single calls, and their one-letter paths. */
export function trackingRoutes(state: Context): Route[] {
  const single = (path: string, type: string): Route => ({
    method: 'POST',
    path: `/v1/${path}`,
    handle: (request) =>
      take(state, request, state.account.maxEventBytes, (body, source) => takeOne(state, source, body, type)),
  })
  return [
    {
      method: 'POST',
      path: '/v1/batch',
      handle: (request) =>
        take(state, request, state.account.maxBatchBytes, (body, source) =>
          takeBatch(state, source, body, request),
        ),
    },
    ...callTypes.map((type) => single(type, type)),
    ...Object.entries(letters).map(([letter, type]) => single(letter, type)),
  ]
}

/** What holds for every tracking request: size, JSON, key, region. Then 200, whatever becomes of the messages. */
function take(
  state: Context,
  request: SimRequest,
  maxBytes: number,
  process: (body: Json, source: Source | undefined) => SimReply,
): SimReply {
  if (request.body.length > maxBytes) return trackingErrors.tooLarge
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) return trackingErrors.malformed
  const body = readJson(request)
  if (!body) return trackingErrors.malformed
  const source = trackingSource(state, request, body)
  if (source === 'refused') return trackingErrors.unauthorized
  if (source === 'unknown' && state.account.unknownWriteKey === 'refused') return trackingErrors.unauthorized
  if (state.account.region === 'wrong-lost') {
    state.store.lost += countMessages(request)
    return accepted
  }
  return process(body, source === 'unknown' ? undefined : source)
}

function readJson(request: SimRequest): Json | undefined {
  try {
    const body = request.json()
    return isJson(body) ? body : undefined
  } catch {
    return undefined
  }
}

/** Takes one message of a single call; the path says its type, the body's `type` is not looked at. */
export function takeOne(state: Context, source: Source | undefined, body: Json, type: string): SimReply {
  settleRegulations(state)
  const item = { ...body, type }
  if (!source) reject(state, undefined, item, 0, 'project_not_found')
  else ingest(state, { source, receivedAtMs: state.clock.now(), sentAt: body.sentAt }, item, 0)
  return accepted
}

function takeBatch(state: Context, source: Source | undefined, body: Json, request: SimRequest): SimReply {
  settleRegulations(state)
  const { account } = state
  const items: readonly unknown[] = Array.isArray(body.batch) ? body.batch : []
  if (items.length === 0) {
    reject(state, source?.id, {}, 0, source ? 'empty_batch' : 'project_not_found')
    return accepted
  }
  const mayBeLarge = request.body.length > account.maxEventBytes
  const isLarge = (item: unknown): boolean =>
    mayBeLarge && Buffer.byteLength(JSON.stringify(item)) > account.maxEventBytes
  if (account.oversizeItem === 'refuse-batch' && mayBeLarge && items.some(isLarge))
    return trackingErrors.tooLarge
  // no message of a known type left: "after processing messages within batch, no messages were returned"
  const unusable = items.some((item) => isJson(item) && isCallType(item.type))
    ? 'multi_user_error'
    : 'empty_batch_result'
  const envelope = source && toEnvelope(state, source, body)
  for (const [index, value] of items.entries()) {
    const item = isJson(value) ? value : {}
    if (!envelope) reject(state, undefined, item, index, 'project_not_found')
    // over the count and over the size have no code of their own; this one means "some messages were not published"
    else if (index >= account.maxBatchEvents || isLarge(item))
      reject(state, source.id, item, index, 'multi_user_error')
    else if (!isCallType(item.type)) reject(state, source.id, item, index, unusable)
    else ingest(state, envelope, item, index)
  }
  return accepted
}

const toEnvelope = (state: Context, source: Source, body: Json): Envelope => ({
  source,
  receivedAtMs: state.clock.now(),
  sentAt: body.sentAt,
  ...(isJson(body.context) && { context: body.context }),
  ...(isJson(body.integrations) && { integrations: body.integrations }),
})
