import type { SandboxClock } from './clock.ts'

export interface RateWindow {
  readonly max: number
  readonly perMs: number
  /** `fixed` starts anew on multiples of `perMs`; `rolling` looks back `perMs` from now. */
  readonly window: 'fixed' | 'rolling'
}
export interface RateAnswer {
  readonly allowed: boolean
  readonly remaining: number
  /** When the window has room again, ms since 1970 in sandbox time. */
  readonly resetAtMs: number
}

/** Counts calls in one window. A refused call is not counted. */
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
