import { ExpressionError } from './expression-lexer.ts'
import type { BinaryOperator, Expression, FunctionName, Source } from './expression-parser.ts'

/** A point in time; made by `datetime(…)`. */
class Moment {
  readonly ms: number
  constructor(ms: number) {
    this.ms = ms
  }
}
type Result = string | number | boolean | null | undefined | Moment | readonly unknown[] | object
/** Where `properties["x"]`, `user["x"]`, `event["x"]` and `behaviors["x"]` are looked up; undefined: not there. */
export type Lookup = (source: Source, name: string) => unknown

/**
 * Whether a row is selected: only a result of `true` does.
 * Types follow https://developer.mixpanel.com/reference/segmentation-expressions: `==` of different types is false,
 * comparison and arithmetic of different types undefined, `and`/`or` of anything but booleans an error.
 * @throws {ExpressionError}
 */
export const selects = (expression: Expression, lookup: Lookup): boolean =>
  evaluate(expression, lookup) === true

function evaluate(expression: Expression, lookup: Lookup): Result {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'list':
      return expression.items.map((item) => evaluate(item, lookup))
    case 'property':
      return lookup(expression.source, expression.name) as Result
    case 'call':
      return call(expression.name, evaluate(expression.of, lookup))
    case 'unary':
      return expression.operator === '-'
        ? negate(evaluate(expression.of, lookup))
        : not(evaluate(expression.of, lookup))
    case 'binary':
      return binary(
        expression.operator,
        evaluate(expression.left, lookup),
        evaluate(expression.right, lookup),
      )
  }
}

const negate = (value: Result): Result => (typeof value === 'number' ? -value : undefined)
const not = (value: Result): Result => {
  if (value === undefined) return true
  return typeof value === 'boolean' ? !value : undefined
}

function call(name: FunctionName, value: Result): Result {
  if (name === 'defined') return value !== undefined && value !== null
  if (name === 'string') return castString(value)
  if (name === 'number') return castNumber(value)
  // https://docs.mixpanel.com/docs/data-structure/property-reference/data-type
  if (name === 'boolean')
    return !(
      value === 'false' ||
      value === 0 ||
      value === '' ||
      value === false ||
      value === null ||
      value === undefined
    )
  if (name === 'datetime') return castMoment(value)
  return typeof value === 'number' ? Math[name](value) : undefined
}

function castString(value: Result): Result {
  if (value === null || value === undefined || typeof value === 'string') return value
  if (value instanceof Moment) return new Date(value.ms).toISOString().slice(0, 19)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
function castNumber(value: Result): Result {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'string') return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined
  return typeof value === 'number' ? value : undefined
}
/** Texts without a zone are UTC; numbers are seconds. */
function castMoment(value: Result): Moment | undefined {
  if (value instanceof Moment) return value
  if (typeof value === 'number') return new Moment(value * 1_000)
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return undefined
  const ms = Date.parse(/T\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(value) ? `${value}Z` : value)
  return Number.isNaN(ms) ? undefined : new Moment(ms)
}

function binary(operator: BinaryOperator, left: Result, right: Result): Result {
  switch (operator) {
    case 'and':
      return truth(left) && truth(right)
    case 'or':
      return truth(left) || truth(right)
    case '==':
      return equals(left, right)
    case '!=':
      return !equals(left, right)
    case 'in':
      return isIn(left, right)
    case '>':
    case '>=':
    case '<':
    case '<=':
      return compare(operator, left, right)
    case '+':
      if (typeof left === 'string' && typeof right === 'string') return left + right
      return arithmetic(operator, left, right)
    default:
      return arithmetic(operator, left, right)
  }
}

function truth(value: Result): boolean {
  if (value === undefined) return false
  if (typeof value === 'boolean') return value
  throw new ExpressionError("operands of 'and' and 'or' must be boolean")
}

function equals(left: Result, right: Result): boolean {
  const [first, second] = asMoments(left, right)
  if (first instanceof Moment && second instanceof Moment) return first.ms === second.ms
  if (Array.isArray(first) && Array.isArray(second)) return JSON.stringify(first) === JSON.stringify(second)
  return first === second
}

/** Member of a list, or part of a text. */
function isIn(left: Result, right: Result): Result {
  if (Array.isArray(right)) return right.some((item) => equals(left, item as Result))
  return typeof left === 'string' && typeof right === 'string' ? right.includes(left) : undefined
}

/** Numbers and points in time; texts by their characters, as the docs' own date examples need (otherwise unsaid). */
function compare(operator: '>' | '>=' | '<' | '<=', left: Result, right: Result): Result {
  const [first, second] = asMoments(left, right).map((value) => (value instanceof Moment ? value.ms : value))
  const fits =
    (typeof first === 'number' && typeof second === 'number') ||
    (typeof first === 'string' && typeof second === 'string')
  if (!fits) return undefined
  const difference = first === second ? 0 : (first as string) > (second as string) ? 1 : -1
  if (operator === '>') return difference > 0
  if (operator === '>=') return difference >= 0
  return operator === '<' ? difference < 0 : difference <= 0
}

/** A stored date is a text: beside a point in time it is read as one. */
function asMoments(left: Result, right: Result): readonly [Result, Result] {
  if (left instanceof Moment && typeof right === 'string') return [left, castMoment(right)]
  if (right instanceof Moment && typeof left === 'string') return [castMoment(left), right]
  return [left, right]
}

function arithmetic(operator: '+' | '-' | '*' | '/' | '%', left: Result, right: Result): Result {
  if (typeof left !== 'number' || typeof right !== 'number') return undefined
  if (operator === '+') return left + right
  if (operator === '-') return left - right
  if (operator === '*') return left * right
  if (right === 0) return undefined
  return operator === '/' ? left / right : left % right
}
