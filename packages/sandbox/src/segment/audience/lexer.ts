export interface Token {
  readonly kind: 'string' | 'number' | 'date' | 'word' | 'symbol' | 'end'
  readonly text: string
  readonly at: number
}
/** A definition that is not in the language; `at` is the offset in the text. */
export class QueryError extends Error {
  override readonly name: string = 'QueryError'
  readonly at: number
  constructor(message: string, at: number) {
    super(`${message} at position ${at}`)
    this.at = at
  }
}
const pattern =
  /\s*(?:(?<string>'(?:[^'\\]|\\[\s\S])*')|(?<date>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)|(?<number>-?\d+(?:\.\d+)?)|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<symbol>!=|>=|<=|==|[=<>().,:{}[\]]))/y

/** Splits a definition into tokens. Strings lose their quotes and keep their backslashes, which escape dots in names. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  pattern.lastIndex = 0
  let end = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [kind, value] = Object.entries(match.groups ?? {}).find(([, group]) => group !== undefined) ?? [
      'symbol',
      '',
    ]
    const raw = value ?? ''
    tokens.push({
      kind: kind as Token['kind'],
      text: kind === 'string' ? raw.slice(1, -1).replaceAll("\\'", "'") : raw,
      at: pattern.lastIndex - raw.length,
    })
    end = pattern.lastIndex
  }
  if (text.slice(end).trim() !== '')
    throw new QueryError(`Unexpected character "${text.slice(end).trim()[0]}"`, end)
  tokens.push({ kind: 'end', text: '', at: text.length })
  return tokens
}
