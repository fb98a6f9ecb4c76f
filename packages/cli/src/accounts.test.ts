import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { callCli, createWorkspace, parseRows, type Workspace } from '../fixtures/command-line.ts'
import { startFiveSandboxes, type FiveSandboxes } from '../fixtures/five-sandboxes.ts'
import { vendors } from './config/vendors.ts'

let five: FiveSandboxes
let workspace: Workspace
const call = (argv: readonly string[]) => callCli(workspace.folder, argv, { host: five.host })

const fields = [
  { of: 'user', name: 'plan', type: 'string' },
  { of: 'user', name: 'lifetimeValue', type: 'number' },
  { of: 'user', name: 'signedUpAt', type: 'instant' },
  { of: 'group', name: 'seats', type: 'integer' },
  { of: 'event', event: 'Order Completed', name: 'total', type: 'number' },
] as const

beforeAll(async () => {
  five = await startFiveSandboxes()
  for (const [name, value] of Object.entries(five.environment)) vi.stubEnv(name, value)
  const config = five.config.replace('fields: [', `fields: [...${JSON.stringify(fields)},`)
  // The template's own plan is declared already.
  workspace = createWorkspace({
    'tripline.config.ts': config.replace("    { of: 'user', name: 'plan', type: 'string' },\n", ''),
  })
})
afterAll(async () => {
  vi.unstubAllEnvs()
  workspace.remove()
  await five.close()
})

describe('fields', () => {
  interface Result {
    readonly fields: readonly Readonly<
      Record<'vendor' | 'state' | 'did', string> & { field: { name: string } }
    >[]
  }
  const states = (stdout: string) =>
    (JSON.parse(stdout) as Result).fields.map(
      (each) => `${each.vendor} ${each.field.name} ${each.state ?? each.did}`,
    )

  test('plan names what is missing and ends with 2; apply makes it; then there is nothing to apply', async () => {
    const before = await call(['fields', 'plan', '--json'])
    expect(before.code).toBe(2)
    const missing = states(before.stdout).filter((state) => state.endsWith(' create'))
    expect(missing).toEqual(
      expect.arrayContaining([
        'hubspot plan create',
        'hubspot total create',
        'intercom lifetimeValue create',
      ]),
    )
    const applied = await call(['fields', 'apply', '--json'])
    expect(states(applied.stdout).filter((state) => state.endsWith(' created'))).toEqual(
      missing.map((state) => `${state}d`),
    )
    const after = await call(['fields', 'plan'])
    expect(after.code, after.stdout).toBe(0)
    expect(after.stdout).toContain('nothing to apply')
  })

  test('a type that cannot hold ours is a difference that no apply mends', async () => {
    const wrong = workspace
      .read('tripline.config.ts')
      .replace('"name":"plan","type":"string"', '"name":"lifetimeValue2","type":"string"')
    workspace.write(
      'wrong.ts',
      wrong.replace('"name":"lifetimeValue","type":"number"', '"name":"lifetimeValue","type":"boolean"'),
    )
    const { code, stdout } = await call(['fields', 'plan', '--config', 'wrong.ts', '--only', 'intercom'])
    expect(code).toBe(2)
    expect(stdout).toMatch(/user\.lifetimeValue +boolean +intercom +differs/)
  })

  test('what a route withholds is not wanted', async () => {
    const routed = workspace
      .read('tripline.config.ts')
      .replace('routes: {}', "routes: { hubspot: { items: ['event'] } }")
    workspace.write('routed.ts', routed)
    const { stdout } = await call(['fields', 'plan', '--config', 'routed.ts', '--only', 'hubspot', '--json'])
    expect(states(stdout)).toEqual(['hubspot total exists'])
  })
})

describe('doctor', () => {
  test('shows all accounts side by side', async () => {
    const { code, stdout } = await call(['doctor'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^ +segment +mixpanel +hubspot +braze +intercom\nstate +ready +ready +ready +ready +ready\n/,
    )
    expect(stdout).toMatch(/^read\.since +no +no/m)
    expect(stdout).toMatch(/^track\.rate +braze +3,000 in 3 s$/m)
  })

  test.each([
    ['mixpanel', 'MIXPANEL_SERVICE_ACCOUNT_SECRET'],
    ['hubspot', 'HUBSPOT_ACCESS_TOKEN'],
    ['braze', 'BRAZE_API_KEY'],
    ['intercom', 'INTERCOM_ACCESS_TOKEN'],
    ['segment', 'SEGMENT_PROFILE_TOKEN'],
  ])('a wrong credential of %s is an error with advice, and is not repeated', async (vendor, name) => {
    vi.stubEnv(name, 'a-wrong-credential')
    const { code, stdout, stderr } = await call(['doctor', '--only', vendor])
    vi.stubEnv(name, five.environment[name])
    expect(code, stdout).toBe(1)
    expect(stdout).toMatch(/^state +refused$/m)
    expect(stdout).toContain('[auth]')
    expect(stdout + stderr).not.toContain('a-wrong-credential')
  })

  test('a missing credential names the variable', async () => {
    vi.stubEnv('BRAZE_API_KEY', undefined)
    const { code, stdout } = await call(['doctor', '--only', 'braze'])
    vi.stubEnv('BRAZE_API_KEY', five.environment['BRAZE_API_KEY'])
    expect(code).toBe(1)
    expect(stdout).toContain('BRAZE_API_KEY')
  })

  test('--json has accounts, abilities, limits and faults', async () => {
    const { stdout } = await call(['doctor', '--json', '--only', 'intercom'])
    const { accounts } = JSON.parse(stdout) as { accounts: readonly unknown[] }
    expect(accounts).toMatchObject([
      { vendor: 'intercom', state: 'ready', abilities: { event: { support: 'native' } }, faults: [] },
    ])
  })
})

describe('send and profiles read', () => {
  beforeEach(() => {
    const people = Array.from({ length: 12 }, (_, index) => ({
      type: 'identify',
      messageId: `i${index}`,
      timestamp: '2026-11-01T10:00:00.000Z',
      userId: `u${index}`,
      traits: { email: `u${index}@example.com`, plan: 'pro', lifetimeValue: index },
    }))
    workspace.write('people.ndjson', people.map((each) => JSON.stringify(each)).join('\n'))
  })

  test('what is given to five vendors is accounted for at each, and can be read back', async () => {
    const { code, stdout } = await call(['send', '--events', 'people.ndjson', '--json'])
    expect(code, stdout).toBe(0)
    const summary = JSON.parse(stdout) as { vendors: Record<string, Record<string, number>> }
    for (const vendor of vendors)
      expect(summary.vendors[vendor]).toMatchObject({ given: 12, sent: 12, dead: 0 })
    five.clock.advance(3_600_000)
    for (const vendor of vendors) {
      const argv = [
        'profiles',
        'read',
        '--from',
        vendor,
        '--ids',
        'u3,u11,nobody',
        '--fields',
        'plan,lifetimeValue',
      ]
      const rows = parseRows((await call(argv)).stdout)
      expect(rows, vendor).toMatchObject([
        { kind: 'profile', who: { userId: 'u3' }, traits: { plan: 'pro', lifetimeValue: 3 } },
        { kind: 'profile', who: { userId: 'u11' }, traits: { plan: 'pro', lifetimeValue: 11 } },
        { kind: 'missing', who: { userId: 'nobody' } },
      ])
    }
  })

  test.each(['mixpanel', 'hubspot', 'intercom'])('everybody at %s', async (vendor) => {
    const { code, stdout, stderr } = await call([
      'profiles',
      'read',
      '--from',
      vendor,
      '--all',
      '--fields',
      'plan',
    ])
    expect(code).toBe(0)
    const rows = parseRows(stdout) as readonly { readonly who: { readonly userId: string } }[]
    expect(new Set(rows.map(({ who }) => who.userId)).size).toBe(12)
    expect(stderr).toContain(`12 profiles read from ${vendor}`)
  })

  test('a read since a moment keeps its place in the cursor file, and goes on from there', async () => {
    const argv = ['profiles', 'read', '--from', 'hubspot', '--cursor', 'hubspot.cursor', '--fields', 'plan']
    const since = [...argv, '--since', '2000-01-01T00:00:00Z']
    const ids = async () => {
      const rows = parseRows((await call(since)).stdout) as readonly {
        readonly who: { readonly userId: string }
      }[]
      return rows.map(({ who }) => who.userId)
    }
    const change = async (people: number) => {
      await call(['send', '--events', 'people.ndjson', '--only', 'hubspot', '--limit', String(people)])
      five.clock.advance(3_600_000)
    }
    await change(2)
    expect(new Set(await ids()).size).toBe(12)
    expect(JSON.parse(workspace.read('hubspot.cursor'))).toMatchObject({ vendor: 'hubspot' })
    await change(1)
    const again = await ids()
    expect(again).toContain('u0')
    expect(again).not.toContain('u5')
  })

  test.each([
    [['--from', 'braze'], 'say one of --ids'],
    [['--from', 'braze', '--ids', 'a', '--all'], 'say one of --ids'],
    [['--from', 'braze', '--since', 'yesterday'], '--since yesterday'],
    [['--from', 'segment', '--all'], 'segment'],
    [
      ['--from', 'intercom', '--all', '--cursor', 'hubspot.cursor'],
      'holds a cursor of hubspot, not of intercom',
    ],
  ])('%j is an error', async (argv, message) => {
    const { code, stderr } = await call(['profiles', 'read', ...argv])
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })
})
