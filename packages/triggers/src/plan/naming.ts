import type { NamingRule } from '../definition/plan.ts'

/** Words that Title Case leaves small, but as the first: articles, prepositions, conjunctions. */
const small = 'a|an|and|as|at|by|for|from|in|into|of|off|on|or|out|over|per|the|to|up|via|with'
const word = String.raw`[\p{Lu}\p{N}][\p{L}\p{N}]*`
const title = `${word}(?:-${word})*`
const patterns = {
  'Title Case': `${title}(?: (?:${title}|${small}))*`,
  snake_case: String.raw`[\p{Ll}][\p{Ll}\p{N}]*(?:_[\p{Ll}\p{N}]+)*`,
  camelCase: String.raw`[\p{Ll}][\p{L}\p{N}]*`,
} as const

/** Whether a name is written by the rule. */
export function isNamedBy(rule: NamingRule, name: string): boolean {
  const pattern = typeof rule === 'string' ? patterns[rule] : rule.pattern
  return new RegExp(`^(?:${pattern})$`, 'u').test(name)
}

/** The name as the rule would have it; `undefined` for an own pattern, or where no such name comes out. */
export function renamed(rule: NamingRule, name: string): string | undefined {
  if (typeof rule !== 'string') return undefined
  const words = name
    .replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, ' ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((each) => each !== '')
    .map((each) => each.toLowerCase())
  const made = writeWords(rule, words)
  return isNamedBy(rule, made) ? made : undefined
}

function writeWords(rule: 'Title Case' | 'snake_case' | 'camelCase', words: readonly string[]): string {
  if (rule === 'snake_case') return words.join('_')
  if (rule === 'camelCase') return words.map((each, index) => (index === 0 ? each : capital(each))).join('')
  const isSmall = (each: string) => new RegExp(`^(?:${small})$`).test(each)
  return words.map((each, index) => (index > 0 && isSmall(each) ? each : capital(each))).join(' ')
}

function capital(text: string): string {
  const [first = '', ...rest] = text
  return first.toUpperCase() + rest.join('')
}
