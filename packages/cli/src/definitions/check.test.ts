import { afterEach, describe, expect, test } from 'vitest'
import { callCli, createWorkspace, type Workspace } from '../../fixtures/command-line.ts'

const signedUp = { type: 'track', name: 'Signed Up' }
const trigger = { specVersion: 1, id: 'welcome', when: { kind: 'on', event: signedUp } }
const plan = { specVersion: 1, events: { 'Signed Up': { plan: 'string' } } }
let workspace: Workspace
afterEach(() => workspace.remove())

async function check(definitions: unknown, more: readonly string[] = [], files: Record<string, string> = {}) {
  workspace = createWorkspace({ 'd.json': JSON.stringify(definitions), ...files })
  return callCli(workspace.folder, ['check', '--definitions', 'd.json', ...more])
}

describe('tripline check', () => {
  test('nothing found: 0', async () => {
    const { code, stdout } = await check({ specVersion: 1, plan, triggers: [trigger] })
    expect(code).toBe(0)
    expect(stdout).toBe(`${workspace.path('d.json')}: nothing found\n`)
  })

  test('errors: 1, with their places in the file', async () => {
    const wrong = { ...trigger, when: { kind: 'on', event: { type: 'track', name: 'Signed up' } } }
    const { code, stdout } = await check({ specVersion: 1, plan, triggers: [wrong] })
    expect(code).toBe(1)
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      'error   triggers[0].when.event.name: is not in the tracking plan; did you mean "Signed Up"?',
      `${workspace.path('d.json')}: 1 error, 0 warnings`,
    ])
  })

  test('warnings: 2; as JSON with severity, rule, path and message', async () => {
    const journey = [{ kind: 'exit' }, { kind: 'wait', for: '1d' }]
    const { code, stdout } = await check({ ...trigger, journey }, ['--json'])
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [{ severity: 'warning', rule: 'unreachable', path: 'journey[1]' }],
    })
  })

  test('what a message names has its place in the file, too', async () => {
    const { stdout } = await check([trigger, trigger])
    expect(stdout).toContain('error   [1].id: is the id of [0] too')
    const journey = [{ kind: 'exit' }, { kind: 'wait', for: '1d' }]
    const alone = await check({ ...trigger, journey })
    expect(alone.stdout).toContain('warning journey[1]: no run comes here: journey[0] ends every run')
  })

  test('a vendor that is none', async () => {
    const content = { brase: { kind: 'campaign', id: 'c1' } }
    const { code, stdout } = await check({
      ...trigger,
      journey: [{ kind: 'send', channel: 'email', content }],
    })
    expect(code).toBe(2)
    expect(stdout).toContain('journey[0].content.brase: "brase" is no known vendor; did you mean "braze"?')
  })

  test('a part that is none names those that there are', async () => {
    const { code, stdout } = await check({ specVersion: 1, trigers: [trigger] })
    expect(code).toBe(1)
    expect(stdout).toContain(
      'trigers: is no field here (allowed: specVersion, plan, segments, triggers, policy)',
    )
    const { when: _, ...without } = trigger
    expect((await check({ ...without, journey: [] })).stdout).toContain('error   when: is missing')
  })

  test('broken structure is found before anything else', async () => {
    const { code, stdout } = await check({
      specVersion: 1,
      triggers: [{ ...trigger, cooldown: 'soon' }],
      more: 1,
    })
    expect(code).toBe(1)
    expect(stdout).toContain('error   more: is no field here')
    expect(stdout).toContain('error   triggers[0].cooldown: is no duration > 0')
  })

  test('of a config, without any account', async () => {
    const config = {
      connectors: { braze: {} },
      plan,
      triggers: [trigger],
      policy: { caps: [{ count: 1, per: '1d' }] },
    }
    workspace = createWorkspace({ 'tripline.config.mjs': `export default ${JSON.stringify(config)}` })
    const { code, stdout } = await callCli(workspace.folder, ['check'])
    expect(code).toBe(2)
    expect(stdout).toContain('warning policy.caps[0]: can never bite')
  })
})

describe('with events', () => {
  const segment = (id: string, condition: unknown) => ({ specVersion: 1, kind: 'dynamic', id, condition })
  const did = (name: string, within?: string) => ({
    kind: 'did',
    event: { type: 'track', name },
    ...(within !== undefined && { within }),
  })
  const event = (userId: string, name: string, timestamp: string) =>
    JSON.stringify({ type: 'track', messageId: `${userId} ${timestamp}`, userId, event: name, timestamp })
  const segments = [
    segment('viewed', did('Viewed')),
    segment('seen', did('Viewed')),
    segment('lately', did('Viewed', '1d')),
    segment('bought', did('Bought')),
    segment('a-few', { kind: 'not', condition: did('Viewed') }),
  ]
  // All view on the first day, one in ten again on the third.
  const people = Array.from({ length: 100 }, (_, index) => `u${index}`)
  const events = [
    ...people.map((userId) => event(userId, 'Viewed', '2026-11-01T10:00:00Z')),
    ...people.slice(0, 10).map((userId) => event(userId, 'Viewed', '2026-11-03T10:00:00Z')),
  ].join('\n')

  test('segments nearly empty or nearly the same, as of the last event', async () => {
    const files = { 'events.ndjson': events }
    const { code, stdout, stderr } = await check(segments, ['--events', 'events.ndjson', '--json'], files)
    expect(code, stderr).toBe(2)
    const { findings } = JSON.parse(stdout) as { findings: { rule: string; path: string }[] }
    expect(findings.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      'equal-segments [1]',
      'small-segment [3]',
      'small-segment [4]',
    ])
    expect(stderr).toContain('110 events of 100 users read')
  })

  test('are what the other options are about', async () => {
    const { code, stderr } = await check(segments, ['--as-received'])
    expect(code).toBe(1)
    expect(stderr).toContain('--as-received is about events; give --events FILE, too')
  })

  test('are not read while there are errors', async () => {
    const { code, stderr } = await check([{ ...trigger, cooldown: 'soon' }], ['--events', 'events.ndjson'], {
      'events.ndjson': events,
    })
    expect(code).toBe(1)
    expect(stderr).toContain('the events are not read: correct the errors first')
  })
})
