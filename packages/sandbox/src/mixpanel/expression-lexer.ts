export interface Token {
  readonly kind: 'string' | 'number' | 'word' | 'sign' | 'end'
  readonly text: string
  /** Offset in the expression. */
  readonly at: number
}
/** An expression the vendor cannot parse or evaluate: 400. */
export class ExpressionError extends Error {
  override readonly name: string = 'ExpressionError'
}

const pattern = /\s*(?:("(?:[^"\\]|\\.)*")|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(==|!=|>=|<=|[-+*/%<>()[\],]))/y

export function lex(source: string): readonly Token[] {
  const tokens: Token[] = []
  pattern.lastIndex = 0
  while (pattern.lastIndex < source.trimEnd().length) {
    const at = pattern.lastIndex
    const match = pattern.exec(source)
    if (!match) throw new ExpressionError(`unexpected character at ${at}`)
    const [, quoted, number, word, sign] = match
    if (quoted !== undefined) tokens.push({ kind: 'string', text: unescape(quoted), at })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at })
    else tokens.push({ kind: 'sign', text: sign ?? '', at })
  }
  return [...tokens, { kind: 'end', text: 'end of expression', at: source.length }]
}

/** Only `\"` and `\\` are known to be escapes; another one is refused (the stricter reading). */
function unescape(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\(.)/gs, (_, character: string) => {
    if (character === '"' || character === '\\') return character
    throw new ExpressionError(`unknown escape \\${character}`)
  })
}
