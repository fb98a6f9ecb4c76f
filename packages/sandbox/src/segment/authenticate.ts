import type { SimRequest } from '../core/index.ts'
import type { PublicApiToken } from './account.ts'
import type { Context } from './context.ts'
import type { Json, Source } from './store-types.ts'

export function bearerToken(request: SimRequest): string | undefined {
  return /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
}
/** The user name of Basic credentials with an empty password. The colon must have been encoded with it. */
export function basicUser(request: SimRequest): string | undefined {
  const encoded = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  return decoded.endsWith(':') ? decoded.slice(0, -1) : ''
}

export function hasScope({ store, clock }: Context, token: string, scope: string): boolean {
  const found = store.accessTokens.get(token)
  return found !== undefined && found.expiresAtMs > clock.now() && found.scopes.includes(scope)
}

/** Whose messages these are: `unknown` is a write key nobody has, `refused` an unusable token. */
export function trackingSource(
  state: Context,
  request: SimRequest,
  body: Json,
): Source | 'unknown' | 'refused' {
  const token = bearerToken(request)
  if (token !== undefined && !hasScope(state, token, 'tracking_api:write')) return 'refused'
  const writeKey = basicUser(request) ?? body.writeKey
  const source = typeof writeKey === 'string' ? state.store.sourceByWriteKey.get(writeKey) : undefined
  if (source?.requiresOAuth && token === undefined) return 'refused'
  return source ?? 'unknown'
}

/** Whether the request may read profiles of this space. A token is good for its own space only. */
export function mayReadSpace({ account }: Context, request: SimRequest, spaceId: string): boolean {
  const token = basicUser(request)
  return (
    token !== undefined &&
    token !== '' &&
    account.spaces.some((space) => space.id === spaceId && space.accessToken === token)
  )
}

/** The workspace token of a Public API request, or the rights of an OAuth token with the Public API scope. */
export function publicToken(state: Context, request: SimRequest): PublicApiToken | undefined {
  const token = bearerToken(request)
  if (token === undefined) return undefined
  if (hasScope(state, token, 'public_api:read_write')) return { token, access: 'full', sourceAdmin: true }
  return state.account.publicApiTokens.find((candidate) => candidate.token === token)
}
