import { type Comparator, comparators, type Condition, type Operand } from './ast.ts'
import { createCursor, type Cursor } from './cursor.ts'
import { QueryError, tokenize } from './lexer.ts'
import { parseOperand, parseScalar, type Place } from './parse-scalar.ts'

const maxPrimaryExpressions = 50
const symbols: Readonly<Record<string, Comparator>> = {
  '=': 'equals',
  '==': 'equals',
  '!=': 'differs',
  '>': 'greater_than',
  '>=': 'at_least',
  '<': 'less_than',
  '<=': 'at_most',
}
const operandCount: Readonly<Partial<Record<Comparator, 0 | 'any'>>> = {
  absent: 0,
  exists: 0,
  contains: 'any',
  one_of: 'any',
  none_of: 'any',
}
const relative: readonly Comparator[] = ['within_last', 'within_next', 'before_last', 'after_next']

/**
 * Reads an audience definition.
 * @throws {QueryError} it is not in the language, does not end in a comparison, or has more than 50 primary expressions
 * @example parseAudience("trait('plan') = 'pro' AND event('Order Completed').within(7 days).count() >= 1", 'USERS', 'both')
 */
export function parseAudience(
  text: string,
  audienceType: 'USERS' | 'ACCOUNTS',
  booleans: 'both' | 'bare' | 'quoted',
): Condition {
  const cursor = createCursor(tokenize(text))
  let primaries = 0
  const place: Place = { insideWhere: false, booleans, condition: disjunction }

  function disjunction(at: Cursor, inside: Place): Condition {
    return chain('or', 'OR', conjunction, at, inside)
  }
  function conjunction(at: Cursor, inside: Place): Condition {
    return chain('and', 'AND', unary, at, inside)
  }
  function unary(at: Cursor, inside: Place): Condition {
    if (at.accept('NOT')) return { kind: 'not', of: unary(at, inside) }
    for (const [word, kind] of [
      ['ANY', 'any'],
      ['ALL', 'all'],
    ] as const) {
      if (!at.accept(word)) continue
      if (audienceType !== 'ACCOUNTS') at.fail(`${word} is only valid for accounts`)
      return { kind, of: unary(at, inside) }
    }
    if (!at.accept('(')) return comparison(at, inside)
    const inner = disjunction(at, inside)
    at.expect(')')
    return inner
  }
  function comparison(at: Cursor, inside: Place): Condition {
    if (++primaries > maxPrimaryExpressions) at.fail(`More than ${maxPrimaryExpressions} primary expressions`)
    const left = parseScalar(at, inside)
    const symbol = symbols[at.peek().text]
    if (symbol && at.peek().kind === 'symbol') {
      at.take()
      return { kind: 'compare', left, comparator: symbol, operands: [parseOperand(at, inside)] }
    }
    at.expect('.')
    const comparator =
      comparators.find((name) => at.accept(name)) ?? at.fail(`Unknown comparator "${at.peek().text}"`)
    return { kind: 'compare', left, comparator, operands: parseOperands(comparator, at, inside) }
  }
  const condition = disjunction(cursor, place)
  if (cursor.peek().kind !== 'end')
    throw new QueryError(`Unexpected "${cursor.peek().text}"`, cursor.peek().at)
  return condition
}

function parseOperands(comparator: Comparator, cursor: Cursor, place: Place): Operand[] {
  cursor.expect('(')
  const operands: Operand[] = []
  if (operandCount[comparator] !== 0) {
    do operands.push(parseOperand(cursor, place))
    while (operandCount[comparator] === 'any' && cursor.accept(','))
  }
  if (relative.includes(comparator) && operands[0]?.kind !== 'duration') cursor.fail('Expected a duration')
  cursor.expect(')')
  return operands
}

function chain(
  kind: 'and' | 'or',
  word: string,
  next: (cursor: Cursor, place: Place) => Condition,
  cursor: Cursor,
  place: Place,
): Condition {
  const first = next(cursor, place)
  const parts = [first]
  while (cursor.accept(word)) parts.push(next(cursor, place))
  return parts.length === 1 ? first : { kind, parts }
}
