import { createPrivateKey, createSign, randomUUID, type KeyObject } from 'node:crypto'
import { TriplineError, type Clock } from '@tripline/model'
import type { SegmentOAuth } from './options.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** "Under a minute"; it starts a little back, for a clock that is ahead. https://segment.com/docs/connections/oauth/ */
const assertionSeconds = 55
const backSeconds = 5
/** A token is renewed so long before it ends. */
const marginMs = 60_000

/** What the token's server answers. */
export interface TokenAnswer {
  readonly access_token?: unknown
  readonly expires_in?: unknown
}
export interface OAuthParts {
  /** The token's server, as the assertion names it. */
  readonly audience: string
  readonly clock: Clock
  readonly privateKey: (expired: boolean) => Promise<string>
  /** Posts a form, which is made anew for each try, because an assertion is good only once. */
  readonly exchange: (form: () => string) => Promise<TokenAnswer>
}

/**
 * Access tokens for a signed assertion (RFC 7523), each kept until a minute before its end or until Segment refuses it.
 * Requests that are refused together share one renewal.
 * @throws {TriplineError} code `auth`: Segment refuses the application, or the private key is no PKCS #8 PEM
 */
export function createOAuth(options: SegmentOAuth, parts: OAuthParts): (expired: boolean) => Promise<string> {
  let held: { readonly token: string; readonly untilMs: number } | undefined
  let asked: Promise<string> | undefined
  const ask = async (): Promise<string> => {
    held = await fetchToken(options, parts)
    return held.token
  }
  return (expired) => {
    if (asked) return asked
    if (held && !expired && parts.clock.now() < held.untilMs) return Promise.resolve(held.token)
    asked = ask().finally(() => {
      asked = undefined
    })
    return asked
  }
}

async function fetchToken(
  options: SegmentOAuth,
  parts: OAuthParts,
): Promise<{ readonly token: string; readonly untilMs: number }> {
  const exchange = async (expired: boolean): Promise<TokenAnswer> => {
    const pem = await parts.privateKey(expired)
    return parts.exchange(() => formOf(options, parts, pem))
  }
  const answer = await exchange(false).catch((error: unknown) => {
    if (TriplineError.is(error) && error.fault.code === 'auth') return exchange(true)
    throw error
  })
  const { access_token: token, expires_in: seconds } = answer
  if (typeof token !== 'string' || token === '')
    throw new TriplineError('segment', { code: 'unavailable', message: 'the OAuth server gave no token' })
  const lifeMs = typeof seconds === 'number' ? seconds * 1_000 : marginMs
  return { token, untilMs: parts.clock.now() + lifeMs - marginMs }
}

function formOf(options: SegmentOAuth, parts: OAuthParts, pem: string): string {
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: assertionType,
    client_assertion: signAssertion(options, parts, pem),
    scope: (options.scopes ?? ['tracking_api:write']).join(' '),
  }).toString()
}

function signAssertion({ clientId, keyId }: SegmentOAuth, parts: OAuthParts, pem: string): string {
  const iat = Math.floor(parts.clock.now() / 1_000) - backSeconds
  const header = { alg: 'RS256', typ: 'JWT', kid: keyId }
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: parts.audience,
    iat,
    exp: iat + assertionSeconds,
    jti: randomUUID(),
  }
  const content = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${content}.${createSign('RSA-SHA256').update(content).sign(readKey(pem), 'base64url')}`
}

/** In an environment variable the line breaks of a PEM are often written as `\n`. */
function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem.replaceAll('\\n', '\n'))
  } catch {
    throw new TriplineError('segment', {
      code: 'auth',
      message: 'the private key of the OAuth application is no PKCS #8 PEM',
    })
  }
}
