import type { CountComparison } from '../definition/comparison.ts'
import type { Condition, DidCondition } from '../definition/condition.ts'
import { durationMs } from '../definition/duration.ts'

/** The counts that a comparison allows: from `least` to `most`, but one. */
interface Counts {
  readonly least: number
  readonly most: number
  readonly but?: number
}

function countsOf({ op, value }: CountComparison): Counts {
  switch (op) {
    case 'eq':
      return { least: value, most: value }
    case 'neq':
      return { least: 0, most: Infinity, but: value }
    case 'gt':
      return { least: value + 1, most: Infinity }
    case 'gte':
      return { least: value, most: Infinity }
    case 'lt':
      return { least: 0, most: value - 1 }
    case 'lte':
      return { least: 0, most: value }
  }
}

/** Whether a comparison of a count holds for every count, or for none. */
export function truthOfCount(comparison: CountComparison): 'always' | 'never' | undefined {
  const { least, most, but } = countsOf(comparison)
  if (least > most) return 'never'
  return least <= 0 && most === Infinity && but === undefined ? 'always' : undefined
}

/** Whether it holds when nothing is counted. */
export function allowsZero(comparison: CountComparison): boolean {
  const { least, most, but } = countsOf(comparison)
  return least <= 0 && most >= 0 && but !== 0
}

const opposites = { eq: 'neq', neq: 'eq', gt: 'lte', gte: 'lt', lt: 'gte', lte: 'gt' } as const

/** The condition that holds exactly when this one does not. */
export function opposite(condition: Condition): Condition {
  if (condition.kind === 'not') return condition.condition
  if (condition.kind === 'did') {
    const { op, value } = condition.count
    return { ...condition, count: { op: opposites[op], value } }
  }
  return { kind: 'not', condition }
}

/** Whether two counts of the same events cannot be together: at least 3 in a day, and fewer than 3 in a week. */
export function countsConflict(a: DidCondition, b: DidCondition): boolean {
  return (
    JSON.stringify(a.event) === JSON.stringify(b.event) &&
    (isTooMany(a, b) || isTooMany(b, a) || isUnequal(a, b))
  )
}

/** The shorter window needs more than the longer one allows. */
function isTooMany(shorter: DidCondition, longer: DidCondition): boolean {
  return lengthOf(shorter) <= lengthOf(longer) && countsOf(shorter.count).least > countsOf(longer.count).most
}

function isUnequal(a: DidCondition, b: DidCondition): boolean {
  if (lengthOf(a) !== lengthOf(b)) return false
  const [first, second] = [countsOf(a.count), countsOf(b.count)]
  const only = (counts: Counts) => (counts.least === counts.most ? counts.least : undefined)
  return (
    (first.but !== undefined && only(second) === first.but) ||
    (second.but !== undefined && only(first) === second.but)
  )
}

function lengthOf({ within }: DidCondition): number {
  return within === undefined ? Infinity : durationMs(within)
}
