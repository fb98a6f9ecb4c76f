import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { linkSync, lstatSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { callCli, createWorkspace } from '../../../fixtures/command-line.ts'

const workspace = createWorkspace({
  'triggers.json': JSON.stringify({
    specVersion: 1,
    id: 'every',
    when: { kind: 'on', event: { type: 'track', name: 'E' } },
  }),
  'events.ndjson': Array.from({ length: 2_000 }, (_, index) =>
    JSON.stringify({
      messageId: `m${index}`,
      type: 'track',
      userId: `u${index}`,
      event: 'E',
      timestamp: new Date(Date.UTC(2026, 10, 1) + index * 1_000).toISOString(),
    }),
  ).join('\n'),
  'traits.ndjson': '{"userId":"u1","traits":{"plan":"pro"}}\n',
  'records.ndjson': '',
  'users.txt': 'u1\n',
  'columns.json': '{"userId":"userId"}',
})
afterAll(() => workspace.remove())
mkdirSync(workspace.path('folder'))
symlinkSync('events.ndjson', workspace.path('link.ndjson'))
linkSync(workspace.path('traits.ndjson'), workspace.path('same-traits.ndjson'))

const given = ['backtest', '--definitions', 'triggers.json', '--events', 'events.ndjson']
const run = (...argv: readonly string[]) => callCli(workspace.folder, [...given, ...argv])

describe('a file that is read is never written over', () => {
  test.each([
    [['--out', 'events.ndjson'], '--out events.ndjson is a file that --events reads'],
    [['--rejects', './folder/../events.ndjson'], 'is a file that --events reads'],
    [['--out', 'link.ndjson'], '--out link.ndjson is a file that --events reads'],
    [['--out', 'triggers.json'], 'is a file that --definitions reads'],
    [['--against', 'triggers.json', '--out', 'triggers.json'], 'is a file that --against reads'],
    [['--traits', 'traits.ndjson', '--out', 'same-traits.ndjson'], 'is a file that --traits reads'],
    [['--records', 'records.ndjson', '--out', 'records.ndjson'], 'is a file that --records reads'],
    [['--users', 'users.txt', '--rejects', 'users.txt'], 'is a file that --users reads'],
    [['--out', 'new.ndjson', '--rejects', 'folder/../new.ndjson'], '--out and --rejects are the same file'],
  ])('%j', async (argv, message) => {
    const before = workspace.read('events.ndjson') + workspace.read('triggers.json')
    const { code, stderr } = await run(...argv)
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)])
    expect(workspace.read('events.ndjson') + workspace.read('triggers.json')).toBe(before)
    expect(workspace.read('traits.ndjson')).toContain('pro')
  })
})

test.each(['--out', '--rejects'])(
  '%s that is a folder is refused before anything is read',
  async (option) => {
    const { code, stderr } = await run(option, 'folder')
    expect([code, stderr]).toEqual([1, `error: ${workspace.path('folder')} is a folder\n`])
    expect(readdirSync(workspace.folder).filter((name) => name.endsWith('.part'))).toEqual([])
  },
)

test('a link stays one, and what it names is written', async () => {
  workspace.write('old.ndjson', 'old\n')
  symlinkSync('old.ndjson', workspace.path('to-old.ndjson'))
  expect((await run('--out', 'to-old.ndjson')).code).toBe(0)
  expect(workspace.rows('old.ndjson').length).toBeGreaterThan(1_999)
})

test('what is no ordinary file is written as it is', async () => {
  symlinkSync('/dev/null', workspace.path('nowhere'))
  expect((await run('--out', 'nowhere', '--rejects', 'nowhere')).code).toBe(0)
  expect(lstatSync(workspace.path('nowhere')).isSymbolicLink()).toBe(true)
})

describe('a process that ends early leaves nothing behind', () => {
  const node = (...argv: readonly string[]) =>
    spawn(process.execPath, ['-C', 'development', ...argv], {
      cwd: workspace.folder,
      env: { ...process.env, TMPDIR: workspace.path('temporary') },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  mkdirSync(workspace.path('temporary'))

  test('when nobody reads its output any more', async () => {
    const main = new URL('../../main.ts', import.meta.url).pathname
    const ended = node(main, ...given, '--out', '-', '--rejects', 'rejects.ndjson')
    ended.stdout.destroy()
    await once(ended, 'exit')
    expect(readdirSync(workspace.folder).filter((name) => name.startsWith('rejects'))).toEqual([])
  }, 60_000)

  test('of what it sorts on disk', async () => {
    const sorter = new URL('../sort/sorter.ts', import.meta.url).href
    const ended = node(
      '--input-type=module',
      '--eval',
      `import { createSorter, createTemporaryFolder } from '${sorter}'
import { readdirSync } from 'node:fs'
const sorter = createSorter(createTemporaryFolder(), { maxBytes: 1 })
sorter.add('u1', 'ada@example.com')
console.log(readdirSync(process.env.TMPDIR).length)
process.exit(0)`,
    )
    const [written] = (await once(ended.stdout, 'data')) as [Buffer]
    expect(written.toString()).toBe('1\n')
    await once(ended, 'exit')
    expect(readdirSync(workspace.path('temporary'))).toEqual([])
  }, 60_000)
})
