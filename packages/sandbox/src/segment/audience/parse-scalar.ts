import {
  type Condition,
  type Filter,
  type JsonLiteral,
  type Operand,
  reducers,
  type Reducer,
  type Reduction,
  type Scalar,
} from './ast.ts'
import type { Cursor } from './cursor.ts'

const hourMs = 3_600_000
const unitMs: Readonly<Record<string, number>> = {
  hour: hourMs,
  hours: hourMs,
  day: 24 * hourMs,
  days: 24 * hourMs,
}
/** Where a scalar stands decides which extractors are allowed. */
export interface Place {
  readonly insideWhere: boolean
  readonly booleans: 'both' | 'bare' | 'quoted'
  condition(cursor: Cursor, place: Place): Condition
}

/** A path: dots traverse, an escaped dot belongs to the name. */
export const toPath = (text: string): readonly string[] =>
  text.split(/(?<!\\)\./).map((part) => part.replaceAll(/\\+\./g, '.'))

export function parseDuration(cursor: Cursor): number {
  const amount = cursor.take()
  if (amount.kind !== 'number' || !/^\d+$/.test(amount.text)) cursor.fail('Expected a whole number')
  const unit = unitMs[cursor.take().text]
  if (unit === undefined) cursor.fail('Expected hour(s) or day(s)')
  return Number(amount.text) * (unit ?? 0)
}

function parseString(cursor: Cursor): string {
  const token = cursor.take()
  return token.kind === 'string' ? token.text : cursor.fail('Expected a string in single quotes')
}

function parseLiteral(cursor: Cursor, place: Place): JsonLiteral | undefined {
  const token = cursor.peek()
  if (token.kind === 'string' || token.kind === 'date') return cursor.take().text
  if (token.kind === 'number') return Number(cursor.take().text)
  if (token.text !== 'true' && token.text !== 'false') return undefined
  if (place.booleans === 'quoted') cursor.fail('Booleans are written as strings')
  return cursor.take().text === 'true'
}

/** `trait('a')`, `property('b')`, a reduced `event(…)` or a literal. */
export function parseScalar(cursor: Cursor, place: Place): Scalar {
  const literal = parseLiteral(cursor, place)
  if (literal !== undefined) return { kind: 'literal', value: literal }
  const name = cursor.take().text
  if (name === 'event') return parseReduction(cursor, place)
  if (name === 'entity') cursor.fail('entity() needs a linked audience')
  if (name !== 'trait' && name !== 'property' && name !== 'context' && name !== 'literal')
    return cursor.fail(`Unknown function "${name}"`)
  if ((name === 'property' || name === 'context') && !place.insideWhere)
    cursor.fail(`${name}() is only valid within where or a reducer`)
  cursor.expect('(')
  if (name === 'literal') {
    const value = parseLiteral(cursor, place) ?? cursor.fail('Expected a literal')
    cursor.expect(')')
    return { kind: 'literal', value }
  }
  const ofParent = name === 'property' && cursor.accept('parent') && (cursor.expect(':'), true)
  const path = toPath(parseString(cursor))
  cursor.expect(')')
  return name === 'property' ? { kind: 'property', path, ofParent } : { kind: name, path }
}

export const parseOperand = (cursor: Cursor, place: Place): Operand =>
  cursor.peek().kind === 'number' && cursor.peek(1).text in unitMs
    ? { kind: 'duration', ms: parseDuration(cursor) }
    : parseScalar(cursor, place)

function parseReduction(cursor: Cursor, place: Place): Reduction {
  cursor.expect('(')
  const event = parseString(cursor)
  cursor.expect(')')
  const filters: Filter[] = []
  for (;;) {
    cursor.expect('.')
    const name = cursor.take().text
    cursor.expect('(')
    const filter = parseFilter(name, cursor, place)
    if (!filter) return finishReduction(event, filters, name, cursor)
    cursor.expect(')')
    filters.push(filter)
  }
}

function parseFilter(name: string, cursor: Cursor, place: Place): Filter | undefined {
  if (name === 'where')
    return { kind: 'where', condition: place.condition(cursor, { ...place, insideWhere: true }) }
  if (name === 'sources') return { kind: 'sources', exclude: parseExcluded(cursor) }
  if (name !== 'within' && name !== 'between') return undefined
  const ofParent = cursor.accept('parent') && (cursor.expect(':'), true)
  const fromMs = parseDuration(cursor)
  if (name === 'within') return { kind: 'within', ofParent, ms: fromMs }
  cursor.expect(',')
  return { kind: 'between', ofParent, fromMs, toMs: parseDuration(cursor) }
}

function parseExcluded(cursor: Cursor): string[] {
  const exclude: string[] = []
  cursor.expect('{')
  cursor.expect('exclude')
  cursor.expect(':')
  const bracket = cursor.accept('[')
  do exclude.push(parseString(cursor))
  while (cursor.accept(','))
  if (bracket) cursor.expect(']')
  cursor.expect('}')
  return exclude
}

const isReducer = (name: string): name is Reducer => (reducers as readonly string[]).includes(name)

function finishReduction(event: string, filters: readonly Filter[], name: string, cursor: Cursor): Reduction {
  if (!isReducer(name)) return cursor.fail(`Unknown function "${name}"`)
  const property = name === 'count' ? undefined : parsePropertyName(cursor)
  const as = cursor.accept('as') ? parseType(cursor) : undefined
  const minFrequency = name === 'mode' && cursor.accept(',') ? Number(cursor.take().text) : 1
  cursor.expect(')')
  const counted = name === 'unique' && cursor.peek().text === '.' && cursor.peek(1).text === 'count'
  if (counted) for (const text of ['.', 'count', '(', ')']) cursor.expect(text)
  if (name === 'unique' && !counted) cursor.fail('A list can only be counted in an audience')
  return { kind: 'reduce', event, filters, reducer: name, property, as, minFrequency, counted }
}

function parsePropertyName(cursor: Cursor): readonly string[] {
  cursor.expect('property')
  cursor.expect('(')
  const path = toPath(parseString(cursor))
  cursor.expect(')')
  return path
}

function parseType(cursor: Cursor): 'number' | 'string' | 'array' {
  const type = cursor.take().text
  return type === 'number' || type === 'string' || type === 'array'
    ? type
    : cursor.fail('Expected number, string or array')
}
