import type { ProblemReason } from './problems.ts'

/** Takes what a file holds, row by row. */
export interface RowSink {
  /** A message of the Segment Spec; any value, not yet checked. */
  message(message: unknown, line: number): void
  /** A row that is no message, or a place at which the file breaks off. */
  problem(reason: ProblemReason, message: string, line: number): void
}

/** V8 quotes the text it stumbled over, which may be a person's data; only the position is kept. */
export function jsonProblem(error: unknown): string {
  const [position] = /\bposition \d+/.exec(error instanceof Error ? error.message : '') ?? []
  return `is no JSON: ${position === undefined ? 'it ends too early' : `unexpected at ${position}`}`
}
