import { isCalendarDate, readInstant, sameValue, type FieldType, type Value } from '@tripline/model'
import type { Comparison } from '../definition/comparison.ts'
import { durationMs } from '../definition/duration.ts'
import { typedAs, untyped, type Declared } from './field-types.ts'
import { compareValues } from './order.ts'

/** Whether a value fits, at the instant `atMs`; `anchor` holds the values of the anchor event. */
export type Fits = (value: unknown, anchor: readonly unknown[], atMs: number) => boolean
/** Gives the index at which an anchor's value of the path will be found. */
export type AnchorIndex = (path: string) => number

type Test = (value: Value, operand: Value, type: FieldType | undefined) => boolean

const ordered =
  (holds: (order: number) => boolean): Test =>
  (value, operand) => {
    const order = compareValues(value, operand)
    return order !== undefined && holds(order)
  }
const less = ordered((order) => order < 0)
const more = ordered((order) => order > 0)

const tests = {
  eq: same,
  neq: (value, operand, type) => !same(value, operand, type),
  gt: more,
  gte: ordered((order) => order >= 0),
  lt: less,
  lte: ordered((order) => order <= 0),
  before: less,
  after: more,
  contains: (value, operand) =>
    Array.isArray(value)
      ? value.some((element) => same(element as Value, operand, undefined))
      : typeof value === 'string' && typeof operand === 'string' && value.includes(operand),
  startsWith: (value, operand) =>
    typeof value === 'string' && typeof operand === 'string' && value.startsWith(operand),
} as const satisfies { readonly [operator: string]: Test }

/** Values are compared as the declared type; without one as the type of what they are compared with. */
export function compileComparison(
  comparison: Comparison,
  declared: Declared | undefined,
  anchorIndex: AnchorIndex,
): Fits {
  switch (comparison.op) {
    case 'exists': {
      const typed = declared?.typed ?? untyped
      return (value) => (typed(value) !== undefined) === comparison.value
    }
    case 'in':
      return compileIn(comparison.values, declared)
    case 'withinLast':
    case 'withinNext':
      return compileWithin(comparison, declared)
    default: {
      const test: Test = tests[comparison.op]
      const { op } = comparison
      if ('value' in comparison) return compileFixed(op, comparison.value, test, declared)
      const index = anchorIndex(comparison.anchor)
      return (value, anchor) => {
        const operand = anchor[index]
        if (operand === null || operand === undefined || value === null) return false
        return compileFixed(op, operand as Value, test, declared)(value, anchor, 0)
      }
    }
  }
}

function compileFixed(
  op: keyof typeof tests,
  operand: Value,
  test: Test,
  declared: Declared | undefined,
): Fits {
  const type = declared?.type ?? typeFor(op, operand)
  const typed = declared?.typed ?? (type === undefined ? untyped : typedAs(type))
  const right = op === 'contains' || type === undefined ? untyped(operand) : typedAs(type)(operand)
  if (right === undefined) return never
  if (op === 'eq' && typeof right === 'string' && type === 'string') {
    return declared === undefined ? (value) => value === right : (value) => typed(value) === right
  }
  return (value) => {
    const left = typed(value)
    return left !== undefined && test(left, right, type)
  }
}

const never: Fits = () => false

/** Each value without a declared type is compared as its own. */
function compileIn(values: readonly Value[], declared: Declared | undefined): Fits {
  const each = values.map((value) => compileFixed('eq', value, same, declared))
  return (value, anchor, atMs) => each.some((fits) => fits(value, anchor, atMs))
}

function compileWithin(
  comparison: Extract<Comparison, { readonly op: 'withinLast' | 'withinNext' }>,
  declared: Declared | undefined,
): Fits {
  const lengthMs = durationMs(comparison.duration)
  const typed = declared?.typed ?? untyped
  const last = comparison.op === 'withinLast'
  return (value, _, atMs) => {
    const ms = momentOf(typed(value))
    return last ? ms > atMs - lengthMs && ms <= atMs : ms > atMs && ms <= atMs + lengthMs
  }
}

/** The type of an undeclared value is that of what it is compared with. */
function typeFor(op: keyof typeof tests, operand: Value): FieldType | undefined {
  if (op === 'before' || op === 'after') {
    return typeof operand === 'string' && readInstant(operand).ok ? 'instant' : 'date'
  }
  if (op === 'contains' || operand === null) return undefined
  if (typeof operand === 'object') return Array.isArray(operand) ? 'strings' : 'object'
  return typeof operand as 'string' | 'number' | 'boolean'
}

/** The instant of a moment, or of a day's midnight in UTC; NaN for anything else. */
export function momentOf(value: unknown): number {
  if (typeof value !== 'string') return Number.NaN
  const read = readInstant(isCalendarDate(value) ? `${value}T00:00:00.000Z` : value)
  return read.ok ? Date.parse(read.at) : Number.NaN
}

function same(value: Value, operand: Value, type: FieldType | undefined): boolean {
  return value === operand || (typeof value === 'object' && sameValue(value, operand, type ?? 'object'))
}
