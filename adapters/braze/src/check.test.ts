import type { Ability } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { openBraze } from '../fixtures/open-sandbox.ts'

const key = 'narrow-key'
const permissions = [
  'users.track',
  'users.identify',
  'users.export.ids',
  'users.export.segment',
  'segments.list',
  'custom_attributes.get',
  'canvas.trigger.send',
  'campaigns.trigger.send',
]
const openWith = (granted: readonly string[]) =>
  openBraze({ apiKey: key }, { account: { apiKeys: [{ key, permissions: granted }] } })

test('a key with every permission: no faults, reads are verified, writes inferred, and nothing is stored', async () => {
  const { braze, sandbox } = await openWith(permissions)
  const before = sandbox.inspect()
  const report = await braze.check()
  expect(report.faults).toEqual([])
  expect(report.abilities).toMatchObject({
    event: { support: 'native', confidence: 'inferred' },
    profile: { confidence: 'inferred' },
    link: { confidence: 'inferred' },
    'read.ids': { confidence: 'inferred' },
    'read.all': { confidence: 'inferred' },
    start: { confidence: 'inferred' },
    schema: { confidence: 'verified' },
    'segments.list': { confidence: 'verified' },
    'read.since': { support: 'unsupported', confidence: 'assumed' },
    'segments.ensure': { support: 'manual' },
  })
  expect(sandbox.inspect()).toEqual(before)
})

describe('one permission missing', () => {
  test.each([
    ['users.track', ['event', 'profile', 'group', 'membership', 'consent']],
    ['users.identify', ['link']],
    ['users.export.ids', ['read.ids', 'members.ids']],
    ['users.export.segment', ['read.all', 'members.all']],
    ['segments.list', ['segments.list']],
    ['custom_attributes.get', ['schema']],
    // The other of the two still starts something.
    ['canvas.trigger.send', []],
    ['campaigns.trigger.send', []],
  ] satisfies readonly (readonly [string, readonly Ability[]])[])('%s', async (missing, lost) => {
    const { braze } = await openWith(permissions.filter((name) => name !== missing))
    const { abilities, faults } = await braze.check()
    const unable = Object.entries(abilities).filter(
      ([, { because, support }]) => support === 'unsupported' && because === 'the key lacks the permission',
    )
    expect(new Set(unable.map(([ability]) => ability))).toEqual(new Set<string>(lost))
    for (const [, { confidence }] of unable) expect(confidence).toBe('verified')
    expect(faults).toMatchObject([{ code: 'forbidden', status: 403 }])
    expect(faults[0]?.message).toContain(missing)
  })

  test('neither Canvas nor campaign: nothing can be started', async () => {
    const { braze } = await openWith(permissions.filter((name) => !name.endsWith('trigger.send')))
    const { abilities, faults } = await braze.check()
    expect(abilities.start).toMatchObject({ support: 'unsupported', confidence: 'verified' })
    expect(faults).toHaveLength(2)
  })
})

describe('finds', () => {
  test('a wrong key, with one fault and no more questions', async () => {
    const { braze, routes } = await openBraze({ apiKey: 'wrong' })
    const { faults, abilities } = await braze.check()
    expect(faults).toMatchObject([{ code: 'auth', status: 401 }])
    expect(abilities.event.confidence).toBe('assumed')
    expect(new Set(routes())).toEqual(new Set(['GET /segments/list 401']))
  })

  test('another cluster: there the same key is unknown, and the fault says so', async () => {
    const home = await openWith(permissions)
    const other = await openBraze({ apiKey: 'key-of-somebody-else' })
    expect((await home.braze.check()).faults).toEqual([])
    const { faults } = await home.connect({ baseUrl: other.sandbox.url, apiKey: key }).check()
    expect(faults[0]?.message).toContain('another cluster than baseUrl')
  })

  test('a base URL that is not the API: nothing is taken for granted', async () => {
    const { sandbox, connect } = await openWith(permissions)
    const { faults, abilities } = await connect({ baseUrl: `${sandbox.url}/dashboard` }).check()
    expect(faults[0]).toMatchObject({ code: 'not-found', status: 404 })
    expect(abilities.event.confidence).toBe('assumed')
  })

  test('a host that does not answer', async () => {
    const { sandbox, connect } = await openWith(permissions)
    sandbox.chaos({ rate: 1, kinds: ['server-error'] })
    const { faults, abilities } = await connect({ maxAttempts: 2 }).check()
    expect(faults.every(({ code }) => code === 'unavailable')).toBe(true)
    expect(faults.length).toBeGreaterThan(0)
    expect(abilities['segments.list'].confidence).toBe('assumed')
  })

  test.each([
    ['ahead', 5 * 60_000],
    ['behind', -5 * 60_000],
  ])('a clock that is %s', async (_name, skewMs) => {
    const { sandbox, connect } = await openWith(permissions)
    const clock = { ...sandbox.clock, now: () => sandbox.clock.now() - skewMs }
    const dated: typeof globalThis.fetch = async (input, init) => {
      const answer = await sandbox.host.fetch(input, init)
      const headers = new Headers(answer.headers)
      headers.set('date', new Date(sandbox.clock.now()).toUTCString())
      return new Response(await answer.text(), { status: answer.status, headers })
    }
    const { clockSkewMs = 0 } = await connect({}, { clock, fetch: dated }).check()
    expect(Math.abs(clockSkewMs - skewMs)).toBeLessThanOrEqual(1_000)
  })
})

test('a dry run asks nobody, and is sure of nothing', async () => {
  const { braze, planned, routes } = await openWith(permissions)
  const { abilities, faults } = await braze.check({ dryRun: true })
  expect(faults).toEqual([])
  expect(routes()).toEqual([])
  expect(planned.length).toBeGreaterThan(0)
  expect(Object.values(abilities).every(({ confidence }) => confidence === 'assumed')).toBe(true)
})
