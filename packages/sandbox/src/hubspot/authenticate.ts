import type { SimReply, SimRequest } from '../core/index.ts'
import type { HubspotAccount } from './account.ts'
import { errorReply } from './errors.ts'

/** Kind of token a call came with. */
export type Caller = 'private-app' | 'service-key' | 'oauth'

/** Who calls, or HubSpot's 401. `oauthExpiry` holds each OAuth access token and when it ends, ms since 1970. */
export function authenticate(
  account: HubspotAccount,
  oauthExpiry: ReadonlyMap<string, number>,
  request: SimRequest,
  nowMs: number,
): { readonly caller: Caller } | { readonly refused: SimReply } {
  const token = /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
  if (token === undefined || account.revokedTokens.includes(token)) return { refused: unauthenticated() }
  if (token === account.accessToken) return { caller: 'private-app' }
  if (token === account.serviceKey) return { caller: 'service-key' }
  const expiresAtMs = oauthExpiry.get(token)
  if (expiresAtMs === undefined) return { refused: unauthenticated() }
  return nowMs < expiresAtMs ? { caller: 'oauth' } : { refused: expired(nowMs - expiresAtMs) }
}

function unauthenticated(): SimReply {
  return errorReply(
    401,
    'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
    { category: 'INVALID_AUTHENTICATION' },
  )
}
const expired = (agoMs: number): SimReply =>
  errorReply(
    401,
    `The OAuth token used to make this call expired ${Math.floor(agoMs / 1_000)} second(s) ago.`,
    {
      category: 'EXPIRED_AUTHENTICATION',
    },
  )
