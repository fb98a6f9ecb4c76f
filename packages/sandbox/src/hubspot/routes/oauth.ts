import { randomUUID } from 'node:crypto'
import type { SimReply, SimRequest } from '../../core/index.ts'
import { accessTokenMs } from '../limits.ts'
import type { Portal } from '../portal.ts'
import type { RouteRow } from '../route-row.ts'

/** The token endpoint: form-encoded, no bearer token, only the grant `refresh_token`. */
export function oauthRoutes(portal: Portal): readonly RouteRow[] {
  return [
    {
      resource: 'oauth',
      method: 'POST',
      path: '/token',
      scopes: 'open',
      limit: 'none',
      handle: (request) => grant(portal, request),
    },
  ]
}

/** Bodies as integrators report them. */
const refuse = (status: string, message: string): SimReply => ({
  status: 400,
  body: { status, message, correlationId: randomUUID() },
})

function grant(portal: Portal, request: SimRequest): SimReply {
  const { oauth } = portal.account
  if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'))
    return {
      status: 415,
      body: { status: 'error', message: 'HTTP 415 Unsupported Media Type', correlationId: randomUUID() },
    }
  const form = new URLSearchParams(request.body.toString('utf8'))
  if (form.get('grant_type') !== 'refresh_token')
    return refuse('BAD_GRANT_TYPE', 'missing or unknown grant type')
  if (form.get('client_id') !== oauth.clientId) return refuse('BAD_CLIENT_ID', 'missing or unknown client id')
  if (form.get('client_secret') !== oauth.clientSecret)
    return refuse('BAD_CLIENT_SECRET', 'missing or invalid client secret')
  if (
    form.get('refresh_token') !== oauth.refreshToken ||
    portal.account.revokedTokens.includes(oauth.refreshToken)
  )
    return refuse('BAD_REFRESH_TOKEN', 'missing or invalid refresh token')
  const accessToken = `oauth-access-${randomUUID()}`
  portal.store.oauthExpiry.set(accessToken, portal.clock.now() + accessTokenMs)
  return {
    status: 200,
    body: {
      access_token: accessToken,
      refresh_token: oauth.refreshToken,
      expires_in: accessTokenMs / 1_000,
      token_type: 'bearer',
      token_use: 'access_token',
      hub_id: portal.account.portalId,
      user_id: portal.account.userId,
      scopes: portal.account.scopes,
    },
  }
}
