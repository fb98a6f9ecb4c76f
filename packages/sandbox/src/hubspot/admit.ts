import type { SimReply, SimRequest } from '../core/index.ts'
import { authenticate } from './authenticate.ts'
import { errorReply, missingScopes } from './errors.ts'
import { reachesTier } from './limits.ts'
import { sunsetOf } from './paths.ts'
import type { Portal } from './portal.ts'
import type { RateLimiter } from './rate-limiter.ts'
import type { RouteRow } from './route-row.ts'

/** Migration, sunset, token, rate, scope, tier: in this order. */
export function admit(
  portal: Portal,
  row: RouteRow,
  request: SimRequest,
  limiter: RateLimiter,
  keep: (headers: Readonly<Record<string, string>>) => void,
): SimReply | undefined {
  const { account, clock } = portal
  const now = clock.now()
  if (now < account.migratingUntilMs) {
    const seconds = String(Math.ceil((account.migratingUntilMs - now) / 1_000))
    return { ...errorReply(477, 'This account is being migrated'), headers: { 'Retry-After': seconds } }
  }
  const sunsetAtMs = sunsetOf(request.path)
  if (account.sunset && sunsetAtMs !== undefined && now >= sunsetAtMs)
    return errorReply(404, 'resource not found')
  if (row.scopes === 'open') return undefined
  const identity = authenticate(account, portal.store.oauthExpiry, request, now)
  if ('refused' in identity) return identity.refused
  const rate = limiter.take(row.limit ?? 'ten-secondly', identity.caller)
  keep(rate.headers)
  if (rate.refused) return rate.refused
  const scopes = typeof row.scopes === 'function' ? row.scopes(request.params) : row.scopes
  if (scopes.length > 0 && !scopes.some((scope) => account.scopes.includes(scope)))
    return missingScopes(scopes)
  if (row.tier !== undefined && !reachesTier(account, row.tier))
    return errorReply(
      403,
      `This account does not have access to this feature: it needs the tier ${row.tier}`,
      { category: 'FORBIDDEN' },
    )
  return undefined
}
