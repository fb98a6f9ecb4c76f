import { TriplineError } from '@tripline/model'
import { CliError } from './cli-error.ts'

/** An error as people read it: what happened and what to do. A stack only for what nobody foresaw. */
export function describeError(error: unknown): string {
  if (error instanceof CliError) return error.message
  if (TriplineError.is(error)) {
    const { code, requestId } = error.fault
    return `${error.message} [${code}${requestId === undefined ? '' : `, request ${requestId}`}]`
  }
  if (error instanceof RangeError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
