import { coerceToField, isCalendarDate, readInstant, type FieldType, type Value } from '@tripline/model'
import type { Comparison } from '../definition/comparison.ts'

/** What is wrong with a comparison of a value of a type: where (`''`, `.value`, `.values[0]`, `.anchor`) and what. */
export interface Unsuited {
  readonly at: string
  readonly message: string
}
/** The declared types that the anchor's property can have; empty: nothing is known. */
export type AnchorTypes = (path: string) => readonly FieldType[]

const ordered: readonly FieldType[] = ['string', 'number', 'integer', 'date', 'instant', 'money']
const moments: readonly FieldType[] = ['date', 'instant']
const byOperator: Readonly<Record<Comparison['op'], readonly FieldType[] | 'all'>> = {
  eq: 'all',
  neq: 'all',
  in: 'all',
  exists: 'all',
  gt: ordered,
  gte: ordered,
  lt: ordered,
  lte: ordered,
  contains: ['string', 'strings', 'object'],
  startsWith: ['string'],
  before: moments,
  after: moments,
  withinLast: moments,
  withinNext: moments,
}

/**
 * Why a comparison of a value of this declared type can never hold, if so. Without a type only what no type could make
 * true: a day that is none.
 */
export function unsuited(
  comparison: Comparison,
  type: FieldType | undefined,
  anchorTypes: AnchorTypes,
): readonly Unsuited[] {
  const allowed = byOperator[comparison.op]
  if (type !== undefined && allowed !== 'all' && !allowed.includes(type)) {
    return [
      { at: '.op', message: `"${comparison.op}" compares ${list(allowed)}; this is declared as ${type}` },
    ]
  }
  if (comparison.op === 'before' || comparison.op === 'after') return unsuitedMoment(comparison, anchorTypes)
  if (type === undefined || comparison.op === 'exists') return []
  // An element of `strings`, a part of a text, an element of a list: a text.
  const operandType = comparison.op === 'contains' && type === 'strings' ? 'string' : type
  if ('anchor' in comparison) return unsuitedAnchor(comparison.anchor, operandType, anchorTypes)
  if (comparison.op === 'contains' && type === 'object') return []
  if ('values' in comparison) {
    return comparison.values.flatMap((value, index) => unsuitedValue(value, operandType, `.values[${index}]`))
  }
  return 'value' in comparison ? unsuitedValue(comparison.value, operandType, '.value') : []
}

/** Whether a fixed value is of a declared type; `null` stands for "missing" and is not. */
export function unsuitedValue(value: Value, type: FieldType, at: string): readonly Unsuited[] {
  const coerced = coerceToField(value, { of: 'user', name: 'value', type })
  if (coerced.ok && coerced.value !== null) return []
  const advice = value === null ? 'null is missing: compare with "exists"' : `write a value of type ${type}`
  return [{ at, message: `is ${JSON.stringify(value)}, but this is declared as ${type}; ${advice}` }]
}

function unsuitedMoment(
  comparison: Extract<Comparison, { readonly op: 'before' | 'after' }> | Comparison,
  anchorTypes: AnchorTypes,
): readonly Unsuited[] {
  if ('anchor' in comparison) {
    const wrong = anchorTypes(comparison.anchor).find((type) => !moments.includes(type))
    if (wrong === undefined) return []
    return [
      { at: '.anchor', message: `is declared as ${wrong}; only a date or an instant is before or after` },
    ]
  }
  const value = 'value' in comparison ? comparison.value : undefined
  if (typeof value === 'string' && (isCalendarDate(value) || readInstant(value).ok)) return []
  return [
    {
      at: '.value',
      message: `is ${JSON.stringify(value)}; write a day (2026-11-01) or a moment with its zone`,
    },
  ]
}

/** Whether a property of the anchor is comparable with a value of this type. */
export function unsuitedAnchor(path: string, type: FieldType, anchorTypes: AnchorTypes): readonly Unsuited[] {
  const wrong = anchorTypes(path).find((each) => kindOf(each) !== kindOf(type))
  if (wrong === undefined) return []
  return [{ at: '.anchor', message: `is declared as ${wrong}, but is compared with a value of type ${type}` }]
}

/** Types that are compared with each other. */
function kindOf(type: FieldType): string {
  if (type === 'integer') return 'number'
  return type === 'date' ? 'instant' : type
}

function list(types: readonly FieldType[]): string {
  return types.length === 1 ? `only ${types.join('')}` : types.join(', ')
}
