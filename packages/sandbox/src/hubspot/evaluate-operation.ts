import type { JsonObject } from './body.ts'
import { readInstant } from './property-values.ts'

type Test = (stored: string, operation: JsonObject, nowMs: number) => boolean
const dayMs = 86_400_000
const set = (stored: string): ReadonlySet<string> =>
  new Set(stored.split(';').filter((value) => value !== ''))
const fold = (value: unknown): string => String(value).toLowerCase()
const valuesOf = (operation: JsonObject): readonly unknown[] =>
  Array.isArray(operation['values']) ? operation['values'] : []
const text: Readonly<Record<string, (stored: string, value: string) => boolean>> = {
  IS_EQUAL_TO: (stored, value) => stored === value,
  CONTAINS: (stored, value) => stored.includes(value),
  STARTS_WITH: (stored, value) => stored.startsWith(value),
  ENDS_WITH: (stored, value) => stored.endsWith(value),
}
const negatedText: Readonly<Record<string, string>> = {
  IS_NOT_EQUAL_TO: 'IS_EQUAL_TO',
  DOES_NOT_CONTAIN: 'CONTAINS',
}
const compare: Readonly<Record<string, (stored: number, value: number) => boolean>> = {
  IS_EQUAL_TO: (stored, value) => stored === value,
  IS_NOT_EQUAL_TO: (stored, value) => stored !== value,
  IS_GREATER_THAN: (stored, value) => stored > value,
  IS_GREATER_THAN_OR_EQUAL_TO: (stored, value) => stored >= value,
  IS_LESS_THAN: (stored, value) => stored < value,
  IS_LESS_THAN_OR_EQUAL_TO: (stored, value) => stored <= value,
  IS_BEFORE: (stored, value) => stored < value,
  IS_AFTER: (stored, value) => stored > value,
  IS_BEFORE_DATE: (stored, value) => stored < value,
  IS_AFTER_DATE: (stored, value) => stored > value,
}
type Values = ReadonlySet<string>
const holdsAll = (whole: Values, part: Values): boolean => [...part].every((value) => whole.has(value))
const holdsAny = (whole: Values, part: Values): boolean => [...part].some((value) => whole.has(value))
const equal = (one: Values, other: Values): boolean => one.size === other.size && holdsAll(one, other)
const enumeration: Readonly<Record<string, (stored: Values, values: Values) => boolean>> = {
  IS_ANY_OF: holdsAny,
  IS_NONE_OF: (stored, values) => !holdsAny(stored, values),
  IS_EXACTLY: equal,
  IS_NOT_EXACTLY: (stored, values) => !equal(stored, values),
  CONTAINS_ALL: holdsAll,
  DOES_NOT_CONTAIN_ALL: (stored, values) => !holdsAll(stored, values),
}
const instant = (stored: string): number => readInstant(stored) ?? Number.NaN
const between = (stored: number, operation: JsonObject): boolean => {
  const inside = stored >= Number(operation['lowerBound']) && stored <= Number(operation['upperBound'])
  return operation['operator'] === 'IS_NOT_BETWEEN' ? !inside : inside
}
function testText(stored: string, operation: JsonObject, values: readonly unknown[]): boolean {
  const operator = String(operation['operator'])
  const positive = negatedText[operator]
  const any = values.some((value) => text[positive ?? operator]?.(fold(stored), fold(value)) ?? false)
  return positive === undefined ? any : !any
}
function rollingDays(stored: string, operation: JsonObject, nowMs: number): boolean {
  const operator = String(operation['operator'])
  const distanceMs = operator.endsWith('AGO') ? nowMs - instant(stored) : instant(stored) - nowMs
  const limitMs = Number(operation['numberOfDays']) * dayMs
  return distanceMs >= 0 && (operator.includes('LESS_THAN') ? distanceMs < limitMs : distanceMs > limitMs)
}

/** The operators of each operation type that the sandbox evaluates. Grammar: the Lists guide of developers.hubspot.com. */
const operations: Readonly<Record<string, { readonly operators: readonly string[]; readonly test: Test }>> = {
  BOOL: {
    operators: ['IS_EQUAL_TO', 'IS_NOT_EQUAL_TO'],
    test: (stored, operation) =>
      (stored === String(operation['value'])) === (operation['operator'] === 'IS_EQUAL_TO'),
  },
  NUMBER: {
    operators: Object.keys(compare).slice(0, 6),
    test: (stored, operation) =>
      compare[String(operation['operator'])]?.(Number(stored), Number(operation['value'])) ?? false,
  },
  NUMBER_RANGED: {
    operators: ['IS_BETWEEN', 'IS_NOT_BETWEEN'],
    test: (stored, operation) => between(Number(stored), operation),
  },
  STRING: {
    operators: [...Object.keys(text), ...Object.keys(negatedText)],
    test: (stored, operation) => testText(stored, operation, [operation['value']]),
  },
  MULTISTRING: {
    operators: [...Object.keys(text), ...Object.keys(negatedText)],
    test: (stored, operation) => testText(stored, operation, valuesOf(operation)),
  },
  ENUMERATION: {
    operators: Object.keys(enumeration),
    test: (stored, operation) =>
      enumeration[String(operation['operator'])]?.(set(stored), new Set(valuesOf(operation).map(String))) ??
      false,
  },
  DATETIME: {
    operators: ['IS_EQUAL_TO', 'IS_BEFORE', 'IS_AFTER', 'IS_BEFORE_DATE', 'IS_AFTER_DATE'],
    test: (stored, operation) =>
      compare[String(operation['operator'])]?.(instant(stored), Number(operation['timestamp'])) ?? false,
  },
  RANGED_DATE: {
    operators: ['IS_BETWEEN', 'IS_NOT_BETWEEN'],
    test: (stored, operation) => between(instant(stored), operation),
  },
  ROLLING_DATE_RANGE: {
    operators: [
      'IS_LESS_THAN_X_DAYS_AGO',
      'IS_MORE_THAN_X_DAYS_AGO',
      'IS_LESS_THAN_X_DAYS_FROM_NOW',
      'IS_MORE_THAN_X_DAYS_FROM_NOW',
    ],
    test: rollingDays,
  },
}

/** Undefined when the sandbox evaluates it, else what it does not know. */
export function unknownOperation(operation: JsonObject): string | undefined {
  const type = String(operation['operationType'])
  const operator = String(operation['operator'])
  if (type === 'ALL_PROPERTY')
    return operator === 'IS_KNOWN' || operator === 'IS_UNKNOWN' ? undefined : `${type} ${operator}`
  return operations[type]?.operators.includes(operator) ? undefined : `${type} ${operator}`
}

/** Whether a stored value (undefined: none) satisfies one operation. */
export function satisfies(stored: string | undefined, operation: JsonObject, nowMs: number): boolean {
  const known = stored !== undefined && stored !== ''
  if (operation['operationType'] === 'ALL_PROPERTY') return known === (operation['operator'] === 'IS_KNOWN')
  if (!known) return operation['includeObjectsWithNoValueSet'] === true
  return operations[String(operation['operationType'])]?.test(stored, operation, nowMs) ?? false
}
