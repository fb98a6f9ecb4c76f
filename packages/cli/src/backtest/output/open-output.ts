import type { BacktestOutput } from '../backtest.ts'
import type { Problem } from '../input/problems.ts'
import type { SorterOptions, TemporaryFolder } from '../sort/sorter.ts'
import { createLineFile, type LineFile } from './line-file.ts'
import { createListing } from './listing.ts'

export interface OutputOptions {
  /** Where the lines of the ledger go, or with `--against` the differences: a path, or `-` for `row`. */
  readonly out?: string
  /** Where problems of the input are listed. */
  readonly rejects?: string
  readonly isComparison: boolean
  /** Writes a line to stdout; waits while its reader is slow. */
  readonly row: (value: unknown) => Promise<void>
  readonly sorter?: SorterOptions
}

/** Files appear when everything is done. */
export function openOutput(options: OutputOptions, folder: TemporaryFolder): BacktestOutput {
  const { out, isComparison } = options
  const rejects = options.rejects === undefined ? undefined : createLineFile(options.rejects)
  const file = out === undefined || out === '-' ? undefined : createLineFile(out)
  const listing = out === undefined || isComparison ? undefined : createListing(folder, options.sorter)
  const differences: unknown[] = []
  return {
    ...(listing && { line: (line) => listing.add(line) }),
    ...(isComparison &&
      out !== undefined && {
        difference: (difference) =>
          file === undefined ? differences.push(difference) : file.write(JSON.stringify(difference)),
      }),
    ...(rejects && { problem: (problem) => rejects.write(rejectText(problem)) }),
    async finish() {
      for (const line of listing?.lines() ?? []) {
        if (file === undefined) await options.row(JSON.parse(line) as unknown)
        else file.write(line)
      }
      for (const difference of differences) await options.row(difference)
      closeAll([file, rejects])
    },
    discard() {
      for (const each of [file, rejects]) each?.discard()
    },
  }
}

function closeAll(files: readonly (LineFile | undefined)[]): void {
  for (const file of files) file?.close()
}

/** Nothing of the line itself: it may hold a person's data, and its number leads to it. */
function rejectText({ file, line, reason, message, taken }: Problem): string {
  return JSON.stringify({ file, line, reason, message, ...(taken && { taken }) })
}
