import { ExpressionError, lex, type Token } from './expression-lexer.ts'

const functionNames = [
  'defined',
  'string',
  'number',
  'boolean',
  'floor',
  'round',
  'ceil',
  'datetime',
] as const
export type FunctionName = (typeof functionNames)[number]
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '=='
  | '!='
  | '>'
  | '>='
  | '<'
  | '<='
  | 'in'
  | 'and'
  | 'or'
export const sources = ['properties', 'user', 'event', 'behaviors'] as const
export type Source = (typeof sources)[number]

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'property'; readonly source: Source; readonly name: string }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly of: Expression }
  | { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly of: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    }

/** Weakest first; `not` binds between `and` and the comparisons. */
const levels: readonly (readonly BinaryOperator[])[] = [
  ['or'],
  ['and'],
  ['==', '!=', '>', '>=', '<', '<=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
]
const comparisonLevel = 2

/**
 * Parses a segmentation expression. https://developer.mixpanel.com/reference/segmentation-expressions
 * @throws {ExpressionError}
 * @example parseExpression('properties["plan"] == "pro" and defined(properties["$email"])')
 */
export function parseExpression(source: string): Expression {
  const cursor = { tokens: lex(source), index: 0 }
  const expression = parseLevel(cursor, 0)
  if (peek(cursor).kind !== 'end') throw unexpected(peek(cursor))
  return expression
}

interface Cursor {
  readonly tokens: readonly Token[]
  index: number
}
const endToken: Token = { kind: 'end', text: 'end of expression', at: -1 }
const peek = (cursor: Cursor): Token => cursor.tokens[cursor.index] ?? endToken
const unexpected = (token: Token): ExpressionError =>
  new ExpressionError(`unexpected '${token.text}' at ${token.at}`)
const isText = (token: Token, text: string): boolean =>
  token.text === text && (token.kind === 'sign' || token.kind === 'word')

function take(cursor: Cursor): Token {
  const token = peek(cursor)
  cursor.index += 1
  return token
}
function expect(cursor: Cursor, text: string): void {
  const token = take(cursor)
  if (!isText(token, text)) throw unexpected(token)
}

function parseLevel(cursor: Cursor, level: number): Expression {
  const operators = levels[level]
  if (!operators) return parseUnary(cursor)
  if (level === comparisonLevel && isText(peek(cursor), 'not')) {
    take(cursor)
    return { kind: 'unary', operator: 'not', of: parseLevel(cursor, level) }
  }
  let left = parseLevel(cursor, level + 1)
  for (;;) {
    const operator = operators.find((name) => isText(peek(cursor), name))
    if (!operator) return left
    take(cursor)
    left = { kind: 'binary', operator, left, right: parseLevel(cursor, level + 1) }
  }
}

function parseUnary(cursor: Cursor): Expression {
  if (!isText(peek(cursor), '-')) return parsePrimary(cursor)
  take(cursor)
  return { kind: 'unary', operator: '-', of: parseUnary(cursor) }
}

function parsePrimary(cursor: Cursor): Expression {
  const token = take(cursor)
  if (token.kind === 'string') return { kind: 'literal', value: token.text }
  if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) }
  if (isText(token, '(')) {
    const inner = parseLevel(cursor, 0)
    expect(cursor, ')')
    return inner
  }
  if (isText(token, '[')) return parseList(cursor)
  if (token.kind !== 'word') throw unexpected(token)
  return parseWord(cursor, token)
}

function parseList(cursor: Cursor): Expression {
  const items: Expression[] = []
  while (!isText(peek(cursor), ']')) {
    if (items.length > 0) expect(cursor, ',')
    items.push(parseLevel(cursor, 0))
  }
  expect(cursor, ']')
  return { kind: 'list', items }
}

function parseWord(cursor: Cursor, token: Token): Expression {
  if (token.text === 'true' || token.text === 'false')
    return { kind: 'literal', value: token.text === 'true' }
  if (token.text === 'not') return { kind: 'unary', operator: 'not', of: parseLevel(cursor, comparisonLevel) }
  const name = functionNames.find((one) => one === token.text)
  if (name) {
    expect(cursor, '(')
    const of = parseLevel(cursor, 0)
    expect(cursor, ')')
    return { kind: 'call', name, of }
  }
  const source = sources.find((one) => one === token.text)
  if (!source) throw unexpected(token)
  expect(cursor, '[')
  const property = take(cursor)
  if (property.kind !== 'string') throw unexpected(property)
  expect(cursor, ']')
  return { kind: 'property', source, name: property.text }
}
