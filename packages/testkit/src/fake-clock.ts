import type { Clock } from '@tripline/model'

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** How many sleep right now. */
  readonly sleeping: number
  /**
   * Moves time on by `ms`, from one sleeper to the next: whoever is due wakes in the order of the due times, and may go
   * to sleep again before the next one wakes.
   */
  advance(ms: number): Promise<void>
  /** Lets everything run that needs no time. */
  settle(): Promise<void>
  /**
   * Moves time on, from sleeper to sleeper, until the promise has settled; answers (or throws) what it came to.
   * @throws {Error} it waits for something that is not this clock
   */
  run<Result>(work: Promise<Result>): Promise<Result>
}
interface Sleeper {
  readonly dueAtMs: number
  readonly wake: () => void
}
/** Turns of the event loop without a sleeper after which `run` gives up. */
const patience = 1_000

/**
 * @param startAtMs milliseconds since 1970 @default 2026-01-01T00:00:00.000Z
 * @example
 * const clock = createFakeClock()
 * const nap = clock.sleep(60_000)
 * await clock.advance(60_000) // nap has resolved, and clock.now() is a minute later
 */
export function createFakeClock(startAtMs: number = Date.UTC(2026, 0, 1)): FakeClock {
  const sleepers = new Set<Sleeper>()
  let nowMs = startAtMs

  function earliest(): Sleeper | undefined {
    let first: Sleeper | undefined
    for (const sleeper of sleepers) if (!first || sleeper.dueAtMs < first.dueAtMs) first = sleeper
    return first
  }
  async function wake(sleeper: Sleeper): Promise<void> {
    nowMs = Math.max(nowMs, sleeper.dueAtMs)
    sleepers.delete(sleeper)
    sleeper.wake()
    await turnOfTheLoop()
  }
  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const abort = (): void => {
          sleepers.delete(sleeper)
          reject(signal?.reason)
        }
        const sleeper: Sleeper = {
          dueAtMs: nowMs + Math.max(0, ms),
          wake: () => {
            signal?.removeEventListener('abort', abort)
            resolve()
          },
        }
        signal?.addEventListener('abort', abort, { once: true })
        sleepers.add(sleeper)
      }),
    get sleeping() {
      return sleepers.size
    },
    async advance(ms) {
      const untilMs = nowMs + ms
      await turnOfTheLoop()
      for (let next = earliest(); next && next.dueAtMs <= untilMs; next = earliest()) await wake(next)
      nowMs = untilMs
    },
    settle: turnOfTheLoop,
    async run(work) {
      const state = { settled: false }
      const finish = (): void => {
        state.settled = true
      }
      work.then(finish, finish)
      await turnOfTheLoop()
      for (let idle = 0; !state.settled;) {
        const next = earliest()
        if (next) await wake(next)
        else if (++idle > patience) throw new Error('nobody sleeps on this clock, and the work has not ended')
        else await turnOfTheLoop()
      }
      return work
    },
  }
}

/** All microtasks run before the next turn. */
const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
