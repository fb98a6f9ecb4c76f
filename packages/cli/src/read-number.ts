import { InvalidArgumentError } from 'commander'
import type { NumberArgument } from './define-command.ts'

/** A number given as text, in its range. */
export function readNumber(text: string, { min, max, integer }: NumberArgument): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(value)) throw new InvalidArgumentError('not a number')
  if (integer && !Number.isInteger(value)) throw new InvalidArgumentError('not a whole number')
  if (min !== undefined && value < min) throw new InvalidArgumentError(`less than ${min}`)
  if (max !== undefined && value > max) throw new InvalidArgumentError(`more than ${max}`)
  return value
}
