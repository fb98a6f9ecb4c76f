import { fork } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createClock } from '../core/clock.ts'
import { intercomDefaults } from '../intercom/account.ts'
import { createSharedClock, startSandboxProcess, type SandboxProcess } from './start-process.ts'

const open: SandboxProcess[] = []
afterEach(() => Promise.all(open.splice(0).map((sandbox) => sandbox.close())))
const started = async (...given: Parameters<typeof startSandboxProcess>): Promise<SandboxProcess> => {
  const sandbox = await startSandboxProcess(...given)
  open.push(sandbox)
  return sandbox
}
const nowOf = async ({ url }: SandboxProcess): Promise<number> =>
  ((await (await fetch(`${url}/__sandbox/clock`)).json()) as { nowMs: number }).nowMs

test('two processes share one time, also the one that starts after an advance', async () => {
  const day = 86_400_000
  const shared = createSharedClock({ startAtMs: Date.UTC(2026, 0, 1) })
  const first = await started('braze', { clock: shared.settings })
  await shared.advance(day, [first])
  const second = await started('braze', { clock: shared.settings })
  await shared.advance(day, [first, second])
  const from = shared.clock.now()
  expect(from).toBeGreaterThanOrEqual(Date.UTC(2026, 0, 3))
  const times = [await nowOf(first), await nowOf(second), shared.clock.now()]
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(times[0]).toBeGreaterThanOrEqual(from)
  expect(shared.clock.now() - from).toBeLessThan(day)
})

test('seed, account, chaos, journal, reset and close', async () => {
  const sandbox = await started('intercom')
  await sandbox.chaos({ script: [{ kind: 'reset-before' }] })
  const call = (): Promise<number | string> =>
    fetch(`${sandbox.url}/me`, { headers: { authorization: `Bearer ${intercomDefaults.token}` } }).then(
      ({ status }) => status,
      () => 'cut',
    )
  expect([await call(), await call()]).toEqual(['cut', 200])
  const { entries, counts } = await sandbox.requests()
  expect(entries.map(({ status, fault }) => [status, fault])).toEqual([
    [0, 'reset-before'],
    [200, undefined],
  ])
  expect(counts).toEqual({ 'GET /me 0': 1, 'GET /me 200': 1 })
  expect(await sandbox.faultsShown()).toEqual({ 'reset-before': 1 })
  await sandbox.configure({ tokenState: 'token_revoked' })
  expect(await call()).toBe(401)
  await expect(sandbox.chaos({ rate: 7 })).rejects.toThrow(
    /sandbox intercom: POST chaos: 400 .*between 0 and 1/,
  )
  await sandbox.seed({ contacts: [{ external_id: 'ada' }] })
  expect(await sandbox.inspect()).toMatchObject({ contacts: [{ external_id: 'ada' }] })
  await sandbox.reset()
  expect(await sandbox.inspect()).toMatchObject({ contacts: [] })
  expect((await sandbox.requests()).entries).toEqual([])
  await sandbox.close()
  await sandbox.close()
  await expect(sandbox.inspect()).rejects.toThrow('fetch failed')
})

test('a process that cannot start rejects with what it printed', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await expect(startSandboxProcess('braze', { port })).rejects.toThrow(
    /^sandbox braze ended with 1: [^]*EADDRINUSE/,
  )
  await new Promise((resolve) => server.close(resolve))
})

test('a jumping clock is refused', async () => {
  const { settings } = createClock({ jump: true })
  await expect(startSandboxProcess('braze', { clock: settings })).rejects.toThrow('cannot cross processes')
  expect(() => createSharedClock(settings)).toThrow(TypeError)
})

test('it ends with its parent, also when that is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  const script = join(folder, 'parent.mjs')
  const module = new URL('./start-process.ts', import.meta.url).href
  await writeFile(
    script,
    `import { startSandboxProcess } from ${JSON.stringify(module)}
process.send((await startSandboxProcess('braze')).url)`,
  )
  const parent = fork(script)
  try {
    const url = await new Promise<string>((resolve) =>
      parent.once('message', (message) => resolve(message as string)),
    )
    expect((await fetch(`${url}/__sandbox/clock`)).ok).toBe(true)
    parent.kill('SIGKILL')
    const isUp = (): Promise<boolean> =>
      fetch(`${url}/__sandbox/clock`).then(
        () => true,
        () => false,
      )
    await expect.poll(isUp, { timeout: 5_000, interval: 20 }).toBe(false)
  } finally {
    parent.kill('SIGKILL')
    await rm(folder, { recursive: true })
  }
})
