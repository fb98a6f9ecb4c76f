import { columnForms, FormError } from './column-forms.ts'
import type { ColumnMap } from './columns.ts'

export type Row = { readonly [column: string]: unknown }
type Fields = { [name: string]: unknown }

/** Makes a message of each row. */
export interface RowReader {
  /** @throws {FormError} a value that has not the form of its column */
  (row: Row): Fields
}

/** The columns that the map names and the file lacks. */
export function missingColumns(map: ColumnMap, names: readonly string[]): readonly string[] {
  return [...map.values()].flatMap((source) =>
    'column' in source && !names.includes(source.column) ? [source.column] : [],
  )
}

export function createRowReader(map: ColumnMap): RowReader {
  const fields = [...map].map(([path, source]) => ({ path: path.split('.'), field: path, source }))
  return (row) => {
    const message: Fields = {}
    for (const { path, field, source } of fields) {
      const value = 'value' in source ? source.value : valueOf(row, field, source)
      if (value !== undefined) put(message, path, value)
    }
    return message
  }
}

function valueOf(
  row: Row,
  field: string,
  { column, form }: { readonly column: string; readonly form: keyof typeof columnForms },
): unknown {
  const value = row[column]
  if (value === undefined || value === null || value === '') return undefined
  try {
    return columnForms[form](value)
  } catch (error) {
    if (error instanceof FormError) throw new FormError(`${field}: column ${column} ${error.message}`)
    throw error
  }
}

function put(message: Fields, path: readonly string[], value: unknown): void {
  let fields = message
  for (const name of path.slice(0, -1)) {
    const inner = fields[name]
    const next: Fields = typeof inner === 'object' && inner !== null ? (inner as Fields) : {}
    fields[name] = next
    fields = next
  }
  fields[path.at(-1) ?? ''] = value
}
