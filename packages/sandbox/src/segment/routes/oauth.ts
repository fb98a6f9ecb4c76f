import { createVerify } from 'node:crypto'
import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import type { OAuthApplication } from '../account.ts'
import type { Context } from '../context.ts'
import { oauthError } from '../errors.ts'
import { newId } from '../state.ts'
import { isJson, type Json } from '../store-types.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** "Under a minute" [doc]; the vendor's own SDK asks for 60 s and starts 5 s back, so that much is borne. */
const maxAssertionSeconds = 65

/** `POST /token`: an access token for a signed JWT assertion. https://segment.com/docs/connections/oauth/ */
export function oauthRoutes(state: Context): Route[] {
  return [{ method: 'POST', path: '/token', handle: (request) => grant(state, request) }]
}

function grant(state: Context, request: SimRequest): SimReply {
  const { oauth } = state.account
  if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'))
    return oauthError(415, 'invalid_request', 'the body must be form-encoded')
  const form = new URLSearchParams(request.body.toString('utf8'))
  if (form.get('grant_type') !== 'client_credentials')
    return oauthError(400, 'unsupported_grant_type', 'grant_type')
  if (form.get('client_assertion_type') !== assertionType)
    return oauthError(400, 'invalid_request', 'client_assertion_type')
  const scopes = (form.get('scope') ?? '').split(' ').filter(Boolean)
  if (!oauth) return oauthError(401, 'invalid_client', 'unknown application')
  if (scopes.length === 0 || !scopes.every((scope) => oauth.scopes.includes(scope)))
    return oauthError(400, 'invalid_scope', 'scope')
  const problem = assertionProblem(state, oauth, form.get('client_assertion') ?? '')
  if (problem)
    return oauthError(
      problem.status,
      problem.status === 400 ? 'invalid_request' : 'invalid_client',
      problem.because,
    )
  const token = newId(state.store, 'oat_')
  state.store.accessTokens.set(token, { scopes, expiresAtMs: state.clock.now() + oauth.tokenSeconds * 1_000 })
  return {
    status: 200,
    body: {
      access_token: token,
      token_type: 'Bearer',
      expires_in: oauth.tokenSeconds,
      scope: scopes.join(' '),
    },
  }
}

interface AssertionProblem {
  readonly status: 400 | 401
  readonly because: string
}

function assertionProblem(
  state: Context,
  oauth: OAuthApplication,
  assertion: string,
): AssertionProblem | undefined {
  const parts = assertion.split('.')
  const [header, claims] = parts.slice(0, 2).map(decodePart)
  const [head = '', payload = '', signature = ''] = parts
  if (parts.length !== 3 || !header || !claims || signature === '')
    return { status: 400, because: 'client_assertion is no JWT' }
  if (header.alg !== 'RS256' || header.typ !== 'JWT')
    return { status: 400, because: 'alg must be RS256 and typ JWT' }
  if (header.kid !== oauth.keyId) return { status: 401, because: 'unknown kid' }
  if (claims.sub !== oauth.clientId) return { status: 401, because: 'unknown sub' }
  const claimProblem = checkClaims(claims, state.clock.now())
  if (claimProblem) return { status: 400, because: claimProblem }
  if (oauth.publicKeyPem !== undefined && !verifies(oauth.publicKeyPem, `${head}.${payload}`, signature))
    return { status: 401, because: 'the signature does not fit' }
  const jti = String(claims.jti)
  if (state.store.usedAssertions.has(jti)) return { status: 401, because: 'jti was used before' }
  state.store.usedAssertions.add(jti)
  return undefined
}

function checkClaims({ aud, iat, exp, jti }: Json, nowMs: number): string | undefined {
  if (typeof aud !== 'string' || aud === '') return 'aud is missing'
  if (typeof jti !== 'string' || jti === '') return 'jti is missing'
  if (typeof iat !== 'number' || typeof exp !== 'number') return 'iat and exp must be seconds'
  if (exp - iat > maxAssertionSeconds) return 'exp is more than a minute after iat'
  return exp * 1_000 <= nowMs ? 'the assertion has expired' : undefined
}

function verifies(publicKeyPem: string, signed: string, signature: string): boolean {
  return createVerify('RSA-SHA256').update(signed).verify(publicKeyPem, signature, 'base64url')
}

function decodePart(part: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return isJson(value) ? value : undefined
  } catch {
    return undefined
  }
}
