import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { callCli, createWorkspace, parseRows, type Workspace } from '../../fixtures/command-line.ts'
import { startFiveSandboxes, type FiveSandboxes } from '../../fixtures/five-sandboxes.ts'

let five: FiveSandboxes
let workspace: Workspace
const people = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5']

beforeAll(async () => {
  five = await startFiveSandboxes()
  for (const [name, value] of Object.entries(five.environment)) vi.stubEnv(name, value)
  const config = five.config.replace('fields: [', "fields: [{ of: 'user', name: 'vip', type: 'boolean' },")
  workspace = createWorkspace({ 'tripline.config.ts': config, 'people.txt': `${people.join('\n')}\n` })
  await call(['fields', 'apply'])
  await makeVip(['u0', 'u1', 'u2', 'u3'])
})
afterAll(async () => {
  vi.unstubAllEnvs()
  workspace.remove()
  await five.close()
})
afterEach(() => settle())

const call = (argv: readonly string[]) => callCli(workspace.folder, argv, { host: five.host })
/** Longer than any vendor's index lags. */
const settle = () => five.clock.advance(3_600_000)

async function makeVip(members: readonly string[]): Promise<void> {
  const at = new Date(five.clock.now()).toISOString()
  const messages = people.map((userId) => ({
    type: 'identify',
    messageId: `${at} ${userId}`,
    timestamp: at,
    userId,
    traits: { email: `${userId}@example.com`, vip: members.includes(userId) },
  }))
  workspace.write('people.ndjson', messages.map((each) => JSON.stringify(each)).join('\n'))
  const { code, stdout } = await call(['send', '--events', 'people.ndjson'])
  expect(code, stdout).toBe(0)
  settle()
}
const fromBraze = ['--from', 'braze', '--segment', 'vip', '--form', 'attribute', '--among', 'people.txt']

describe('segments copy', () => {
  const again = (to: string) => ['segments', 'copy', ...fromBraze, '--to', to, '--name', 'VIP', '--dry-run']
  const targets = ['hubspot', 'intercom', 'mixpanel', 'segment'] as const

  test.each(targets)('a dry run to %s changes nothing, and says who would enter', async (to) => {
    const { code, stdout } = await call(again(to))
    expect(code, stdout).toBe(2)
    expect(stdout).toContain('4 enter, 0 leave')
    expect(stdout).toContain('4 planned')
  })

  test.each(targets)('to %s, then nothing is left to do', async (to) => {
    const argv = ['segments', 'copy', ...fromBraze, '--to', to, '--name', 'VIP']
    const first = await call(argv)
    expect(first.code, first.stderr + first.stdout).toBe(0)
    expect(first.stdout).toContain('4 enter, 0 leave, 0 stay\n4 written')
    settle()
    const second = await call(argv)
    expect(second.code, second.stdout).toBe(0)
    expect(second.stdout).toContain('0 enter, 0 leave, 4 stay')
    const dry = await call(again(to))
    expect(dry.code, dry.stdout).toBe(0)
    expect(dry.stdout).toContain('0 enter, 0 leave, 4 stay')
  })

  test.each(targets)('who left is taken out of %s', async (to) => {
    if (to === targets[0]) await makeVip(['u0', 'u1', 'u2', 'u5'])
    const argv = ['segments', 'copy', ...fromBraze, '--to', to, '--name', 'VIP', '--json']
    const { code, stdout } = await call(argv)
    expect(code, stdout).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      entering: [{ userId: 'u5' }],
      leaving: [{ userId: 'u3' }],
      both: 3,
      sent: 2,
      failed: [],
    })
  })
})

describe('segments list', () => {
  test('shows what was made, in each vendor’s writable form', async () => {
    const { code, stdout } = await call(['segments', 'list', '--json'])
    expect(code).toBe(0)
    const { segments } = JSON.parse(stdout) as { segments: readonly Record<string, unknown>[] }
    const made = segments
      .filter(({ name }) => name === 'VIP' || name === 'seg:VIP')
      .map(({ vendor, form }) => `${String(vendor)} ${String(form)}`)
    expect(made).toEqual(expect.arrayContaining(['hubspot list', 'intercom tag']))
  })

  test('as a table, of one vendor', async () => {
    const { stdout } = await call(['segments', 'list', '--from', 'hubspot'])
    expect(stdout).toMatch(/^vendor +form +id +name +size +writable\nhubspot +list +\d+ +VIP/)
  })
})

describe('segments members', () => {
  test('all of a list, by name', async () => {
    const { code, stdout } = await call(['segments', 'members', '--from', 'hubspot', '--segment', 'VIP'])
    expect(code).toBe(0)
    const rows = parseRows(stdout) as readonly {
      readonly who: { readonly userId: string }
      readonly member: boolean
    }[]
    expect(rows.map(({ who, member }) => `${who.userId} ${member}`).toSorted()).toEqual([
      'u0 true',
      'u1 true',
      'u2 true',
      'u5 true',
    ])
  })

  test('given people of an attribute', async () => {
    const argv = [
      'segments',
      'members',
      '--from',
      'braze',
      '--segment',
      'vip',
      '--form',
      'attribute',
      '--ids',
      'u0,u3',
    ]
    expect(parseRows((await call(argv)).stdout)).toMatchObject([{ member: true }, { member: false }])
  })

  test('an unknown one is an error with advice', async () => {
    const { code, stderr } = await call(['segments', 'members', '--from', 'hubspot', '--segment', 'Nope'])
    expect(code).toBe(1)
    expect(stderr).toContain('"tripline segments list" shows them')
  })
})

describe('segments diff', () => {
  test('0 when both have the same members, by list and by asking', async () => {
    const list = ['--from', 'hubspot', '--segment', 'VIP', '--to', 'intercom', '--to-segment', 'VIP']
    expect(await call(['segments', 'diff', ...list])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('4 in both') as string,
    })
    const asked = [
      '--from',
      'hubspot',
      '--segment',
      'VIP',
      '--to',
      'braze',
      '--to-segment',
      'vip',
      '--to-form',
      'attribute',
    ]
    const { code, stdout } = await call(['segments', 'diff', ...asked])
    expect(code).toBe(0)
    expect(stdout).toContain('braze lists no members')
  })

  test('2 when they differ, with who', async () => {
    await makeVip(['u0'])
    const { code, stdout } = await call([
      'segments',
      'diff',
      ...fromBraze,
      '--to',
      'hubspot',
      '--to-segment',
      'VIP',
    ])
    expect(code).toBe(2)
    expect(stdout).toContain('1 in both\n0 only in braze\n3 only in hubspot\n  u1\n  u2\n  u5')
  })
})
