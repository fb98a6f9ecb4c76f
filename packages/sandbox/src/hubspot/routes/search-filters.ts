import { invalid } from '../errors.ts'
import type { PropertyDefinition } from '../property-definitions.ts'
import { readInstant } from '../property-values.ts'

export interface SearchFilter {
  readonly propertyName: string
  readonly operator: string
  readonly value?: string
  readonly highValue?: string
  readonly values?: readonly string[]
}
type Comparable = number | string

/** Numbers and instants compare as numbers, texts without case. */
export function comparableValue(definition: PropertyDefinition | undefined, value: string): Comparable {
  if (definition?.type === 'number') return Number(value)
  if (definition?.type === 'datetime') return readInstant(value) ?? Number.NaN
  if (definition?.type === 'date') return readInstant(value) ?? Number.NaN
  return value.toLowerCase()
}

/** Whole words, `*` stands for any number of characters; never a part of a word. */
function hasToken(stored: string, wanted: string): boolean {
  const pattern = new RegExp(`^${wanted.toLowerCase().split('*').map(escape).join('.*')}$`)
  const whole = stored.toLowerCase()
  return pattern.test(whole) || whole.split(/[^\p{L}\p{N}_]+/u).some((token) => pattern.test(token))
}
const escape = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')

type Test = (stored: string | undefined, filter: SearchFilter, as: (value: string) => Comparable) => boolean
const order =
  (holds: (stored: Comparable, value: Comparable) => boolean): Test =>
  (stored, { value = '' }, as) =>
    stored !== undefined && holds(as(stored), as(value))
const oneOf = (stored: string, values: readonly string[] = []): boolean =>
  // Lower-case on the stored side only: `IN` misses values that are not sent in lower case (integrators' reports).
  stored
    .split(';')
    .some((part) => values.includes(part.toLowerCase()) || (/^[\d.-]+$/.test(part) && values.includes(part)))

/** Operator → what it needs, and its test. https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm.md */
const operators: Readonly<
  Record<string, { readonly needs?: 'value' | 'values' | 'range'; readonly test: Test }>
> = {
  EQ: { needs: 'value', test: order((stored, value) => stored === value) },
  NEQ: { needs: 'value', test: order((stored, value) => stored !== value) },
  LT: { needs: 'value', test: order((stored, value) => stored < value) },
  LTE: { needs: 'value', test: order((stored, value) => stored <= value) },
  GT: { needs: 'value', test: order((stored, value) => stored > value) },
  GTE: { needs: 'value', test: order((stored, value) => stored >= value) },
  BETWEEN: {
    needs: 'range',
    test: (stored, { value = '', highValue = '' }, as) =>
      stored !== undefined && as(stored) >= as(value) && as(stored) <= as(highValue),
  },
  IN: { needs: 'values', test: (stored, { values }) => stored !== undefined && oneOf(stored, values) },
  NOT_IN: { needs: 'values', test: (stored, { values }) => stored !== undefined && !oneOf(stored, values) },
  HAS_PROPERTY: { test: (stored) => stored !== undefined },
  NOT_HAS_PROPERTY: { test: (stored) => stored === undefined },
  CONTAINS_TOKEN: {
    needs: 'value',
    test: (stored, { value = '' }) => stored !== undefined && hasToken(stored, value),
  },
  NOT_CONTAINS_TOKEN: {
    needs: 'value',
    test: (stored, { value = '' }) => stored === undefined || !hasToken(stored, value),
  },
}

/** @throws {Refusal} 400 for an unknown operator or a filter without what its operator needs. */
export function checkSearchFilter(filter: SearchFilter, definition: PropertyDefinition | undefined): void {
  const operator = operators[filter.operator]
  if (operator === undefined)
    throw invalid(
      `Invalid input JSON on line 1, column 1: Cannot deserialize value of \`operator\` ${filter.operator}`,
    )
  if (definition === undefined)
    throw invalid(`There was a problem with the request: property ${filter.propertyName} does not exist`)
  if (
    operator.needs === 'values'
      ? filter.values === undefined
      : operator.needs !== undefined && filter.value === undefined
  )
    throw invalid(`operator ${filter.operator} requires ${operator.needs === 'values' ? 'values' : 'value'}`)
  if (operator.needs === 'range' && filter.highValue === undefined)
    throw invalid('operator BETWEEN requires highValue')
}

export function passesFilter(
  stored: string | undefined,
  filter: SearchFilter,
  definition: PropertyDefinition | undefined,
): boolean {
  return (
    operators[filter.operator]?.test(stored, filter, (value) => comparableValue(definition, value)) ?? false
  )
}
