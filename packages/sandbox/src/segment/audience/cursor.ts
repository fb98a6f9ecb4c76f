import { QueryError, type Token } from './lexer.ts'

/** A reading position in a list of tokens. */
export interface Cursor {
  peek(ahead?: number): Token
  take(): Token
  /** Takes the next token if it has this text and is no string. */
  accept(text: string): boolean
  expect(text: string): void
  fail(message: string): never
}
export function createCursor(tokens: readonly Token[]): Cursor {
  let position = 0
  const end = tokens.at(-1) ?? { kind: 'end', text: '', at: 0 }
  const cursor: Cursor = {
    peek: (ahead = 0) => tokens[position + ahead] ?? end,
    take: () => tokens[position++] ?? end,
    accept(text) {
      const token = cursor.peek()
      if (token.kind === 'string' || token.text !== text) return false
      position++
      return true
    },
    expect(text) {
      if (!cursor.accept(text)) cursor.fail(`Expected "${text}" but found "${cursor.peek().text}"`)
    },
    fail(message) {
      throw new QueryError(message, cursor.peek().at)
    },
  }
  return cursor
}
