import type { FaultKind } from './simulator.ts'

/** One fault to show: on the `nth` request (1-based, default the next) whose "METHOD /path" contains `on`. */
export interface ScriptedFault {
  readonly kind: FaultKind
  readonly on?: string
  readonly nth?: number
  /** How often in a row. @default 1 */
  readonly times?: number
}
export interface ChaosPlan {
  /** Share of requests that show a fault, 0 to 1. @default 0 */
  readonly rate?: number
  /** Same seed, same requests, same faults. @default 1 */
  readonly seed?: number
  /** @default every kind but `partial` and `silent` */
  readonly kinds?: readonly FaultKind[]
  /** Only requests whose "METHOD /path" contains one of these. @default all */
  readonly on?: readonly string[]
  /** Wait of a `slow` answer in ms of sandbox time. @default 2_000 */
  readonly slowMs?: number
  readonly script?: readonly ScriptedFault[]
}
const byRate: readonly FaultKind[] = [
  'rate-limited',
  'server-error',
  'server-error-after',
  'reset-before',
  'reset-after',
  'hang-before',
  'hang-after',
  'slow',
]

export interface Chaos {
  set(plan: ChaosPlan): void
  next(request: string): FaultKind | undefined
  readonly slowMs: number
  /** Faults shown so far, by kind. */
  readonly shown: Readonly<Record<string, number>>
}

export function createChaos(): Chaos {
  let plan: ChaosPlan = {}
  let random = mulberry32(1)
  let pending: { kind: FaultKind; on: string; wait: number; times: number }[] = []
  const shown: Record<string, number> = {}
  function pick(request: string): FaultKind | undefined {
    const index = pending.findIndex((fault) => request.includes(fault.on))
    const scripted = pending[index]
    if (scripted) {
      if (--scripted.wait > 0) return undefined
      if (--scripted.times <= 0) pending.splice(index, 1)
      return scripted.kind
    }
    if (!plan.rate || (plan.on && !plan.on.some((part) => request.includes(part)))) return undefined
    const kinds = plan.kinds ?? byRate
    return random() < plan.rate ? kinds[Math.floor(random() * kinds.length)] : undefined
  }
  return {
    shown,
    get slowMs() {
      return plan.slowMs ?? 2_000
    },
    set(next) {
      plan = next
      random = mulberry32(next.seed ?? 1)
      pending = (next.script ?? []).map(({ kind, on = '', nth = 1, times = 1 }) => ({
        kind,
        on,
        wait: nth,
        times,
      }))
    },
    next(request) {
      const kind = pick(request)
      if (kind) shown[kind] = (shown[kind] ?? 0) + 1
      return kind
    },
  }
}

/** A small seeded generator: the same seed gives the same numbers on every machine. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
