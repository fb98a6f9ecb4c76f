import type { Chaos, ChaosPlan } from './chaos.ts'
import type { SandboxClock } from './clock.ts'
import type { Journal } from './journal.ts'
import type { Route, Simulator } from './simulator.ts'

interface Controlled {
  readonly simulator: Simulator
  readonly clock: SandboxClock
  readonly chaos: Chaos
  readonly journal: Journal
}
const done = { status: 204 } as const

/** The sandbox's own interface, for tests and tools in another process. No vendor path starts with `/__sandbox/`. */
export function controlRoutes({ simulator, clock, chaos, journal }: Controlled): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/__sandbox/state',
      handle: () => ({ status: 200, body: simulator.inspect() as object }),
    },
    { method: 'POST', path: '/__sandbox/seed', handle: (request) => (simulator.seed(request.json()), done) },
    {
      method: 'POST',
      path: '/__sandbox/account',
      handle: (request) => (simulator.configure(request.json()), done),
    },
    { method: 'POST', path: '/__sandbox/reset', handle: () => (simulator.reset(), journal.clear(), done) },
    {
      method: 'POST',
      path: '/__sandbox/chaos',
      handle: (request) => (chaos.set(request.json() as ChaosPlan), done),
    },
    { method: 'GET', path: '/__sandbox/chaos', handle: () => ({ status: 200, body: chaos.shown }) },
    {
      method: 'GET',
      path: '/__sandbox/clock',
      handle: () => ({ status: 200, body: { nowMs: clock.now(), ...clock.settings } }),
    },
    {
      method: 'POST',
      path: '/__sandbox/clock',
      handle: (request) => (clock.advance((request.json() as { advanceMs: number }).advanceMs), done),
    },
    {
      method: 'GET',
      path: '/__sandbox/journal',
      handle: () => ({ status: 200, body: { counts: journal.counts(), entries: journal.entries() } }),
    },
  ]
}
