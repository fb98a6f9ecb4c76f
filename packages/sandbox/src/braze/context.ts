import { createHash } from 'node:crypto'
import type { SandboxClock } from '../core/index.ts'
import type { BrazeAccount } from './account.ts'
import type { JsonObject } from './json.ts'
import { createRateGate, type RateGate } from './rate-gate.ts'
import { createStore, type BrazeStore } from './store.ts'
import { createWorkQueue, type WorkQueue } from './work-queue.ts'

/** What every route works with. */
export interface BrazeContext {
  readonly clock: SandboxClock
  readonly store: BrazeStore
  readonly queue: WorkQueue
  readonly rates: RateGate
  /** As it is now: `configure` may change it between two requests. */
  readonly account: BrazeAccount
  /** A new opaque id of 32 hexadecimal digits; the same requests give the same ids. */
  newId(what: string): string
  /** Notes body fields that Braze does not know, for tests. */
  noteIgnored(endpoint: string, body: JsonObject, known: readonly string[]): void
  reset(): void
}

export function createContext(clock: SandboxClock, account: () => BrazeAccount): BrazeContext {
  const [store, queue, rates] = [createStore(), createWorkQueue(), createRateGate(clock, account)]
  let ids = 0
  return {
    clock,
    store,
    queue,
    rates,
    get account() {
      return account()
    },
    newId: (what) => createHash('sha256').update(`${what} ${++ids}`).digest('hex').slice(0, 32),
    noteIgnored(endpoint, body, known) {
      for (const name of Object.keys(body))
        if (!known.includes(name))
          store.ignored.set(endpoint, (store.ignored.get(endpoint) ?? new Set()).add(name))
    },
    reset() {
      store.clear()
      queue.clear()
      rates.reset()
      ids = 0
    },
  }
}
