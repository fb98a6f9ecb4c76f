import type { Command } from './define-command.ts'

/** What `--help` says below the options: more about the command, examples, exit codes. */
export function helpText({ description, examples, exitCodes }: Command): string {
  const meanings = { 0: 'done, or nothing to change', 1: 'error', ...exitCodes }
  const codes = Object.entries(meanings).map(([code, meaning]) => `  ${code}  ${meaning}`)
  return [
    ...(description === undefined ? [] : ['', description]),
    '',
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
    'Exit codes:',
    ...codes,
  ].join('\n')
}
