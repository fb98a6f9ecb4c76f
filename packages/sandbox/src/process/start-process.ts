import { fork, type ChildProcess } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ChaosPlan } from '../core/chaos.ts'
import { createClock, type ClockSettings, type SandboxClock } from '../core/clock.ts'
import type { JournalEntry } from '../core/journal.ts'
import type { Vendor } from '../vendors.ts'
import type { ProcessOrder } from './main.ts'

export interface ProcessOptions {
  /** @default a free one */
  readonly port?: number
  readonly account?: object
  /** Give several simulators the same settings and they live in one time. A jumping clock cannot cross processes. */
  readonly clock?: Partial<Omit<ClockSettings, 'jump'>>
}
/**
 * A simulator in its own process, reached over HTTP. Every call rejects with an Error that names the simulator's answer when
 * it refuses what it was given, and with `fetch failed` when the process has ended. It keeps this process up until `close`.
 */
export interface SandboxProcess {
  readonly vendor: Vendor
  readonly url: string
  seed(data: unknown): Promise<void>
  inspect(): Promise<unknown>
  configure(account: object): Promise<void>
  chaos(plan: ChaosPlan): Promise<void>
  /** Faults shown so far, by kind. */
  faultsShown(): Promise<Readonly<Record<string, number>>>
  requests(): Promise<{
    readonly counts: Readonly<Record<string, number>>
    readonly entries: readonly JournalEntry[]
  }>
  /** Moves this simulator's time on; move every process and your own clock alike. */
  advance(ms: number): Promise<void>
  /** Empties state and journal; account, faults and time stay. */
  reset(): Promise<void>
  /** Resolves when the process has ended. May be called twice. */
  close(): Promise<void>
}

/**
 * Starts a simulator as a child process. It ends with its parent, also when that is killed.
 * @throws Error when the child ends before it listens; the message holds what it printed. TypeError for a jumping clock
 * @example
 * const shared = createSharedClock({ rate: 60 })
 * const braze = await startSandboxProcess('braze', { clock: shared.settings })
 * await braze.chaos({ rate: 0.05, seed: 7 })
 * await braze.close()
 */
export async function startSandboxProcess(
  vendor: Vendor,
  options: ProcessOptions = {},
): Promise<SandboxProcess> {
  const order: ProcessOrder = {
    vendor,
    clock: createRunningClock(options.clock).settings,
    ...(options.port !== undefined && { port: options.port }),
    ...(options.account && { account: options.account }),
  }
  const main = fileURLToPath(new URL(`./main${extname(import.meta.url)}`, import.meta.url))
  const child = fork(main, [JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  const url = await listening(child, vendor)
  const ask = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/__sandbox/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok)
      throw new Error(`sandbox ${vendor}: ${method} ${path}: ${response.status} ${await response.text()}`)
    return response.status === 204 ? undefined : await response.json()
  }
  const tell = async (path: string, body: unknown): Promise<void> => void (await ask('POST', path, body))
  return {
    vendor,
    url,
    seed: (data) => tell('seed', data),
    inspect: () => ask('GET', 'state'),
    configure: (account) => tell('account', account),
    chaos: (plan) => tell('chaos', plan),
    faultsShown: async () => (await ask('GET', 'chaos')) as Record<string, number>,
    requests: async () => (await ask('GET', 'journal')) as Awaited<ReturnType<SandboxProcess['requests']>>,
    advance: (advanceMs) => tell('clock', { advanceMs }),
    reset: () => tell('reset', {}),
    close: () => ended(child),
  }
}

function listening(child: ChildProcess, vendor: Vendor): Promise<string> {
  let printed = ''
  child.stderr?.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-4_000)))
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve((message as { url: string }).url))
    // Not `exit`: what was printed may still be on its way then.
    child.once('close', (code, signal) =>
      reject(new Error(`sandbox ${vendor} ended with ${code ?? signal}: ${printed}`)),
    )
    child.once('error', reject)
  })
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

/** One time for several simulator processes and the program that drives them. */
export interface SharedClock {
  readonly clock: SandboxClock
  /** For `startSandboxProcess`: the time as it is now, `advance` included. */
  readonly settings: Omit<ClockSettings, 'jump'>
  /**
   * Moves the time of everybody on: the processes first, then this one. Rejects when a process does not answer; the others
   * are ahead then.
   */
  advance(ms: number, processes: readonly SandboxProcess[]): Promise<void>
}
/**
 * @throws TypeError for a jumping clock, RangeError for a rate that is not above 0
 * @example const shared = createSharedClock({ rate: 60 }) // a minute of sandbox time in a second
 */
export function createSharedClock(settings: Partial<Omit<ClockSettings, 'jump'>> = {}): SharedClock {
  const clock = createRunningClock(settings)
  let advancedMs = 0
  return {
    clock,
    get settings() {
      return { ...clock.settings, startAtMs: clock.settings.startAtMs + advancedMs }
    },
    async advance(ms, processes) {
      await Promise.all(processes.map((sandbox) => sandbox.advance(ms)))
      clock.advance(ms)
      advancedMs += ms
    },
  }
}

/** The settings of another clock may carry `jump` past the types. */
function createRunningClock(settings: Partial<ClockSettings> = {}): SandboxClock {
  if (settings.jump) throw new TypeError('a jumping clock cannot cross processes: give it a rate instead')
  return createClock(settings)
}
