import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { BrazeState } from '@tripline/sandbox/braze'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorkspace, type Workspace } from '../fixtures/command-line.ts'

const main = join(import.meta.dirname, 'main.ts')
let workspace: Workspace
const running: ChildProcess[] = []

beforeAll(() => {
  workspace = createWorkspace()
  // As after "npm install tripline".
  mkdirSync(workspace.path('node_modules'))
  symlinkSync(join(import.meta.dirname, '..'), workspace.path('node_modules/tripline'), 'dir')
})
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  workspace.remove()
})

interface Program {
  readonly child: ChildProcess
  readonly output: () => { readonly stdout: string; readonly stderr: string }
  readonly ended: Promise<number | null>
}
/** The program in a process of its own, with nothing of ours in its environment. */
function start(argv: readonly string[], flags: readonly string[] = []): Program {
  const child = spawn(process.execPath, ['-C', 'development', ...flags, main, ...argv], {
    cwd: workspace.folder,
    env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, ended, output: () => ({ stdout, stderr }) }
}
async function run(...argv: readonly string[]) {
  const program = start(argv)
  const code = await program.ended
  return { code, ...program.output() }
}

test('--help loads no command and no adapter', async () => {
  const watch = `import { registerHooks } from 'node:module'
    registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) })`
  const program = start(['--help'], ['--import', `data:text/javascript,${encodeURIComponent(watch)}`])
  expect(await program.ended).toBe(0)
  const { stdout, stderr } = program.output()
  expect(stdout).toContain('tripline')
  expect(stderr).toContain('run-cli.ts')
  expect(stderr).not.toMatch(/commands\/|adapters\/|sandbox\/|cli-table3|config\/check/)
})

describe('init, sandbox, doctor, send: the way of a newcomer', () => {
  let sandbox: Program
  let url = ''
  const stored = async () => (await (await fetch(`${url}/__sandbox/state`)).json()) as BrazeState

  beforeAll(async () => {
    await run('init', 'braze')
    sandbox = start(['sandbox', 'braze', '--write-env', '.env', '--json'])
    while (!existsSync(workspace.path('.env')) || !sandbox.output().stdout.endsWith('}\n')) {
      if (sandbox.child.exitCode !== null) throw new Error(sandbox.output().stderr)
      await wait(20)
    }
    const { sandboxes } = JSON.parse(sandbox.output().stdout) as {
      sandboxes: readonly { readonly url: string }[]
    }
    url = sandboxes[0]?.url ?? ''
  })

  test('the account is ready by .env alone', async () => {
    const { code, stdout, stderr } = await run('doctor')
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^state +ready$/m)
  })

  test('a killed run is gone on with: nothing is missing, and at most one batch is there twice', async () => {
    const count = 6_000
    const batch = 60
    const lines = Array.from({ length: count }, (_, index) =>
      JSON.stringify({
        type: 'track',
        messageId: `m${index}`,
        timestamp: '2026-11-01T10:00:00.000Z',
        userId: `u${index % 100}`,
        event: `E${index}`,
      }),
    )
    workspace.write('events.ndjson', lines.join('\n'))
    const argv = ['send', '--events', 'events.ndjson', '--batch', String(batch), '--checkpoint', 'state.json']
    const first = start(argv)
    while (first.child.exitCode === null && (await stored()).events.length < 10 * batch) await wait(5)
    first.child.kill('SIGKILL')
    await first.ended
    const before = (await stored()).events.length
    expect(before).toBeGreaterThanOrEqual(10 * batch)
    expect(before).toBeLessThan(count)
    const second = await run(...argv, '--json')
    expect(second.code, second.stderr).toBe(0)
    const names = (await stored()).events.map(({ name }) => name)
    expect(new Set(names).size).toBe(count)
    expect(names.length - count).toBeLessThanOrEqual(batch)
    const { lines: read, settledEarlier } = JSON.parse(second.stdout) as Record<string, number>
    expect((read ?? 0) + (settledEarlier ?? 0)).toBe(count)
    expect(settledEarlier).toBeGreaterThanOrEqual(9 * batch)
  })

  test('Ctrl-C ends the simulators and the command', async () => {
    sandbox.child.kill('SIGINT')
    expect(await sandbox.ended).toBe(0)
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  test('an .env of somebody else is not overwritten', async () => {
    workspace.write('mine.env', 'SECRET=1\n')
    const { code, stderr } = await run('sandbox', 'braze', '--write-env', 'mine.env')
    expect(code).toBe(1)
    expect(stderr).toContain('was not written by the sandbox')
    expect(workspace.read('mine.env')).toBe('SECRET=1\n')
  })
})
