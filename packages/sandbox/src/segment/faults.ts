import type { SimReply, SimRequest } from '../core/index.ts'
import { profileError, publicRateLimited, publicServerError, trackingRateLimited } from './errors.ts'
import type { Context } from './context.ts'
import { familyOf } from './guard.ts'

const faultWaitMs = 1_000

/**
 * Segment's own form of a fault.
 * - `silent`: the Tracking API answers 200 and nothing arrives, as the wrong region's endpoint does.
 * - `partial`: none. An answer never names single messages; some lost of a batch look like all taken.
 */
export function showFault(
  state: Context,
  kind: 'rate-limited' | 'server-error' | 'partial' | 'silent',
  request: SimRequest,
): SimReply | undefined {
  const family = familyOf(request.path)
  if (kind === 'partial' || family === 'pixel') return undefined
  if (kind === 'silent') {
    if (family !== 'tracking') return undefined
    state.store.lost += countMessages(request)
    return { status: 200, body: { success: true } }
  }
  if (kind === 'server-error') {
    if (family === 'public') return publicServerError()
    return family === 'profile'
      ? profileError('internal_error', 'Internal server error')
      : { status: 500, headers: { 'content-type': 'text/plain' }, body: 'Internal Server Error' }
  }
  if (family === 'public') return publicRateLimited(faultWaitMs, 1)
  if (family === 'profile')
    return profileError('rate_limit_error', 'Too many requests hit the API too quickly.')
  return trackingRateLimited(faultWaitMs)
}

/** How many messages a tracking request carries; 1 when it is no batch or no JSON. */
export function countMessages(request: SimRequest): number {
  if (request.path !== '/v1/batch') return 1
  try {
    const body = request.json() as { batch?: unknown }
    return Array.isArray(body.batch) ? body.batch.length : 1
  } catch {
    return 1
  }
}
