import { waysOf } from '../definition/check/visit.ts'
import { durationMs } from '../definition/duration.ts'
import type { Step } from '../definition/journey.ts'
import type { Occasion } from '../definition/occasion.ts'

const dayMs = 86_400_000

/** How long a list of steps takes, in ms: at least, and at most. Goals and exits are left out. */
export interface RunLength {
  readonly leastMs: number
  readonly mostMs: number
}

const none: RunLength = { leastMs: 0, mostMs: 0 }

/**
 * The length of a run. `waitUntil` takes up to 25 hours (a day on which the clock goes back), a send none: what it waits
 * for (quiet hours, arbitration) is not in the steps.
 */
export function runLength(steps: readonly Step[]): RunLength {
  return lengthOf(steps, none)
}

/** Steps and what comes after them. */
function lengthOf(steps: readonly Step[], after: RunLength): RunLength {
  return steps.reduceRight((rest, step) => withStep(step, rest), after)
}

function withStep(step: Step, after: RunLength): RunLength {
  switch (step.kind) {
    case 'exit':
      return none
    case 'wait':
      return longer(after, durationMs(step.for), durationMs(step.for))
    case 'waitUntil':
      return longer(after, 0, dayMs + dayMs / 24)
    case 'fallback':
      return longer(after, 0, step.sends.length * durationMs(step.ifNotEngagedIn))
    case 'waitFor': {
      const timeoutMs = durationMs(step.timeout)
      const soonestMs = Math.min(soonest(step.occasion), timeoutMs)
      return either([
        longer(lengthOf(step.yes, after), soonestMs, timeoutMs),
        longer(lengthOf(step.no, after), timeoutMs, timeoutMs),
      ])
    }
    case 'branch':
      return either([lengthOf(step.yes, after), lengthOf(step.no, after)])
    case 'split':
      return either(step.arms.filter(({ weight }) => weight > 0).map((arm) => lengthOf(arm.steps, after)))
    default:
      return after
  }
}

function longer({ leastMs, mostMs }: RunLength, byLeastMs: number, byMostMs: number): RunLength {
  return { leastMs: leastMs + byLeastMs, mostMs: mostMs + byMostMs }
}

function either(ways: readonly RunLength[]): RunLength {
  return {
    leastMs: Math.min(...ways.map(({ leastMs }) => leastMs)),
    mostMs: Math.max(...ways.map(({ mostMs }) => mostMs)),
  }
}

/** The most that one run can take of what is counted at each step: of the ways of a step it takes one. */
export function mostInRun(steps: readonly Step[], countOf: (step: Step) => number): number {
  return steps.reduce((sum, step) => {
    const inside = waysOf(step).map(([, way]) => mostInRun(way, countOf))
    return sum + countOf(step) + Math.max(0, ...inside)
  }, 0)
}

/** Whether nothing can come after this step: it is `exit`, or all of its ways end in one. */
export function endsRun(step: Step): boolean {
  const ends = (steps: readonly Step[]) => steps.some(endsRun)
  if (step.kind === 'exit') return true
  if (step.kind === 'waitFor' || step.kind === 'branch') return ends(step.yes) && ends(step.no)
  return step.kind === 'split' && step.arms.filter(({ weight }) => weight > 0).every((arm) => ends(arm.steps))
}

/** The shortest time in which an occasion can happen that sees only what comes after its start. */
export function soonest(occasion: Occasion): number {
  if (occasion.kind === 'without') return soonest(occasion.base) + durationMs(occasion.for)
  if (occasion.kind === 'given') return soonest(occasion.base)
  return occasion.kind === 'inactive' ? durationMs(occasion.for) : 0
}
