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
  const sleepers = new Set<Sleeper>()
  let offsetMs = 0
  let busy = 0
  let timer: NodeJS.Timeout | undefined
  let jumpPlanned = false

  const now = (): number =>
    settings.startAtMs + offsetMs + (settings.jump ? 0 : (Date.now() - settings.originMs) * settings.rate)

  function earliest(): number {
    let at = Infinity
    for (const sleeper of sleepers) at = Math.min(at, sleeper.dueAt)
    return at
  }
  function wakeDue(): void {
    const at = now()
    const due = [...sleepers].filter((sleeper) => sleeper.dueAt <= at).sort((a, b) => a.dueAt - b.dueAt)
    for (const sleeper of due) {
      sleepers.delete(sleeper)
      sleeper.wake()
    }
    plan()
  }
  function plan(): void {
    if (sleepers.size === 0) return
    if (settings.jump) return planJump()
    clearTimeout(timer)
    timer = setTimeout(wakeDue, Math.max(0, Math.ceil((earliest() - now()) / settings.rate)))
  }
  /** Jumps after a few quiet turns of the event loop, so that work just woken can start its next request first. */
  function planJump(quietTurns = 0): void {
    if (jumpPlanned && quietTurns === 0) return
    jumpPlanned = true
    setImmediate(() => {
      if (busy > 0 || sleepers.size === 0) {
        jumpPlanned = false
        return
      }
      if (quietTurns < 8) return planJump(quietTurns + 1)
      jumpPlanned = false
      offsetMs += Math.max(0, earliest() - now())
      wakeDue()
    })
  }
  async function held<T>(change: 1 | -1, work: () => Promise<T>): Promise<T> {
    busy += change
    if (change === -1) plan()
    try {
      return await work()
    } finally {
      busy -= change
      plan()
    }
  }

  return {
    now,
    settings,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const abort = (): void => {
          sleepers.delete(sleeper)
          reject(signal?.reason)
        }
        const sleeper: Sleeper = {
          dueAt: now() + Math.max(0, ms),
          wake: () => {
            signal?.removeEventListener('abort', abort)
            resolve()
          },
        }
        signal?.addEventListener('abort', abort, { once: true })
        sleepers.add(sleeper)
        plan()
      }),
    advance(ms) {
      offsetMs += ms
      wakeDue()
    },
    track: (fetch) => (input, init) => held(1, () => fetch(input, init)),
    unheld: (wait) => held(-1, wait),
  }
}
