import { afterAll, describe, expect, test } from 'vitest'
import { callCli, createWorkspace } from '../../fixtures/command-line.ts'

const event = (index: number, more: object = {}) =>
  JSON.stringify({
    messageId: `m${index}`,
    userId: `u${index % 2}`,
    event: 'E',
    timestamp: `2026-11-01T10:00:0${index}Z`,
    ...more,
  })
const workspace = createWorkspace({
  'triggers.json': JSON.stringify({
    specVersion: 1,
    id: 'every',
    when: { kind: 'on', event: { type: 'track', name: 'E' } },
  }),
  'events.ndjson': Array.from({ length: 6 }, (_, index) => event(index)).join('\n'),
  'one.ndjson': event(0),
  'users.txt': 'u1\nu7\nu8\n',
  'nobody.txt': '\n',
})
afterAll(() => workspace.remove())
const run = (...argv: readonly string[]) =>
  callCli(workspace.folder, ['backtest', '--definitions', 'triggers.json', ...argv])
const runAll = (...argv: readonly string[]) => run('--events', 'events.ndjson', ...argv)

describe('times that leave nothing', () => {
  test('--from at or after --to is a mistake', async () => {
    for (const to of ['2026-11-01', '2026-10-31']) {
      expect(await runAll('--from', '2026-11-01', '--to', to)).toMatchObject({
        code: 1,
        stderr: 'error: --from has to lie before --to\n',
      })
    }
  })

  test('--from after the last event, and --to before the first, are told', async () => {
    const { code, stdout } = await runAll('--from', '2026-12-01')
    expect([code, stdout]).toEqual([0, expect.stringContaining('no event at or after --from')])
    workspace.write('empty.ndjson', '')
    const { stdout: ofNothing } = await run('--events', 'empty.ndjson', '--from', '2026-12-01')
    expect(ofNothing).not.toContain('the last one')
    expect((await runAll('--to', '2026-10-01')).stdout).toContain('0 events read, 6 at or after --to')
    expect((await runAll('--from', '2026-11-01T10:00:05Z')).stdout).not.toContain('no event at or after')
  })

  test('--until before the last event is told: it changes nothing', async () => {
    expect((await runAll('--until', '2026-11-01')).stdout).toContain('--until lies before the last event')
  })
})

describe('--users', () => {
  test.each([[[]], [['--from', '2026-11-01']]])(
    'counts theirs, and tells who is not in the events %j',
    async (more) => {
      const { code, stdout } = await runAll('--users', 'users.txt', ...more)
      expect(code).toBe(0)
      expect(stdout).toMatch(/^3 events of 1 user,/)
      expect(stdout).toContain('2 of the 3 users of --users are not in the input')
      expect(stdout).toContain('6 events read')
    },
  )

  test('says nothing when all are there', async () => {
    workspace.write('both.txt', 'u0\nu1\n')
    expect((await runAll('--users', 'both.txt')).stdout).not.toContain('of --users')
  })

  test('without an id is a mistake', async () => {
    expect(await runAll('--users', 'nobody.txt')).toMatchObject({
      code: 1,
      stderr: `error: ${workspace.path('nobody.txt')} has no user id\n`,
    })
  })
})

describe('words', () => {
  test('one is one', async () => {
    const { stdout } = await run('--events', 'one.ndjson')
    expect(stdout).toContain('1 event read')
    workspace.write('wrong.ndjson', 'x\n')
    expect((await run('--events', 'wrong.ndjson')).stdout).toContain('1 line is wrong: 1 malformed')
  })

  test('the last line of the progress has all that was read', async () => {
    const { stderr } = await runAll()
    expect(stderr).toMatch(/^reading 100 % {2}6 events {2}[\d,]+\/s\n$/)
    expect((await runAll('--from', '2026-11-01')).stderr).toMatch(
      /^reading 100 % {2}6 events {2}[\d,]+\/s\n$/,
    )
  })
})
