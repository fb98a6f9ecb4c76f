import type { ChaosPlan } from './chaos.ts'
import { createClock, type SandboxClock } from './clock.ts'
import type { JournalEntry } from './journal.ts'
import { serveSimulator } from './server.ts'
import type { Simulator, SimulatorOptions } from './simulator.ts'

export interface SandboxOptions<Account> {
  /** @default a free one */
  readonly port?: number
  /** @default a clock that jumps when everybody waits */
  readonly clock?: SandboxClock
  readonly account?: Partial<Account>
}
/** A running simulator in this process. */
export interface Sandbox<Account = unknown, Seed = unknown, State = unknown> {
  readonly vendor: string
  readonly url: string
  readonly clock: SandboxClock
  /** Lend these to a connector: its waits and its `sentAt` then follow the sandbox's clock. */
  readonly host: { readonly fetch: typeof globalThis.fetch; readonly clock: SandboxClock }
  seed(data: Seed): void
  inspect(): State
  configure(account: Partial<Account>): void
  chaos(plan: ChaosPlan): void
  /** Faults shown so far, by kind. */
  readonly faultsShown: Readonly<Record<string, number>>
  requests(): readonly JournalEntry[]
  reset(): void
  close(): Promise<void>
}

export async function startSimulator<Account, Seed, State>(
  create: (options: SimulatorOptions<Account>) => Simulator,
  options: SandboxOptions<Account> = {},
): Promise<Sandbox<Account, Seed, State>> {
  const clock = options.clock ?? createClock({ jump: true })
  const simulator = create({ clock, ...(options.account && { account: options.account }) })
  const server = await serveSimulator(
    simulator,
    clock,
    options.port === undefined ? {} : { port: options.port },
  )
  return {
    vendor: simulator.vendor,
    url: server.url,
    clock,
    host: { clock, fetch: clock.track(globalThis.fetch) },
    seed: (data) => simulator.seed(data),
    inspect: () => simulator.inspect() as State,
    configure: (account) => simulator.configure(account),
    chaos: (plan) => server.chaos.set(plan),
    faultsShown: server.chaos.shown,
    requests: () => server.journal.entries(),
    reset: () => (simulator.reset(), server.journal.clear()),
    close: () => server.close(),
  }
}
