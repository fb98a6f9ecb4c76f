import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Sandbox } from '../core/index.ts'
import {
  type SegmentAccount,
  segmentDefaults,
  type SegmentSeed,
  type SegmentState,
  startSegmentSandbox,
} from './index.ts'

let sandbox: Sandbox<SegmentAccount, SegmentSeed, SegmentState>
beforeEach(async () => {
  sandbox = await startSegmentSandbox()
})
afterEach(() => sandbox.close())

const seconds = (): number => Math.floor(sandbox.clock.now() / 1_000)
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
function assertion(claims: object = {}, header: object = {}): string {
  const head = { alg: 'RS256', typ: 'JWT', kid: segmentDefaults.oauthKeyId, ...header }
  const iat = seconds()
  const body = {
    sub: segmentDefaults.oauthClientId,
    aud: 'https://oauth2.segment.io',
    iat,
    exp: iat + 60,
    jti: String(Math.random()),
    ...claims,
  }
  return `${part(head)}.${part(body)}.c2lnbmF0dXJl`
}
const ask = (clientAssertion: string, more: Record<string, string> = {}): Promise<Response> =>
  fetch(`${sandbox.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: clientAssertion,
      scope: 'public_api:read_write',
      ...more,
    }),
  })

test('a token opens what its scope says, until it expires', async () => {
  const reply = await ask(assertion())
  const { access_token: token, expires_in: life } = (await reply.json()) as {
    access_token: string
    expires_in: number
  }
  expect([reply.status, life]).toEqual([200, 86_400])
  const headers = { authorization: `Bearer ${token}` }
  expect((await fetch(`${sandbox.url}/spaces`, { headers })).status).toBe(200)
  const body = JSON.stringify({ userId: 'u1', writeKey: segmentDefaults.writeKey })
  const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body }
  expect((await fetch(`${sandbox.url}/v1/identify`, init)).status).toBe(401)
  sandbox.clock.advance(86_400_000)
  expect((await fetch(`${sandbox.url}/spaces`, { headers })).status).toBe(401)
})

test.each<readonly [string, number, () => Promise<Response>]>([
  ['no JWT', 400, () => ask('nonsense')],
  ['another algorithm', 400, () => ask(assertion({}, { alg: 'HS256' }))],
  ['an unknown key', 401, () => ask(assertion({}, { kid: 'other' }))],
  ['an unknown application', 401, () => ask(assertion({ sub: 'other' }))],
  ['an expired assertion', 400, () => ask(assertion({ iat: seconds() - 61, exp: seconds() - 1 }))],
  ['one that lives too long', 400, () => ask(assertion({ exp: seconds() + 600 }))],
  ['no jti', 400, () => ask(assertion({ jti: '' }))],
  ['no audience', 400, () => ask(assertion({ aud: '' }))],
  ['a scope the application lacks', 400, () => ask(assertion(), { scope: 'functions:write' })],
  ['another grant', 400, () => ask(assertion(), { grant_type: 'password' })],
  ['another assertion type', 400, () => ask(assertion(), { client_assertion_type: 'x' })],
])('%s is refused', async (_name, status, call) => {
  const reply = await call()
  expect(reply.status).toBe(status)
  expect(await reply.json()).toHaveProperty('error')
})

test('an assertion is good once, and the body must be form-encoded', async () => {
  const once = assertion()
  expect([(await ask(once)).status, (await ask(once)).status]).toEqual([200, 401])
  expect((await fetch(`${sandbox.url}/token`, { method: 'POST', body: '{}' })).status).toBe(415)
})
