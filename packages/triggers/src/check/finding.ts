/** What kind of thing is wrong; one of these names is in every finding. */
export const rules = [
  'structure',
  'unknown-name',
  'type',
  'never',
  'always',
  'redundant',
  'unreachable',
  'reentry',
  'endless',
  'idle-cap',
  'no-content',
  'naming',
  'passive',
  'small-segment',
  'equal-segments',
] as const
export type Rule = (typeof rules)[number]

/** Something in definitions that is wrong (`error`) or hardly meant (`warning`). */
export interface Finding {
  readonly severity: 'error' | 'warning'
  readonly rule: Rule
  /** As in `triggers[0].journey[2].condition`. */
  readonly path: string
  /** What it is, and what to do. */
  readonly message: string
}

/** Collects findings. */
export interface Findings {
  error(rule: Rule, path: string, message: string): void
  warn(rule: Rule, path: string, message: string): void
}

export function createFindings(): Findings & { readonly found: readonly Finding[] } {
  const found: Finding[] = []
  return {
    found,
    error: (rule, path, message) => void found.push({ severity: 'error', rule, path, message }),
    warn: (rule, path, message) => void found.push({ severity: 'warning', rule, path, message }),
  }
}
