import type { FaultKind, SimReply, SimRequest } from '../core/index.ts'
import { isSince216, rateLimited, versionOf } from './authenticate.ts'
import { errorReply, isObject } from './errors.ts'
import type { RateGuard } from './limits.ts'
import type { IntercomContext } from './state.ts'

type ShownKind = Extract<FaultKind, 'rate-limited' | 'server-error' | 'partial' | 'silent'>
type Proceed = (request: SimRequest) => Promise<SimReply>

/**
 * Intercom's own forms of failing.
 *
 * - `partial`: `POST /tags` with several users (2.16) tags the first half and reports `tagged: false` for the others.
 * - `silent`: `POST /events` answers 202 and stores nothing; `POST /contacts/search` answers 200 without `data`
 *   (seen in rudderlabs/rudder-transformer#5198).
 */
export function showFault(
  kind: ShownKind,
  request: SimRequest,
  proceed: Proceed,
  context: IntercomContext,
  rate: RateGuard,
): SimReply | Promise<SimReply> | undefined {
  const target = `${request.method} ${request.path}`
  if (kind === 'rate-limited') {
    const reply = rateLimited(rate)
    return { ...reply, headers: { ...reply.headers, 'x-ratelimit-remaining': '0' } }
  }
  if (kind === 'server-error') return errorReply(500, 'server_error', 'Server Error')
  if (kind === 'partial')
    return target === 'POST /tags' && isSince216(versionOf(request, context.account()))
      ? tagHalf(request, proceed)
      : undefined
  if (target === 'POST /events') return { status: 202 }
  if (target === 'POST /contacts/search') return { status: 200, body: { type: 'list' } }
  return undefined
}

async function tagHalf(request: SimRequest, proceed: Proceed): Promise<SimReply> {
  const body = request.json()
  const users: unknown = isObject(body) ? body['users'] : undefined
  if (!isObject(body) || !Array.isArray(users) || users.length < 2) return proceed(request)
  const half = Math.ceil(users.length / 2)
  const reply = await proceed({ ...request, json: () => ({ ...body, users: users.slice(0, half) }) })
  if (reply.status !== 200 || !isObject(reply.body) || !Array.isArray(reply.body['users'])) return reply
  const tagged: readonly unknown[] = reply.body['users']
  const untagged = users
    .slice(half)
    .map((user: unknown) => ({ id: isObject(user) ? user['id'] : null, tagged: false }))
  return { ...reply, body: { ...reply.body, users: [...tagged, ...untagged] } }
}
