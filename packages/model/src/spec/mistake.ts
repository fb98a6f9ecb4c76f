import type { Loss } from '../loss.ts'

/** What is wrong with an input, where, and what would be right. Holds names and paths, never a person's data. */
export interface Mistake {
  /** Where: `userId`, `properties.products[2].price`; `''` is the whole input. A missing field is named where it belongs. */
  readonly path: string
  readonly message: string
  /** The values or types that are allowed there. */
  readonly allowed?: readonly string[]
}

/** Something of a message that was changed or left out while it was translated; the message itself is accepted. */
export interface Note {
  readonly path: string
  /** `not-linked`: two ids of the message were not joined into one person. */
  readonly kind: Extract<Loss['kind'], 'dropped' | 'coerced' | 'rounded'> | 'not-linked'
  readonly because: string
}

/** What a parse has found so far; one per message. */
export interface Findings {
  readonly mistakes: Mistake[]
  readonly notes: Note[]
  /** Paths of the mistakes, from the first one on. */
  paths?: Set<string>
}

/** Adds a mistake unless the path has one already: the first check that fails names the cause. */
export function addMistake(findings: Findings, mistake: Mistake): void {
  const paths = (findings.paths ??= new Set())
  if (paths.has(mistake.path)) return
  paths.add(mistake.path)
  findings.mistakes.push(mistake)
}
