import type { Mistake } from '@tripline/model'
import { CliError } from '../cli-error.ts'

/** @throws {CliError} there are mistakes; it names the file and all of them with their paths */
export function refuseMistakes(file: string, mistakes: readonly Mistake[]): void {
  if (mistakes.length === 0) return
  const lines = mistakes.map(({ path, message, allowed }) => {
    const place = path === '' ? 'it' : path
    return `  ${place}: ${message}${allowed ? ` (allowed: ${allowed.join(', ')})` : ''}`
  })
  const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`
  throw new CliError(`${file} has ${count}:\n${lines.join('\n')}`)
}
