import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeAtExit } from '../remove-at-exit.ts'
import { mergeRuns } from './merge-runs.ts'
import { readRun, RunWriter, type Record } from './run-file.ts'
import { sortRecords } from './sort-records.ts'

/** Sorts any number of records by their keys (UTF-16 code units); equal keys keep the order in which they came. */
export interface Sorter {
  add(key: string, text: string): void
  /** All records in order, once. Ends the adding. */
  sorted(): Iterable<Record>
  /** Runs on disk so far. */
  readonly runs: number
  readonly count: number
}
export interface SorterOptions {
  /** Memory of the records that wait to be written, about. @default 96 MiB */
  readonly maxBytes?: number
  /** Open files while merging; more runs are merged in several rounds. @default 128 */
  readonly maxRuns?: number
}
/** A folder for what does not fit into memory; made on first use. */
export interface TemporaryFolder {
  /** A new path in it. */
  newPath(): string
  /** Removes everything. */
  remove(): void
}

/** Only the user can read what lies there. It is removed when the process ends, if not before. */
export function createTemporaryFolder(): TemporaryFolder {
  let folder: string | undefined
  let keep: (() => void) | undefined
  let count = 0
  const remove = (): void => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    folder = undefined
    keep?.()
  }
  return {
    newPath() {
      if (folder === undefined) {
        folder = mkdtempSync(join(tmpdir(), 'tripline-sort-'))
        keep = removeAtExit(remove)
      }
      return join(folder, String(count++))
    },
    remove,
  }
}

const defaultBytes = 100_663_296
/** What a record costs beside its characters. */
const recordBytes = 96

export function createSorter(folder: TemporaryFolder, options: SorterOptions = {}): Sorter {
  const { maxBytes = defaultBytes, maxRuns = 128 } = options
  let waiting: Record[] = []
  let waitingBytes = 0
  let paths: string[] = []
  let runs = 0
  let count = 0
  const writeRun = (records: Iterable<Record>): string => {
    const path = folder.newPath()
    const writer = new RunWriter(path)
    for (const record of records) writer.write(record)
    writer.close()
    return path
  }
  const spill = (): void => {
    // The oldest runs become one, so that equal keys keep their order.
    if (paths.length === maxRuns) {
      const merged = writeRun(mergeRuns(paths.map(readRun)))
      for (const path of paths) rmSync(path)
      paths = [merged]
    }
    paths.push(writeRun(sortRecords(waiting)))
    runs++
    waiting = []
    waitingBytes = 0
  }
  return {
    add(key, text) {
      waiting.push({ key, text })
      count++
      waitingBytes += key.length + text.length + recordBytes
      if (waitingBytes >= maxBytes) spill()
    },
    *sorted() {
      yield* mergeRuns([...paths.map(readRun), sortRecords(waiting)])
      for (const path of paths) rmSync(path)
    },
    get runs() {
      return runs
    },
    get count() {
      return count
    },
  }
}
