import type { FaultKind, SimReply, SimRequest } from '../core/index.ts'
import { refuse, trackErrors } from './errors.ts'
import { isList, isObject, type Json, type JsonObject } from './json.ts'
import { trackArrays, type TrackError } from './validate-track.ts'

type Proceed = (request: SimRequest) => Promise<SimReply>

/** A gateway's page instead of JSON, as Braze's edge gives it: clients that parse every body as JSON lose the status. */
export const serverError = (): SimReply => ({
  status: 500,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>500 Internal Server Error</title></head><body><h1>500 Internal Server Error</h1></body></html>',
})

/**
 * Braze's forms of half a success.
 * - `partial`: the first object of a track request comes back in `errors` of a 201 and is not stored; the rest is. Braze has
 *   no error for "later", so a client that believes it gives the object up.
 * - `silent`: a start is answered with 201 and `notice`; anything else posted with a 2xx whose `message` is not `success`
 *   (the wording of that is not published). Nothing is done.
 */
export function brazeFault(
  kind: Extract<FaultKind, 'partial' | 'silent'>,
  request: SimRequest,
  proceed: Proceed,
): SimReply | Promise<SimReply> | undefined {
  if (request.method !== 'POST') return undefined
  if (kind === 'partial') return partial(request, proceed)
  if (request.path === '/canvas/trigger/send' || request.path === '/campaigns/trigger/send') {
    const name = request.path.startsWith('/canvas') ? 'Canvas' : 'campaign'
    const notice = `The ${name} is paused. Resume the ${name} to ensure trigger requests will take effect.`
    return { status: 201, body: { message: 'success', dispatch_id: '0'.repeat(32), notice } }
  }
  return refuse(201, 'Request could not be processed')
}

function partial(request: SimRequest, proceed: Proceed): Promise<SimReply> | undefined {
  if (request.path !== '/users/track' && request.path !== '/users/track/bulk') return undefined
  const body = readQuietly(request)
  if (!isObject(body)) return undefined
  const lists = trackArrays.filter((name) => isList(body[name]))
  const total = lists.reduce((sum, name) => sum + (body[name] as readonly Json[]).length, 0)
  const [array] = lists
  // A request with one object cannot be half done: Braze would answer 400.
  if (array === undefined || total < 2) return undefined
  return withoutFirst(request, body, array, proceed)
}

async function withoutFirst(
  request: SimRequest,
  body: JsonObject,
  array: (typeof trackArrays)[number],
  proceed: Proceed,
): Promise<SimReply> {
  const { [array]: list, ...others } = body
  const kept = (list as readonly Json[]).slice(1)
  const rest = kept.length > 0 ? { ...others, [array]: kept } : others
  const reply = await proceed({ ...request, body: Buffer.from(JSON.stringify(rest)), json: () => rest })
  if (reply.status !== 201 || !isObject(reply.body)) return reply
  const errors = ((reply.body['errors'] ?? []) as unknown as readonly TrackError[]).map((error) =>
    error.input_array === array ? { ...error, index: error.index + 1 } : error,
  )
  const failed: TrackError = { type: trackErrors.blocked, input_array: array, index: 0 }
  return {
    ...reply,
    body: {
      ...reply.body,
      [`${array}_processed`]: reply.body[`${array}_processed`] ?? 0,
      errors: [failed, ...errors],
    },
  }
}

function readQuietly(request: SimRequest): Json | undefined {
  try {
    return request.json() as Json | undefined
  } catch {
    return undefined
  }
}
