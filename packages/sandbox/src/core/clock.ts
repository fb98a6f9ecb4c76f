/** The one time of a sandbox: simulators, and connectors through their host, both live on it. */
export interface SandboxClock {
  /** Milliseconds since 1970, sandbox time. */
  now(): number
  /** Waits in sandbox time. Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Moves time on by `ms` at once; whoever is due wakes. */
  advance(ms: number): void
  /** Wraps a fetch so that a jumping clock stands still while a request is under way. */
  track(fetch: typeof globalThis.fetch): typeof globalThis.fetch
  /** Runs `wait` as something that does not hold a jumping clock back, such as a request left hanging. */
  unheld<T>(wait: () => Promise<T>): Promise<T>
  /** What another process needs to build the same clock. */
  readonly settings: ClockSettings
}
export interface ClockSettings {
  /** Sandbox time at `originMs`, in ms. @default the machine's time */
  readonly startAtMs: number
  /** Machine time at which sandbox time was `startAtMs`, in ms. */
  readonly originMs: number
  /** Sandbox milliseconds that pass in one real millisecond. @default 1 */
  readonly rate: number
  /** Time stands still, and jumps to the next sleeper's due time whenever nothing else is going on. For tests. @default false */
  readonly jump: boolean
}
interface Sleeper {
  readonly dueAt: number
  readonly wake: () => void
}

/** @example const clock = createClock({ jump: true }); await clock.sleep(60_000) // returns at once, clock.now() is a minute later */
export function createClock(options: Partial<ClockSettings> = {}): SandboxClock {
  const originMs = options.originMs ?? Date.now()
  const settings: ClockSettings = {
    startAtMs: options.startAtMs ?? originMs,
    originMs,
    rate: options.rate ?? 1,
    jump: options.jump ?? false,
  }
  const time = new MovableTime(settings)
  return {
    settings,
    now: () => time.now(),
    sleep: (ms, signal) => time.sleep(ms, signal),
    advance: (ms) => time.advance(ms),
    track: (fetch) => (input, init) => time.held(1, () => fetch(input, init)),
    unheld: (wait) => time.held(-1, wait),
  }
}

/** Turns of the event loop without work before a jump, so that work just woken can start its next request first. */
const quietTurnsBeforeJump = 8

class MovableTime {
  readonly #settings: ClockSettings
  readonly #sleepers = new Set<Sleeper>()
  #offsetMs = 0
  #busy = 0
  #timer: NodeJS.Timeout | undefined
  #isJumpPlanned = false

  constructor(settings: ClockSettings) {
    this.#settings = settings
  }
  now(): number {
    const { startAtMs, originMs, rate, jump } = this.#settings
    return startAtMs + this.#offsetMs + (jump ? 0 : (Date.now() - originMs) * rate)
  }
  advance(ms: number): void {
    this.#offsetMs += ms
    this.#wakeDue()
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const abort = (): void => {
        this.#sleepers.delete(sleeper)
        // A timer that nobody waits for would keep the process up.
        if (this.#sleepers.size === 0) clearTimeout(this.#timer)
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
  /** Counts work that holds a jump back (+1), or takes itself out of the count while it hangs (−1). */
  async held<T>(change: 1 | -1, work: () => Promise<T>): Promise<T> {
    this.#busy += change
    this.#plan()
    try {
      return await work()
    } finally {
      this.#busy -= change
      this.#plan()
    }
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
    if (this.#sleepers.size === 0) return
    if (this.#settings.jump) {
      if (!this.#isJumpPlanned) this.#planJump(0)
      return
    }
    clearTimeout(this.#timer)
    const waitMs = Math.ceil((this.#earliest() - this.now()) / this.#settings.rate)
    this.#timer = setTimeout(() => this.#wakeDue(), Math.max(0, waitMs))
  }
  #planJump(quietTurns: number): void {
    this.#isJumpPlanned = true
    setImmediate(() => {
      if (this.#busy > 0 || this.#sleepers.size === 0) {
        this.#isJumpPlanned = false
      } else if (quietTurns < quietTurnsBeforeJump) {
        this.#planJump(quietTurns + 1)
      } else {
        this.#isJumpPlanned = false
        this.#offsetMs += Math.max(0, this.#earliest() - this.now())
        this.#wakeDue()
      }
    })
  }
}
