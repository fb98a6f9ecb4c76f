import type { Comparator } from './ast.ts'

export interface ComparisonTime {
  readonly nowMs: number
  readonly booleans: 'both' | 'bare' | 'quoted'
}

/** Compares a value with its operands. `durationMs` stands for the operand of the relative date comparators. */
export function compare(
  comparator: Comparator,
  value: unknown,
  operands: readonly unknown[],
  durationMs: number,
  time: ComparisonTime,
): boolean {
  const absent = value === undefined || value === null
  if (comparator === 'absent') return absent
  if (comparator === 'exists') return !absent
  // `omits` is documented as NOT contains, `differs` as true only for a value that exists
  if (absent) return comparator === 'omits' || comparator === 'none_of'
  const test = tests[comparator]
  return test(value, operands, durationMs, time)
}

type Test = (
  value: unknown,
  operands: readonly unknown[],
  durationMs: number,
  time: ComparisonTime,
) => boolean
/** Arrays and objects are flattened to text, as Segment does. */
const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
const isNumeric = (value: unknown): boolean =>
  typeof value === 'number' ||
  (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))

function equal(value: unknown, operand: unknown, time: ComparisonTime): boolean {
  if (operand === undefined || operand === null) return false
  if (typeof value === 'boolean' && typeof operand === 'string' && time.booleans === 'bare') return false
  if (isNumeric(value) && isNumeric(operand)) return Number(value) === Number(operand)
  return text(value) === text(operand)
}
const numbers =
  (test: (value: number, operand: number) => boolean): Test =>
  (value, [operand]) =>
    isNumeric(value) && isNumeric(operand) && test(Number(value), Number(operand))
/** ISO 8601 only: other date forms are not dates to Segment. */
const toMs = (value: unknown): number =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN
const dates =
  (test: (atMs: number, nowMs: number, durationMs: number) => boolean): Test =>
  (value, _operands, durationMs, time) =>
    test(toMs(value), time.nowMs, durationMs)

const tests: Readonly<Record<Exclude<Comparator, 'absent' | 'exists'>, Test>> = {
  equals: (value, [operand], _ms, time) => equal(value, operand, time),
  differs: (value, [operand], _ms, time) => !equal(value, operand, time),
  greater_than: numbers((value, operand) => value > operand),
  at_least: numbers((value, operand) => value >= operand),
  less_than: numbers((value, operand) => value < operand),
  at_most: numbers((value, operand) => value <= operand),
  contains: (value, operands) => operands.some((operand) => text(value).includes(text(operand))),
  omits: (value, operands) => !operands.some((operand) => text(value).includes(text(operand))),
  starts_with: (value, [operand]) => text(value).startsWith(text(operand)),
  ends_with: (value, [operand]) => text(value).endsWith(text(operand)),
  one_of: (value, operands, _ms, time) => operands.some((operand) => equal(value, operand, time)),
  none_of: (value, operands, _ms, time) => !operands.some((operand) => equal(value, operand, time)),
  before_date: (value, [operand]) => toMs(value) < toMs(operand),
  after_date: (value, [operand]) => toMs(value) > toMs(operand),
  within_last: dates((atMs, nowMs, durationMs) => atMs <= nowMs && atMs >= nowMs - durationMs),
  within_next: dates((atMs, nowMs, durationMs) => atMs >= nowMs && atMs <= nowMs + durationMs),
  before_last: dates((atMs, nowMs, durationMs) => atMs <= nowMs - durationMs),
  after_next: dates((atMs, nowMs, durationMs) => atMs >= nowMs + durationMs),
}
