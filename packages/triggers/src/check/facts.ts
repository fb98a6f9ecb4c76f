import { coerceToField, isCalendarDate, readInstant, type FieldType, type Value } from '@tripline/model'
import type { Comparison } from '../definition/comparison.ts'

/** A comparison with a fixed value, of one value that is there once. */
type Fact = Exclude<Comparison, { readonly anchor: string }>

/**
 * Whether no value can fit all of these comparisons. They must be about one path without `[]`; comparisons with the
 * anchor are left out. `true` is certain; `false` says nothing.
 */
export function areContradictory(comparisons: readonly Comparison[], type: FieldType | undefined): boolean {
  const facts = comparisons.filter((each): each is Fact => !('anchor' in each))
  const missing = comparisons.some((each) => each.op === 'exists' && !each.value)
  const present = comparisons.some((each) => each.op !== 'exists' || each.value)
  if (missing) return present
  if (facts.some(({ op }) => op === 'withinLast') && facts.some(({ op }) => op === 'withinNext')) return true
  const candidates = facts.flatMap((fact) => valuesOf(fact, type))
  const [first] = candidates
  if (first !== undefined) {
    return !first.some((value) => facts.every((fact) => fits(value, fact, type)))
  }
  return isEmptyRange(facts, type)
}

/** The few values that a comparison allows, as a list of one list; none when it allows endlessly many. */
function valuesOf(fact: Fact, type: FieldType | undefined): readonly (readonly Value[])[] {
  if (fact.op === 'eq') return [[canonical(fact.value, type)]]
  return fact.op === 'in' ? [fact.values.map((value) => canonical(value, type))] : []
}

function canonical(value: Value, type: FieldType | undefined): Value {
  if (type === undefined) return value
  const coerced = coerceToField(value, { of: 'user', name: 'value', type })
  return coerced.ok ? coerced.value : value
}

/** Whether a fixed value fits; true where that depends on the time. */
function fits(value: Value, fact: Fact, type: FieldType | undefined): boolean {
  switch (fact.op) {
    case 'exists':
      return fact.value
    case 'withinLast':
    case 'withinNext':
      return true
    case 'in':
      return fact.values.some((each) => isSame(value, canonical(each, type)))
    case 'eq':
      return isSame(value, canonical(fact.value, type))
    case 'neq':
      return !isSame(value, canonical(fact.value, type))
    case 'contains':
      return typeof value !== 'string' || typeof fact.value !== 'string' || value.includes(fact.value)
    case 'startsWith':
      return typeof value === 'string' && typeof fact.value === 'string' && value.startsWith(fact.value)
    default: {
      const [mine, bound] = [placeOf(value, fact, type), placeOf(fact.value, fact, type)]
      // Amounts, and texts that are no days: not judged here.
      if (mine === undefined || bound === undefined) return true
      return {
        gt: mine > bound,
        gte: mine >= bound,
        lt: mine < bound,
        lte: mine <= bound,
        before: mine < bound,
        after: mine > bound,
      }[fact.op]
    }
  }
}

function isSame(a: Value, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Where a number, a day or a moment stands among its kind; text of no declared type is not judged. */
function placeOf(value: Value, { op }: Fact, type: FieldType | undefined): number | undefined {
  const isMoment = op === 'before' || op === 'after' || type === 'date' || type === 'instant'
  if (typeof value === 'number') return isMoment ? undefined : value
  if (typeof value !== 'string' || !isMoment) return undefined
  if (isCalendarDate(value)) return Date.parse(`${value}T00:00:00Z`)
  const read = readInstant(value)
  return read.ok ? Date.parse(read.at) : undefined
}

function isEmptyRange(facts: readonly Fact[], type: FieldType | undefined): boolean {
  let least = { at: -Infinity, open: false }
  let most = { at: Infinity, open: false }
  const kinds = new Set<string>()
  for (const fact of facts) {
    if (!('value' in fact) || fact.op === 'exists' || fact.op === 'neq') continue
    const at = placeOf(fact.value, fact, type)
    if (at === undefined) continue
    kinds.add(typeof fact.value)
    const open = fact.op === 'gt' || fact.op === 'lt' || fact.op === 'after' || fact.op === 'before'
    if (fact.op === 'gt' || fact.op === 'gte' || fact.op === 'after') {
      if (at > least.at || (at === least.at && open)) least = { at, open }
    } else if (at < most.at || (at === most.at && open)) most = { at, open }
  }
  // A value of one type is compared with one type: `> 5` and `< '2026-01-01'` fit none.
  if (kinds.size > 1) return true
  if (type === 'integer') {
    const low = least.open && Number.isInteger(least.at) ? least.at + 1 : Math.ceil(least.at)
    const high = most.open && Number.isInteger(most.at) ? most.at - 1 : Math.floor(most.at)
    return low > high
  }
  return least.at > most.at || (least.at === most.at && (least.open || most.open))
}
