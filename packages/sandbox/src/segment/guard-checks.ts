import type { RateAnswer, SimReply, SimRequest } from '../core/index.ts'
import { bearerToken, mayReadSpace, publicToken } from './authenticate.ts'
import type { Context } from './context.ts'
import {
  profileError,
  publicFeatureOff,
  publicNotFound,
  publicRateLimited,
  publicUnauthorized,
  trackingErrors,
  trackingRateLimited,
} from './errors.ts'
import { type RateLimiter, rateWindows } from './limits.ts'
import { negotiate } from './media-type.ts'
import { type PublicOperation, publicOperations } from './public-operations.ts'

/** What the headers of a Public API answer say. */
export interface PublicNote {
  readonly mediaType: string
  readonly rate: RateAnswer
  readonly max: number
}

export function checkTracking({ account, clock }: Context, limiter: RateLimiter): SimReply | undefined {
  if (account.trackingRedirect !== undefined)
    return { status: 302, headers: { location: account.trackingRedirect } }
  const rate = limiter.hit('tracking', rateWindows.tracking(account))
  if (!rate.allowed) return trackingRateLimited(rate.resetAtMs - clock.now())
  return account.region === 'wrong-refused' ? trackingErrors.wrongRegion : undefined
}

export function checkProfile(
  state: Context,
  limiter: RateLimiter,
  spaceId: string,
  request: SimRequest,
): SimReply | undefined {
  if (!mayReadSpace(state, request, spaceId))
    return profileError('authentication_error', 'Failure to properly authenticate yourself in the request.')
  const rate = limiter.hit(`profile ${spaceId}`, rateWindows.profile(state.account))
  return rate.allowed
    ? undefined
    : profileError('rate_limit_error', 'Too many requests hit the API too quickly.')
}

/** Token, media type, feature and rate of one Public API operation; `id` is "METHOD /pattern". */
export function checkPublic(
  state: Context,
  limiter: RateLimiter,
  id: string,
  request: SimRequest,
): { readonly refused: SimReply } | PublicNote | undefined {
  const { account, clock } = state
  const token = publicToken(state, request)
  if (!token || (token.access === 'read-only' && request.method !== 'GET'))
    return { refused: publicUnauthorized() }
  const operation = (publicOperations as Readonly<Record<string, PublicOperation>>)[id]
  if (!operation) return undefined
  const mediaType = negotiate(request.headers.accept, operation)
  if (mediaType === undefined) return { refused: publicNotFound() }
  if (operation.feature && !account.features[operation.feature])
    return { refused: publicFeatureOff(account.featureOffStatus) }
  const max = operation.perMinute ?? account.publicPerMinute
  const rate = limiter.hit(`${bearerToken(request)} ${id}`, rateWindows.publicMinute(max))
  if (!rate.allowed) return { refused: publicRateLimited(rate.resetAtMs - clock.now(), max + 1) }
  if (operation.perMonth !== undefined) {
    const space = request.path.split('/')[2] ?? ''
    const month = limiter.hit(`${space} ${id}`, rateWindows.publicMonth(operation.perMonth))
    if (!month.allowed)
      return { refused: publicRateLimited(month.resetAtMs - clock.now(), operation.perMonth + 1) }
  }
  return { mediaType, rate, max }
}
