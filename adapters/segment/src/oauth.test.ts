import { generateKeyPairSync } from 'node:crypto'
import { segmentDefaults, startSegmentSandbox } from '@tripline/sandbox/segment'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  collect,
  connect,
  createItems,
  statuses,
  type Items,
  type Sandbox,
} from '../fixtures/open-sandbox.ts'
import { createSegment } from './index.ts'

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
const { privateKey, publicKey } = pair()
const application = {
  clientId: segmentDefaults.oauthClientId,
  keyId: segmentDefaults.oauthKeyId,
  publicKeyPem: publicKey,
  scopes: ['tracking_api:write', 'public_api:read_write'],
  tokenSeconds: 3_600,
}
const oauth = { clientId: application.clientId, keyId: application.keyId, privateKey }
let sandbox: Sandbox
let make: Items
beforeEach(async () => {
  sandbox = await startSegmentSandbox({ account: { oauth: application } })
  const [source] = sandbox.inspect().sources
  if (source) sandbox.seed({ sources: [{ ...source, requiresOAuth: true }] })
  make = createItems(sandbox.clock)
})
afterEach(() => sandbox.close())
const tokens = (): number => sandbox.requests().filter(({ path }) => path === '/token').length

test('a source that wants OAuth takes nothing with the bare key, and everything with a token', async () => {
  sandbox.configure({ unknownWriteKey: 'refused' })
  const bare = await connect(sandbox).deliver([make.event('u1', 'A')])
  expect(bare.halt?.fault.message).toContain('OAuth')
  const segment = connect(sandbox, { oauth })
  expect(statuses(await segment.deliver([make.event('u1', 'A')]))).toEqual(['sent'])
  expect(statuses(await segment.deliver([make.event('u1', 'B')]))).toEqual(['sent'])
  expect(sandbox.inspect().messages).toHaveLength(2)
  expect(tokens()).toBe(1)
})

test('requests that leave together share one token; it is renewed before its end and after a refusal', async () => {
  const segment = connect(sandbox, { oauth })
  const items = Array.from({ length: 10_000 }, (_, index) => make.event(`u${index}`, 'E'))
  expect(new Set(statuses(await segment.deliver(items)))).toEqual(new Set(['sent']))
  expect(tokens()).toBe(1)
  sandbox.clock.advance(3_541_000)
  await segment.deliver([make.event('u1', 'late')])
  expect(tokens()).toBe(2)
  sandbox.reset()
  sandbox.configure({ unknownWriteKey: 'refused' })
  expect(statuses(await segment.deliver([make.event('u1', 'forgotten token')]))).toEqual(['sent'])
  expect(sandbox.inspect().messages).toHaveLength(1)
})

test('the key of another application halts with advice; it is asked for once more', async () => {
  const other = pair().privateKey
  const asked: boolean[] = []
  const wrong = { ...oauth, privateKey: (expired: boolean) => (asked.push(expired), other) }
  const report = await connect(sandbox, { oauth: wrong }).deliver([make.event('u1', 'A')])
  expect(report.halt).toMatchObject({ what: 'connector', fault: { code: 'auth' } })
  expect(report.halt?.fault.message).toContain('the private key')
  expect(report.halt?.fault.body).toBe('')
  expect(asked).toEqual([false, true])
  expect(statuses(report)).toEqual(['retry'])
})

test('a key that is no PEM is told as such, and never shown', async () => {
  const report = await connect(sandbox, { oauth: { ...oauth, privateKey: 'no pem' } }).deliver([
    make.event('u1', 'A'),
  ])
  expect(report.halt?.fault.message).toBe('the private key of the OAuth application is no PKCS #8 PEM')
  expect(tokens()).toBe(0)
})

test('line breaks of a key may be written as \\n', async () => {
  const oneLine = { ...oauth, privateKey: privateKey.replaceAll('\n', '\\n') }
  expect(statuses(await connect(sandbox, { oauth: oneLine }).deliver([make.event('u1', 'A')]))).toEqual([
    'sent',
  ])
})

test('a lost token answer is tried again with a new assertion, because one is good only once', async () => {
  sandbox.chaos({ script: [{ kind: 'reset-after', on: '/token' }] })
  expect(statuses(await connect(sandbox, { oauth }).deliver([make.event('u1', 'A')]))).toEqual(['sent'])
  expect(tokens()).toBe(2)
})

test('the Public API goes by the same application where its scope says so', async () => {
  const scopes = ['tracking_api:write', 'public_api:read_write'] as const
  const segment = connect(sandbox, { oauth: { ...oauth, scopes }, publicApiToken: 'unused' })
  expect(await collect(segment.segments.list())).toHaveLength(2)
  const configurationOnly = connect(sandbox, {
    oauth: { ...oauth, scopes: ['public_api:read_write'] },
    publicApiToken: 'unused',
  })
  expect(await collect(configurationOnly.segments.list())).toHaveLength(2)
  const refused = connect(sandbox, { oauth: { ...oauth, scopes: ['functions:write'] as never } })
  const report = await refused.deliver([make.event('u1', 'A')])
  expect(sandbox.inspect().messages).toEqual([])
  expect(statuses(report)).toHaveLength(1)
})

test('a dry run shows neither key nor token, also after a real call', async () => {
  const shown: string[] = []
  const host = { ...sandbox.host, onPlanned: (request: object) => void shown.push(JSON.stringify(request)) }
  const { writeKey } = segmentDefaults
  const segment = createSegment({ baseUrl: sandbox.url, writeKey, oauth }, host)
  expect(statuses(await segment.deliver([make.event('u1', 'A')]))).toEqual(['sent'])
  expect(statuses(await segment.deliver([make.event('u1', 'B')], { dryRun: true }))).toEqual(['planned'])
  expect(shown).toEqual([expect.stringContaining('{write key}')])
  expect(shown[0]).not.toMatch(/sandbox-write-key|Bearer/)
})
