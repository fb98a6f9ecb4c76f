import type { CsvError, Info } from 'csv-parse'
import { Readable } from 'node:stream'
import { columnsByName, type ColumnMap } from './columns.ts'
import { FormError } from './column-forms.ts'
import { createRowReader, missingColumns, type Row, type RowReader } from './row-to-message.ts'
import type { RowSink } from './row-sink.ts'
import { BrokenGzip, unpack } from './unpack.ts'

/** Rows between two yields. */
const rowsPerBatch = 1_000
/** A quote that is never closed would otherwise take the rest of the file into memory. */
const maxRowCharacters = 1_000_000

/**
 * CSV with a line of column names (RFC 4180: commas, quotes doubled; UTF-8), packed with gzip or not. An empty value is
 * none; a quote inside a value that has none around it is a character. A row with too many or too few values is a problem, and so is a value without the form of its column.
 */
export async function* readCsv(
  stored: AsyncIterable<Uint8Array>,
  columns: ColumnMap | undefined,
  sink: RowSink,
): AsyncGenerator<void, void, undefined> {
  let last = 0
  let broken: BrokenGzip | undefined
  const { parse } = await import('csv-parse')
  const parser = parse({
    bom: true,
    info: true,
    columns: true,
    max_record_size: maxRowCharacters,
    // Else the library takes all that follows a stray quote for one value.
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip(error) {
      sink.problem('malformed', rowProblem(error), (error?.lines as number | undefined) ?? last)
      return undefined
    },
  })
  const bytes = (async function* () {
    try {
      yield* unpack(stored)
    } catch (error) {
      if (!(error instanceof BrokenGzip)) throw error
      broken = error
    }
  })()
  let toMessage: RowReader | undefined
  let rows = 0
  for await (const { record, info } of Readable.from(bytes, { objectMode: false }).compose(
    parser,
  ) as AsyncIterable<{ readonly record: Row; readonly info: Info }>) {
    last = info.lines
    toMessage ??= openReader(columns, Object.keys(record), sink)
    if (toMessage === undefined) return
    takeRow(record, last, toMessage, sink)
    if (++rows % rowsPerBatch === 0) yield
  }
  if (broken) sink.problem('truncated', `the file breaks off after this line (${broken.message})`, last)
  yield
}

/** `undefined`, and a problem, when the map names columns that are not there. */
export function openReader(
  columns: ColumnMap | undefined,
  names: readonly string[],
  sink: RowSink,
): RowReader | undefined {
  const missing = columns === undefined ? [] : missingColumns(columns, names)
  if (missing.length === 0) return createRowReader(columns ?? columnsByName(names))
  sink.problem('malformed', `there is no column ${missing.join(', ')}; there are ${names.join(', ')}`, 0)
  return undefined
}

/** Gives a row to the sink: as a message, or what is wrong with it. */
export function takeRow(row: Row, line: number, toMessage: RowReader, sink: RowSink): void {
  let message: unknown
  try {
    message = toMessage(row)
  } catch (error) {
    if (!(error instanceof FormError)) throw error
    sink.problem('malformed', error.message, line)
    return
  }
  sink.message(message, line)
}

/** The library's text names the record; the code says as much without anybody's data. */
function rowProblem(error: CsvError | undefined): string {
  return `is no row of this table (${error?.code ?? 'unreadable'})`
}
