import type { ProblemReason } from './problems.ts'

/** Takes what a file holds, row by row. */
export interface RowSink {
  /** A message of the Segment Spec; any value, not yet checked. */
  message(message: unknown, line: number): void
  /**
   * Is asked first, where a line lies in memory as text in bytes: takes it if it is an ordinary `track` message, which is
   * faster. `false`: it comes again as a message.
   */
  track?(bytes: Buffer, from: number, to: number, isAscii: boolean, line: number): boolean
  /** A row that is no message, or a place at which the file breaks off. */
  problem(reason: ProblemReason, message: string, line: number): void
}
