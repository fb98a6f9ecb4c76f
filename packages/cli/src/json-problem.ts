/**
 * Why a text is no JSON, as what follows "is no JSON: ". V8 quotes the text it stumbled over, which may be a person's
 * data: of its words only the position is kept.
 * @param error what `JSON.parse` threw
 */
export function jsonProblem(error: unknown, text: string): string {
  const { message } = error as Error
  const [, digits] = /\bposition (\d+)/.exec(message) ?? []
  const position = Number(digits)
  const endsEarly =
    message.startsWith('Unterminated') || message.startsWith('Unexpected end') || position >= text.length
  if (endsEarly) return 'it ends too early'
  if (digits !== undefined) return `unexpected at position ${position}`
  return /^\s*["[{]/.test(text) ? 'something stands where a value should' : 'it does not begin like JSON'
}
