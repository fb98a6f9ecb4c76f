import type { Chaos } from './chaos.ts'
import type { SandboxClock } from './clock.ts'
import type { Journal } from './journal.ts'
import type { Route, SimReply, Simulator } from './simulator.ts'

interface Controlled {
  readonly simulator: Simulator
  readonly clock: SandboxClock
  readonly chaos: Chaos
  readonly journal: Journal
}
/** Where the sandbox's own interface lives. No vendor path starts like this. */
export const controlPrefix = '/__sandbox/'

/**
 * The sandbox's own interface, for tests and tools in another process; JSON both ways. Its requests pass no authentication,
 * show no fault and are not in the journal. What it cannot use it answers with 400 and `{ error }`, unchanged.
 * `reset` empties the state and the journal; clock, account and chaos stay.
 */
export function controlRoutes({ simulator, clock, chaos, journal }: Controlled): readonly Route[] {
  return [
    ask('state', () => simulator.inspect()),
    ask('chaos', () => chaos.shown),
    ask('clock', () => ({ nowMs: clock.now(), ...clock.settings })),
    ask('journal', () => ({ counts: journal.counts(), entries: journal.entries() })),
    tell('seed', (data) => simulator.seed(data)),
    tell('account', (data) => simulator.configure(data)),
    tell('chaos', (data) => chaos.set(data)),
    tell('clock', (data) => clock.advance((data as { readonly advanceMs: number }).advanceMs)),
    {
      ...tell('reset', () => undefined),
      handle: () => (simulator.reset(), journal.clear(), { status: 204 }),
    },
  ]
}

const ask = (name: string, read: () => unknown): Route => ({
  method: 'GET',
  path: `${controlPrefix}${name}`,
  handle: () => ({ status: 200, body: read() }),
})

const tell = (name: string, change: (data: object) => void): Route => ({
  method: 'POST',
  path: `${controlPrefix}${name}`,
  handle(request): SimReply {
    try {
      const data = request.json()
      if (typeof data !== 'object' || data === null) throw new TypeError('the body must be a JSON object')
      change(data)
      return { status: 204 }
    } catch (error) {
      return { status: 400, body: { error: String(error) } }
    }
  },
})
