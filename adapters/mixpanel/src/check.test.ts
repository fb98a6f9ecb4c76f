import { describe, expect, onTestFinished, test } from 'vitest'
import { connect, type Connected } from '../fixtures/sandbox-account.ts'

const project = async (...given: Parameters<typeof connect>): Promise<Connected> => {
  const connected = await connect(...given)
  onTestFinished(() => connected.sandbox.close())
  return connected
}
const service = (role: 'admin' | 'analyst') => ({
  serviceAccounts: [
    { username: 'sandbox.1a2b3c.mp-service-account', secret: 'SandboxServiceAccountSecret01', role },
  ],
})

test('says who the account is and what it may do, and stores nothing', async () => {
  const mixpanel = await project({}, { groupKeys: ['company'] })
  const report = await mixpanel.connector.check()
  expect(report).toMatchObject({
    account: { id: '3141592', name: 'Sandbox', region: 'us', timeZone: 'UTC' },
    faults: [],
    abilities: {
      event: { support: 'native', confidence: 'inferred' },
      profile: { confidence: 'inferred' },
      group: { confidence: 'inferred' },
      schema: { confidence: 'verified' },
      'segments.list': { confidence: 'verified' },
      'read.all': { confidence: 'inferred' },
      'read.since': { support: 'unsupported', confidence: 'assumed' },
    },
  })
  expect(mixpanel.sandbox.inspect()).toMatchObject({ events: [], profiles: [] })
})
describe('finds', () => {
  test('a wrong secret', async () => {
    const mixpanel = await project({}, { serviceAccountSecret: 'wrong' })
    const { faults } = await mixpanel.connector.check()
    expect(faults).toMatchObject([{ code: 'auth', status: 401 }])
    expect(mixpanel.routes()).toEqual(['GET /api/app/me 401', 'GET /api/app/me 401'])
  })
  test('a wrong token, which nothing else would tell', async () => {
    const mixpanel = await project({}, { projectToken: 'f'.repeat(32) })
    const { faults, abilities } = await mixpanel.connector.check()
    expect(faults).toMatchObject([{ code: 'auth', path: 'projectToken' }])
    expect(abilities.profile).toMatchObject({ support: 'unsupported', confidence: 'verified' })
  })
  test('a project that the account does not see', async () => {
    const mixpanel = await project({}, { projectId: '7' })
    expect((await mixpanel.connector.check()).faults[0]).toMatchObject({
      code: 'forbidden',
      path: 'projectId',
    })
  })
  test('another region', async () => {
    const mixpanel = await project({ region: 'eu', hostRegion: 'eu' })
    const { faults } = await mixpanel.connector.check()
    expect(faults).toMatchObject([
      { code: 'invalid', path: 'region', message: expect.stringContaining('"eu"') as string },
    ])
  })
  test('a role that may not import', async () => {
    const mixpanel = await project(service('analyst'))
    const { abilities, faults } = await mixpanel.connector.check()
    expect(abilities.event).toMatchObject({ support: 'unsupported', confidence: 'verified' })
    expect(abilities.profile.support).toBe('native')
    expect(faults).toMatchObject([{ code: 'forbidden' }])
  })
  test('a plan without queries, and a missing group key', async () => {
    const mixpanel = await project({ plan: 'free' }, { groupKeys: ['company', 'team'] })
    const { abilities, faults } = await mixpanel.connector.check()
    for (const ability of ['read.all', 'read.ids', 'segments.list', 'members.all', 'members.ids'] as const)
      expect(abilities[ability].support).toBe('unsupported')
    expect(faults).toMatchObject([
      { code: 'forbidden', status: 402 },
      { code: 'not-found', message: expect.stringContaining('"team"') as string },
    ])
  })
})
test('a dry run asks nobody', async () => {
  const mixpanel = await project({}, { groupKeys: ['company'] })
  expect((await mixpanel.connector.check({ dryRun: true })).faults).toEqual([])
  expect(mixpanel.routes()).toEqual([])
})
