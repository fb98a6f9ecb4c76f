import { TriplineError } from '@tripline/model'
import { CliError } from './cli-error.ts'

/** An error as people read it: what happened and what to do. A stack only for what nobody foresaw. */
export function describeError(error: unknown): string {
  if (error instanceof CliError) return error.message
  if (TriplineError.is(error)) {
    const { code, requestId } = error.fault
    return `${error.message} [${code}${requestId === undefined ? '' : `, request ${requestId}`}]`
  }
  if (isSystemError(error)) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** A file that is not there, a folder that is none, a port that is taken. */
const isSystemError = (error: unknown): error is Error =>
  error instanceof Error && 'syscall' in error && 'code' in error
