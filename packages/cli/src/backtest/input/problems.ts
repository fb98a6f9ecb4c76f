import { CliError } from '../../cli-error.ts'

/** What can be wrong with a line of the input. */
export type ProblemReason =
  /** No JSON, no message of the Segment Spec, no row. */
  | 'malformed'
  | 'no-timestamp'
  | 'bad-user-id'
  /** Further ahead than the clock and `lateness`. */
  | 'future'
  /** The file breaks off: all before the break was read. */
  | 'truncated'

export interface Problem {
  readonly file: string
  /** From 1; 0 where the whole file is meant. Of Parquet the number of the row. */
  readonly line: number
  readonly reason: ProblemReason
  readonly message: string
  /** The event was taken all the same, at its time of receipt. */
  readonly taken?: true
}

/** Counts what is wrong with the input, keeps the first ones and hands all to `write`. */
export interface Problems {
  add(problem: Problem): void
  readonly counts: { readonly [reason in ProblemReason]?: number }
  readonly first: readonly Problem[]
  readonly count: number
}

/** How many are kept for the terminal. */
const keptProblems = 20

/**
 * @param isStrict stops at the first
 * @param write is told of every one, e.g. to list them in a file
 * @throws {CliError} by `add`, when strict
 */
export function createProblems(
  isStrict: boolean,
  write: (problem: Problem) => void = () => undefined,
): Problems {
  const counts: { [reason in ProblemReason]?: number } = {}
  const first: Problem[] = []
  let count = 0
  return {
    add(problem) {
      count++
      counts[problem.reason] = (counts[problem.reason] ?? 0) + 1
      if (first.length < keptProblems) first.push(problem)
      write(problem)
      if (isStrict) throw new CliError(`${problemText(problem)} (--strict stops at the first)`)
    },
    counts,
    first,
    get count() {
      return count
    },
  }
}

/** `events.ndjson:17 timestamp: is missing` */
export function problemText({ file, line, message, taken }: Problem): string {
  const place = line === 0 ? file : `${file}:${line}`
  return `${place} ${message}${taken === true ? '; taken at its time of receipt' : ''}`
}
