import { CliError } from '../../cli-error.ts'
import { columnsByName, type ColumnMap } from './columns.ts'
import { FormError } from './column-forms.ts'
import { createRowReader, missingColumns, type Row, type RowReader } from './row-to-message.ts'
import type { RowSink } from './row-sink.ts'

/** A table that is read: CSV or Parquet. */
export interface Table {
  /** As it was given. */
  readonly name: string
  /** @default each column fills the field that it is called */
  readonly columns?: ColumnMap
  /** Its rows are events, and so need somebody, a time and a name. */
  readonly isOfEvents: boolean
}

/**
 * The reader of the rows of a table with these columns.
 * @throws {CliError} the map names columns that are not there, or nothing fills what an event needs
 */
export function openTable({ name, columns, isOfEvents }: Table, names: readonly string[]): RowReader {
  const there = `there are ${names.join(', ')}`
  const missing = columns === undefined ? [] : missingColumns(columns, names)
  if (missing.length > 0) throw new CliError(`${name}: there is no column ${missing.join(', ')}; ${there}`)
  const map = columns ?? columnsByName(names)
  const unfilled = isOfEvents ? unfilledFields(map) : []
  const [first = ''] = names
  if (unfilled.length === 0) return createRowReader(map)
  const separator = names.length === 1 ? /[;\t|]/.exec(first)?.[0] : undefined
  if (separator !== undefined) {
    const told = separator === '\t' ? 'tabs' : `"${separator}"`
    throw new CliError(`${name}: the columns are separated by ${told}; write them with commas`)
  }
  const example = `${unfilled[0]?.split(' ')[0]}=COLUMN`
  throw new CliError(
    `${name}: no column fills ${unfilled.join(', ')}; ${there}; name them with --columns, such as ${example}`,
  )
}

/** Of what an event needs. Only a `track` has to have a name. */
function unfilledFields(map: ColumnMap): readonly string[] {
  const person = map.has('userId') || map.has('anonymousId') ? [] : ['userId or anonymousId']
  const time = map.has('timestamp') ? [] : ['timestamp']
  const name = map.has('event') || map.has('type') ? [] : ['event']
  return [...person, ...time, ...name]
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
