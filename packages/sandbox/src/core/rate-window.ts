import type { SandboxClock } from './clock.ts'

export interface RateWindow {
  readonly max: number
  readonly perMs: number
  /** `fixed` starts anew on multiples of `perMs`; `rolling` looks back `perMs` from now. */
  readonly window: 'fixed' | 'rolling'
}
export interface RateAnswer {
  readonly allowed: boolean
  /** What is left after this call, in weight. */
  readonly remaining: number
  /** When room comes back: the fixed window ends, or the oldest call leaves the rolling one. Ms since 1970, sandbox time. */
  readonly resetAtMs: number
}

/**
 * Counts calls in one window; each weighs 1 unless told. A refused call is not counted.
 * @example
 * const counter = createRateCounter({ max: 2, perMs: 1_000, window: 'rolling' }, clock)
 * counter.hit() // => { allowed: true, remaining: 1, resetAtMs: clock.now() + 1_000 }
 */
export function createRateCounter(
  rule: RateWindow,
  clock: SandboxClock,
): { hit(weight?: number): RateAnswer } {
  let windowStart = 0
  let used = 0
  const hits: { at: number; weight: number }[] = []
  const fixed = (at: number, weight: number): RateAnswer => {
    const start = Math.floor(at / rule.perMs) * rule.perMs
    if (start !== windowStart) [windowStart, used] = [start, 0]
    const allowed = used + weight <= rule.max
    if (allowed) used += weight
    return { allowed, remaining: rule.max - used, resetAtMs: windowStart + rule.perMs }
  }
  const rolling = (at: number, weight: number): RateAnswer => {
    while (hits[0] && hits[0].at <= at - rule.perMs) used -= hits.shift()?.weight ?? 0
    const allowed = used + weight <= rule.max
    if (allowed) {
      hits.push({ at, weight })
      used += weight
    }
    return { allowed, remaining: rule.max - used, resetAtMs: (hits[0]?.at ?? at) + rule.perMs }
  }
  return { hit: (weight = 1) => (rule.window === 'fixed' ? fixed : rolling)(clock.now(), weight) }
}
