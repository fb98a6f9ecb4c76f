import type { AsyncBuffer, FileMetaData } from 'hyparquet'
import type { ColumnMap } from './columns.ts'
import type { Row } from './row-to-message.ts'
import type { RowSink } from './row-sink.ts'
import { openTable, takeRow, type Table } from './table-reader.ts'

/** Rows that are decoded at a time; a row group with fewer is decoded whole. */
const rowsPerBatch = 20_000

/**
 * A Parquet file, row group by row group; of the columns only those that are asked for. Moments and days become ISO
 * text in UTC, whole numbers of 64 bits become numbers where they are exact and text otherwise, decimals numbers.
 * Compression: none, Snappy, Gzip, Zstandard, Brotli, LZ4. `onRead` is told the stored bytes of each row group read, and at the end of the rest.
 * @throws {CliError} a table without what is needed
 */
export async function* readParquet(
  path: string,
  table: Table,
  sink: RowSink,
  onRead: (bytes: number) => void = () => undefined,
): AsyncGenerator<void, void, undefined> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } =
    await import('hyparquet')
  const { compressors } = await import('hyparquet-compressors')
  let file: AsyncBuffer
  let metadata: FileMetaData
  try {
    file = await asyncBufferFromFile(path)
    metadata = await parquetMetadataAsync(file)
  } catch (error) {
    return sink.problem('malformed', `is no Parquet file (${(error as Error).message})`, 0)
  }
  const names = parquetSchema(metadata).children.map(({ element }) => element.name)
  const toMessage = openTable(table, names)
  const asked = table.columns === undefined ? names : namedColumns(table.columns)
  let start = 0
  let told = 0
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows)
    for (let from = start; from < end; from += rowsPerBatch) {
      const rowEnd = Math.min(end, from + rowsPerBatch)
      try {
        const range = { file, metadata, columns: asked, compressors, rowStart: from, rowEnd }
        for (const [index, row] of (await parquetReadObjects(range)).entries()) {
          takeRow(toPlainRow(row), from + index + 1, toMessage, sink)
        }
      } catch (error) {
        return sink.problem(
          'truncated',
          `cannot be read from this row on (${(error as Error).message})`,
          from + 1,
        )
      }
      yield
    }
    const groupBytes = Math.min(
      Number(group.total_compressed_size ?? group.total_byte_size),
      file.byteLength - told,
    )
    onRead(groupBytes)
    told += groupBytes
    start = end
  }
  onRead(file.byteLength - told)
}

function namedColumns(columns: ColumnMap): string[] {
  return [...new Set([...columns.values()].flatMap((source) => ('column' in source ? [source.column] : [])))]
}

function toPlainRow(row: Row): Row {
  return toPlain(row) as Row
}

function toPlain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
      ? Number(value)
      : String(value)
  }
  // Data frames write it for a missing value.
  if (Number.isNaN(value)) return null
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(toPlain)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toPlain(inner)]))
}
