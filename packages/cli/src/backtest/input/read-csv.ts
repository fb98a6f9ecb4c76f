import type { CsvError, Info } from 'csv-parse'
import { Readable } from 'node:stream'
import { NoText, onlyText } from './file-start.ts'
import type { Row, RowReader } from './row-to-message.ts'
import type { RowSink } from './row-sink.ts'
import { openTable, takeRow, type Table } from './table-reader.ts'
import { BrokenGzip, unpack } from './unpack.ts'

/** Rows between two yields. */
const rowsPerBatch = 1_000
/** A quote that is never closed would otherwise take the rest of the file into memory. */
const maxRowCharacters = 1_000_000

/**
 * CSV with a line of column names (RFC 4180: commas, quotes doubled; UTF-8), packed with gzip or not. An empty value is
 * none; a quote inside a value that has none around it is a character. A row with too many or too few values is a problem, and so is a value without the form of its column.
 * @throws {CliError} a table without what is needed
 */
export async function* readCsv(
  stored: AsyncIterable<Uint8Array>,
  table: Table,
  sink: RowSink,
): AsyncGenerator<void, void, undefined> {
  let last = 0
  let broken: BrokenGzip | NoText | undefined
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
      yield* onlyText(unpack(stored))
    } catch (error) {
      if (!(error instanceof BrokenGzip || error instanceof NoText)) throw error
      broken = error
    }
  })()
  let toMessage: RowReader | undefined
  let rows = 0
  for await (const { record, info } of Readable.from(bytes, { objectMode: false }).compose(
    parser,
  ) as AsyncIterable<{ readonly record: Row; readonly info: Info }>) {
    last = info.lines
    toMessage ??= openTable(table, Object.keys(record))
    if (isUtf8(record)) takeRow(record, last, toMessage, sink)
    else sink.problem('malformed', 'is not UTF-8', last)
    if (++rows % rowsPerBatch === 0) yield
  }
  if (broken instanceof NoText) sink.problem('malformed', broken.message, 0)
  else if (broken) sink.problem('truncated', `the file breaks off after this line (${broken.message})`, last)
  yield
}

/** The library puts this character where bytes are none of UTF-8; an id with it would be somebody else's. */
const replacement = '\uFFFD'

function isUtf8(record: Row): boolean {
  for (const name in record) if ((record[name] as string).includes(replacement)) return false
  return true
}

/** The library's text names the record; the codes say as much without anybody's data. */
function rowProblem(error: CsvError | undefined): string {
  switch (error?.code) {
    case 'CSV_RECORD_INCONSISTENT_COLUMNS': {
      const [values, columns] = [error['record'], error['columns']].map((list) =>
        Array.isArray(list) ? list.length : 0,
      )
      return `has ${values} values, the header has ${columns}`
    }
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'opens a quote that is never closed'
    case 'CSV_MAX_RECORD_SIZE':
      return `is longer than ${maxRowCharacters} characters; perhaps a quote is not closed`
    default:
      return `is no row of this table (${error?.code ?? 'unreadable'})`
  }
}
