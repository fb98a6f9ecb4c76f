import type { FaultKind } from './simulator.ts'

/**
 * One fault to show, on requests whose "METHOD /path" contains `on`. A script is worked off in its order: of the entries that
 * fit a request only the first one counts it, so `nth` counts from where the entry before it was done.
 */
export interface ScriptedFault {
  readonly kind: FaultKind
  /** @default all requests */
  readonly on?: string
  /** 1 is the next such request. Those passed over until then show no fault by rate either. @default 1 */
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
const unusual: readonly FaultKind[] = ['partial', 'silent']
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
  /**
   * Replaces the plan; the seed starts anew, what was `shown` stays.
   * @throws TypeError when a kind does not exist, RangeError when a number is none
   */
  set(plan: ChaosPlan): void
  /** Deals a fault to the request "METHOD /path", or none. */
  next(request: string): FaultKind | undefined
  /** Counts a fault that was dealt and could be shown. */
  count(kind: FaultKind): void
  readonly slowMs: number
  /** Faults shown so far, by kind. A fault that was dealt to a request refused beforehand is not among them. */
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
    next: pick,
    count: (kind) => void (shown[kind] = (shown[kind] ?? 0) + 1),
    get slowMs() {
      return plan.slowMs ?? 2_000
    },
    set(next) {
      checkPlan(next)
      plan = next
      random = mulberry32(next.seed ?? 1)
      pending = (next.script ?? []).map(({ kind, on = '', nth = 1, times = 1 }) => ({
        kind,
        on,
        wait: nth,
        times,
      }))
    },
  }
}

/** Plans also come as JSON from other processes: a misspelt kind must not pass for another one. */
function checkPlan({ rate = 0, slowMs = 0, seed = 1, kinds = [], script = [] }: ChaosPlan): void {
  const known: readonly string[] = [...byRate, ...unusual]
  for (const kind of [...kinds, ...script.map((fault) => fault.kind)])
    if (!known.includes(kind)) throw new TypeError(`no such fault: ${kind}. There are ${known.join(', ')}`)
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`the rate of faults is between 0 and 1, not ${rate}`)
  if (!(slowMs >= 0)) throw new RangeError(`slowMs is a number of ms, not ${slowMs}`)
  if (!Number.isFinite(seed)) throw new RangeError(`a seed is a number, not ${seed}`)
  for (const { nth = 1, times = 1 } of script)
    if (!(nth >= 1 && times >= 1)) throw new RangeError('nth and times of a scripted fault begin at 1')
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
