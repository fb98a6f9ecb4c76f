import { generateKeyPairSync } from 'node:crypto'
import { segmentDefaults, startSegmentSandbox } from '@tripline/sandbox/segment'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connect, type Sandbox } from '../fixtures/open-sandbox.ts'
import { createSegment } from './index.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSegmentSandbox()
})
afterEach(() => sandbox.close())

const features = { audiences: true, spaces: true, protocols: true }

test('what is proved, what is assumed, and whose account it is; nothing is stored', async () => {
  const report = await connect(sandbox, { region: 'eu' }).check()
  expect(report).toMatchObject({ account: { id: 'ws_sandbox', name: 'Sandbox', region: 'eu' }, faults: [] })
  const { abilities } = report
  expect(abilities['read.ids']).toMatchObject({ support: 'native', confidence: 'verified' })
  expect(abilities['segments.list'].confidence).toBe('verified')
  expect(abilities.schema.confidence).toBe('verified')
  // Segment answers 200 to any write key
  expect(abilities.event).toMatchObject({ support: 'native', confidence: 'assumed' })
  expect(abilities.start.confidence).toBe('assumed')
  expect(abilities['read.all']).toMatchObject({ support: 'unsupported', confidence: 'verified' })
  expect(Math.abs(report.clockSkewMs ?? Infinity)).toBeLessThan(60_000)
  const { messages, rejected, audiences } = sandbox.inspect()
  expect([messages, rejected, audiences]).toEqual([[], [], []])
})

test('wrong tokens are faults with advice, and take only their own abilities', async () => {
  const profile = await connect(sandbox, { profileToken: 'wrong' }).check()
  expect(profile.faults).toMatchObject([
    { code: 'auth', message: expect.stringContaining('Profile API token') as string },
  ])
  expect(profile.abilities['members.ids'].support).toBe('unsupported')
  expect(profile.abilities['segments.list'].support).toBe('native')
  const configuration = await connect(sandbox, { publicApiToken: 'wrong' }).check()
  expect(configuration.faults).toMatchObject([
    { code: 'auth', message: expect.stringContaining('region') as string },
  ])
  expect(configuration.abilities['segments.list'].support).toBe('unsupported')
  expect(configuration.abilities['read.ids'].support).toBe('native')
  expect(configuration.account?.region).toBeUndefined()
})

test.each([401, 404, 422] as const)(
  'a workspace without audiences (%i) is no fault',
  async (featureOffStatus) => {
    sandbox.configure({ features: { ...features, audiences: false }, featureOffStatus })
    const { abilities, faults } = await connect(sandbox).check()
    expect(faults).toEqual([])
    expect(abilities['segments.ensure']).toMatchObject({ support: 'manual', confidence: 'verified' })
    expect(abilities['segments.list'].support).toBe('unsupported')
  },
)

test('without a space nothing of it is asked, and the option is named', async () => {
  const { writeKey, publicApiToken } = segmentDefaults
  const segment = createSegment({ baseUrl: sandbox.url, writeKey, publicApiToken }, sandbox.host)
  const { abilities } = await segment.check()
  expect(abilities['read.ids']).toMatchObject({
    support: 'unsupported',
    because: expect.stringContaining('spaceId') as string,
  })
  expect(sandbox.requests()).toHaveLength(1)
})

test('an OAuth application is tried, because a token costs nothing', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const oauth = { clientId: segmentDefaults.oauthClientId, keyId: segmentDefaults.oauthKeyId, privateKey }
  const good = await connect(sandbox, { oauth }).check()
  expect(good.abilities.event.confidence).toBe('inferred')
  const bad = await connect(sandbox, { oauth: { ...oauth, clientId: 'other' } }).check()
  expect(bad.abilities.event.support).toBe('unsupported')
  expect(bad.faults).toMatchObject([{ code: 'auth', message: expect.stringContaining('clientId') as string }])
})

test('an unreachable account is faults, not a throw', async () => {
  const segment = createSegment(
    {
      baseUrl: 'http://127.0.0.1:9',
      writeKey: 'w',
      profileToken: 'p',
      publicApiToken: 't',
      spaceId: 's',
      maxAttempts: 1,
    },
    sandbox.host,
  )
  const { faults, abilities } = await segment.check()
  expect(faults).toMatchObject([{ code: 'unavailable' }])
  expect(abilities['read.ids'].confidence).toBe('assumed')
})
