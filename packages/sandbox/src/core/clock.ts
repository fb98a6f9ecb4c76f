import { JumpGuard } from './jump-guard.ts'

/** The one time of a sandbox: simulators, and connectors through their host, both live on it. */
export interface SandboxClock {
  /** Whole milliseconds since 1970, sandbox time. */
  now(): number
  /**
   * Waits in sandbox time, at least until the next turn of the event loop. `Infinity` ends by the signal alone. Rejects
   * with the signal's reason when aborted, with a RangeError when `ms` is not a number.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /**
   * Moves time on by `ms` at once. Whoever is due wakes in the order of the due times, and sees the new time, not its own
   * due time. A negative `ms` sets the time back: for use before anything has happened.
   * @throws RangeError when `ms` is not finite
   */
  advance(ms: number): void
  /**
   * Wraps a fetch so that a jumping clock stands still until the whole answer has come, its body included, whether it is
   * read or not (the body is kept in memory for that). Requests of a jumping clock carry the header `x-sandbox-request`;
   * simulators do not see it.
   */
  track(fetch: typeof globalThis.fetch): typeof globalThis.fetch
  /** Runs `wait` as something that does not hold a jumping clock back, such as a request left hanging. */
  unheld<T>(wait: () => Promise<T>): Promise<T>
  /** Runs the answer to the tracked request with that `x-sandbox-request`, so that its `unheld` counts for that request alone. */
  serving<T>(request: string | undefined, work: () => Promise<T>): Promise<T>
  /** With what the clock was made. Another process that builds the same clock does not learn of an `advance`. */
  readonly settings: ClockSettings
}
export interface ClockSettings {
  /** Sandbox time at `originMs`, in ms. @default the machine's time */
  readonly startAtMs: number
  /** Machine time at which sandbox time was `startAtMs`, in ms. */
  readonly originMs: number
  /** Sandbox milliseconds that pass in one real millisecond, above 0. @default 1 */
  readonly rate: number
  /** Time stands still, and jumps to the next sleeper's due time whenever nothing else is going on. For tests. @default false */
  readonly jump: boolean
}
interface Sleeper {
  readonly dueAt: number
  readonly wake: () => void
}

/**
 * "Nothing else is going on" means for a jumping clock: no tracked request is under way, and the event loop turned a few
 * times without a new one. Work that waits for something else (a file, a worker, an untracked request) does not hold it.
 * @throws RangeError when the rate is not above 0
 * @example const clock = createClock({ jump: true }); await clock.sleep(60_000) // returns at once, clock.now() is a minute later
 */
export function createClock(options: Partial<ClockSettings> = {}): SandboxClock {
  const originMs = options.originMs ?? Date.now()
  const settings: ClockSettings = {
    startAtMs: options.startAtMs ?? originMs,
    originMs,
    rate: options.rate ?? 1,
    jump: options.jump ?? false,
  }
  if (!(settings.rate > 0 && settings.rate < Infinity))
    throw new RangeError(`the rate of a clock is above 0, not ${settings.rate}`)
  const guard = new JumpGuard(() => time.settled())
  const time = new MovableTime(settings, guard)
  return {
    settings,
    now: () => time.now(),
    sleep: (ms, signal) => time.sleep(ms, signal),
    advance: (ms) => time.advance(ms),
    // Real time cannot be held: a clock with a rate lends the fetch as it is.
    track: (fetch) => (settings.jump ? guard.track(fetch) : fetch),
    unheld: (wait) => guard.unheld(wait),
    serving: (request, work) => guard.serving(request, work),
  }
}

/** Turns of the event loop without work before a jump, so that work just woken can start its next request first. */
const quietTurnsBeforeJump = 8
/** Node fires longer timers at once. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestTimerMs = 2 ** 31 - 1

class MovableTime {
  readonly #settings: ClockSettings
  readonly #guard: JumpGuard
  readonly #sleepers = new Set<Sleeper>()
  #offsetMs = 0
  #timer: NodeJS.Timeout | undefined
  #isJumpPlanned = false
  #quietTurns = 0

  constructor(settings: ClockSettings, guard: JumpGuard) {
    this.#settings = settings
    this.#guard = guard
  }
  now(): number {
    const { startAtMs, originMs, rate, jump } = this.#settings
    return Math.floor(startAtMs + this.#offsetMs + (jump ? 0 : (Date.now() - originMs) * rate))
  }
  advance(ms: number): void {
    if (!Number.isFinite(ms)) throw new RangeError(`a clock is advanced by a number of ms, not by ${ms}`)
    this.#offsetMs += ms
    this.#wakeDue()
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      if (Number.isNaN(ms)) return reject(new RangeError('a sleep lasts a number of ms, not NaN'))
      const abort = (): void => {
        this.#sleepers.delete(sleeper)
        // A timer that nobody waits for would keep the process up.
        if (this.#earliest() === Infinity) clearTimeout(this.#timer)
        reject(signal?.reason)
      }
      const wake = (): void => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      const sleeper: Sleeper = { dueAt: this.now() + Math.max(0, ms), wake }
      signal?.addEventListener('abort', abort, { once: true })
      this.#sleepers.add(sleeper)
      this.#plan()
    })
  }
  /** A request that held the clock has ended, or hangs from now on. */
  settled(): void {
    this.#plan()
  }

  #earliest(): number {
    let at = Infinity
    for (const sleeper of this.#sleepers) at = Math.min(at, sleeper.dueAt)
    return at
  }
  #wakeDue(): void {
    const at = this.now()
    const due = [...this.#sleepers]
      .filter((sleeper) => sleeper.dueAt <= at)
      .toSorted((a, b) => a.dueAt - b.dueAt)
    for (const sleeper of due) {
      this.#sleepers.delete(sleeper)
      sleeper.wake()
    }
    this.#plan()
  }
  #plan(): void {
    this.#quietTurns = 0
    if (this.#settings.jump) return this.#planJump()
    clearTimeout(this.#timer)
    const earliest = this.#earliest()
    if (earliest === Infinity) return
    const waitMs = Math.ceil((earliest - this.now()) / this.#settings.rate)
    this.#timer = setTimeout(() => this.#wakeDue(), Math.min(Math.max(0, waitMs), longestTimerMs))
  }
  #planJump(): void {
    if (this.#isJumpPlanned || this.#guard.isHeld || this.#earliest() === Infinity) return
    this.#isJumpPlanned = true
    setImmediate(() => {
      this.#isJumpPlanned = false
      if (++this.#quietTurns <= quietTurnsBeforeJump) return this.#planJump()
      if (this.#guard.isHeld || this.#earliest() === Infinity) return
      this.#offsetMs += Math.max(0, this.#earliest() - this.now())
      this.#wakeDue()
    })
  }
}
