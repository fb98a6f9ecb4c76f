import { coerceToField, isInstant, readInstant } from '@tripline/model'
import type { Comparison } from '../definition/comparison.ts'
import { durationMs } from '../definition/duration.ts'

/** Whether a value fits, at the instant `atMs`; `anchor` holds the values of the anchor event. */
export type Fits = (value: unknown, anchor: readonly unknown[], atMs: number) => boolean
/** Gives the index at which an anchor's value of the path will be found. */
export type AnchorIndex = (path: string) => number

type Test = (value: unknown, operand: unknown) => boolean
type Ordered = string | number

const ordered =
  (test: (value: Ordered, operand: Ordered) => boolean): Test =>
  (value, operand) =>
    (typeof value === 'number' && typeof operand === 'number') ||
    (typeof value === 'string' && typeof operand === 'string')
      ? test(value, operand)
      : false
/** The operand says whether both are days or instants; what is neither is missing. */
const dated =
  (test: (value: Ordered, operand: Ordered) => boolean): Test =>
  (value, operand) => {
    const type = typeof operand === 'string' && readInstant(operand).ok ? 'instant' : 'date'
    const field = { of: 'user', name: 'value', type } as const
    const [left, right] = [coerceToField(value, field), coerceToField(operand, field)]
    if (!left.ok || !right.ok) return false
    return ordered(test)(left.value, right.value)
  }

const tests: Readonly<Record<string, Test>> = {
  eq: same,
  neq: (value, operand) =>
    kindOf(value) !== 'missing' && kindOf(value) === kindOf(operand) && !same(value, operand),
  gt: ordered((value, operand) => value > operand),
  gte: ordered((value, operand) => value >= operand),
  lt: ordered((value, operand) => value < operand),
  lte: ordered((value, operand) => value <= operand),
  contains: (value, operand) =>
    Array.isArray(value)
      ? value.some((element) => same(element, operand))
      : typeof value === 'string' && typeof operand === 'string' && value.includes(operand),
  startsWith: (value, operand) =>
    typeof value === 'string' && typeof operand === 'string' && value.startsWith(operand),
  before: dated((value, operand) => value < operand),
  after: dated((value, operand) => value > operand),
}

/**
 * Types are those of the value compared with: another type is missing. Declared types of a tracking plan are not read.
 */
export function compileComparison(comparison: Comparison, anchorIndex: AnchorIndex): Fits {
  switch (comparison.op) {
    case 'exists':
      return (value) => (value !== null && value !== undefined) === comparison.value
    case 'in':
      return (value) => comparison.values.some((each) => same(value, each))
    case 'withinLast':
    case 'withinNext': {
      const lengthMs = durationMs(comparison.duration)
      const last = comparison.op === 'withinLast'
      return (value, _, atMs) => {
        const ms = momentOf(value)
        return last ? ms > atMs - lengthMs && ms <= atMs : ms > atMs && ms <= atMs + lengthMs
      }
    }
    default: {
      const test = tests[comparison.op]
      if (test === undefined) throw new RangeError(`comparison "${comparison.op}" is not known`)
      if ('value' in comparison) {
        const operand = comparison.value
        return (value) => test(value, operand)
      }
      const index = anchorIndex(comparison.anchor)
      return (value, anchor) => test(value, anchor[index] ?? null)
    }
  }
}

function momentOf(value: unknown): number {
  const coerced = coerceToField(value, { of: 'user', name: 'value', type: 'instant' })
  return coerced.ok && typeof coerced.value === 'string' && isInstant(coerced.value)
    ? Date.parse(coerced.value)
    : Number.NaN
}

function same(value: unknown, operand: unknown): boolean {
  if (value === null || value === undefined) return false
  if (value === operand) return true
  if (typeof value !== 'object' || typeof operand !== 'object' || operand === null) return false
  return canonical(value) === canonical(operand)
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'missing'
  return Array.isArray(value) ? 'array' : typeof value
}

/** JSON with sorted names: equal for equal values. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : each,
  )
}
