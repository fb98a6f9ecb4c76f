import { createReadStream, openSync, readSync, closeSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../../cli-error.ts'
import { countBytes } from '../../count-bytes.ts'
import type { ColumnMap } from './columns.ts'
import { readCsv } from './read-csv.ts'
import { readNdjson } from './read-ndjson.ts'
import { readParquet } from './read-parquet.ts'
import type { RowSink } from './row-sink.ts'
import type { Table } from './table-reader.ts'

/** Read at a time. */
const chunkBytes = 524_288

/** One file of the input, or stdin. */
export interface InputFile {
  /** As given: a path, or `-` for stdin. */
  readonly name: string
  /** Bytes as stored; absent for stdin. */
  readonly sizeBytes?: number
  /** Where it lies, if it is a file of NDJSON. */
  readonly ndjsonPath?: string
  /** Gives every row to the sink; yields between groups of rows. `onRead` is told how many stored bytes were taken. */
  read(sink: RowSink, onRead?: (bytes: number) => void): AsyncGenerator<void, void, undefined>
}
export interface OpenOptions {
  readonly folder: string
  readonly stdin: NodeJS.ReadableStream
  /** For CSV and Parquet. @default each column fills the field that it is called */
  readonly columns?: ColumnMap
  /** The files hold events, of which a table has to fill some columns. @default false */
  readonly areEvents?: boolean
}

/**
 * What a file is says its name (`.csv`, `.csv.gz`, `.parquet`), of Parquet also its first bytes; everything else is NDJSON.
 * Stdin is NDJSON and can be read once.
 * @throws {CliError} a file is not there, stdin is named twice, or columns are named and no file has any
 */
export function openFiles(names: readonly string[], options: OpenOptions): readonly InputFile[] {
  if (names.filter((name) => name === '-').length > 1) throw new CliError('stdin (-) can be read once')
  const files = names.map((name) => (name === '-' ? openStdin(options) : openFile(name, options)))
  const hasTable = files.some(({ name, ndjsonPath }) => name !== '-' && ndjsonPath === undefined)
  if (options.columns !== undefined && !hasTable) {
    throw new CliError(
      `--columns: ${names.join(', ')} is neither .csv nor .csv.gz nor Parquet, so it has no columns`,
    )
  }
  return files
}

function openStdin({ stdin }: OpenOptions): InputFile {
  return {
    name: '-',
    read: (sink, onRead) => readNdjson(countBytes(stdin as AsyncIterable<Uint8Array>, onRead), sink),
  }
}

function openFile(name: string, { folder, columns, areEvents = false }: OpenOptions): InputFile {
  const path = resolve(folder, name)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory() === true) throw new CliError(`${path} is a folder; name its files`)
  if (!found?.isFile()) throw new CliError(`no file at ${path}`)
  const stored = (onRead?: (bytes: number) => void) =>
    countBytes(createReadStream(path, { highWaterMark: chunkBytes }), onRead)
  const table: Table = { name, ...(columns !== undefined && { columns }), isOfEvents: areEvents }
  const isCsv = /\.csv(?:\.gz)?$/i.test(name)
  const isParquet = /\.parquet$/i.test(name) || startsAsParquet(path)
  return {
    name,
    sizeBytes: found.size,
    ...(!isCsv && !isParquet && { ndjsonPath: path }),
    read(sink, onRead) {
      if (isParquet) return readParquet(path, table, sink, onRead)
      return isCsv ? readCsv(stored(onRead), table, sink) : readNdjson(stored(onRead), sink)
    },
  }
}

function startsAsParquet(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(4)
    readSync(file, start, 0, 4, 0)
    return start.toString('latin1') === 'PAR1'
  } finally {
    closeSync(file)
  }
}
