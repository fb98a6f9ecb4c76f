import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from '../../cli-error.ts'
import { columnForms, isColumnForm, type ColumnForm } from './column-forms.ts'

/** Where one field of the message comes from. */
export type ColumnSource =
  | { readonly column: string; readonly form: ColumnForm }
  /** The same in every row. */
  | { readonly value: unknown }

/** What becomes of the columns of a table: the path of a field → its source. */
export type ColumnMap = ReadonlyMap<string, ColumnSource>

/** Fields of a message that a column may fill; of the last three something inside. */
const wholeFields = [
  'type',
  'event',
  'name',
  'userId',
  'anonymousId',
  'previousId',
  'groupId',
  'timestamp',
  'receivedAt',
  'messageId',
  'seq',
] as const
const bags = ['properties', 'traits', 'context'] as const

/**
 * Reads a column map: inline text, or a file of JSON with the same in it.
 *
 * Inline: `field=column` or `field=column:form`, joined by commas; a fixed value is written in quotes. `field` is a name
 * of the Segment Spec or a path such as `properties.price`. Forms: see `columnForms`; the default is `text`.
 * JSON: `{ "userId": "customer", "timestamp": "at:seconds", "event": { "value": "Order Completed" } }`.
 * @throws {CliError} a field or a form that does not exist, a field twice, a file that cannot be read
 * @example readColumnMap("userId=customer,timestamp=at:seconds,event='Order Completed',properties.revenue=sum:number", '.')
 */
export function readColumnMap(given: string, folder: string): ColumnMap {
  const entries = given.includes('=') ? inlineEntries(given) : fileEntries(resolve(folder, given))
  const map = new Map<string, ColumnSource>()
  for (const [field, source] of entries) {
    if (!isField(field)) {
      throw new CliError(
        `columns: ${field} is no field; there are ${[...wholeFields, ...bags.map((bag) => `${bag}.…`)].join(', ')}`,
      )
    }
    if (map.has(field)) throw new CliError(`columns: ${field} is given twice`)
    map.set(field, source)
  }
  return map
}

/** Without a map each column fills the field that it is called, as it is; other columns are left out. */
export function columnsByName(names: readonly string[]): ColumnMap {
  return new Map(
    names.filter(isField).map((name) => [name, { column: name, form: 'as-is' } satisfies ColumnSource]),
  )
}

function isField(path: string): boolean {
  const [first = '', ...inner] = path.split('.')
  // Under that name JavaScript keeps what all objects share.
  if (inner.includes('') || inner.includes('__proto__')) return false
  return (bags as readonly string[]).includes(first)
    ? inner.length > 0
    : inner.length === 0 && (wholeFields as readonly string[]).includes(first)
}

/** Commas inside quotes do not divide. */
function inlineEntries(text: string): readonly (readonly [string, ColumnSource])[] {
  const parts = text.match(/(?:'[^']*'|[^,'])+/g) ?? []
  return parts.map((part) => {
    const divided = part.indexOf('=')
    if (divided < 1) throw new CliError(`columns: "${part.trim()}" is not of the form field=column`)
    const field = part.slice(0, divided).trim()
    const source = part.slice(divided + 1).trim()
    const [, fixed] = /^'([^']*)'$/.exec(source) ?? []
    return [field, fixed === undefined ? columnSource(source) : { value: fixed }]
  })
}

function fileEntries(path: string): readonly (readonly [string, ColumnSource])[] {
  const map = readJson(path)
  if (typeof map !== 'object' || map === null || Array.isArray(map)) {
    throw new CliError(`${path}: is no JSON object of fields and columns`)
  }
  return Object.entries(map as Readonly<Record<string, unknown>>).map(([field, source]) => {
    if (typeof source === 'string') return [field, columnSource(source)]
    if (typeof source === 'object' && source !== null && 'value' in source) {
      return [field, { value: source.value }]
    }
    throw new CliError(`${path}: ${field} is neither a column nor {"value": …}`)
  })
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new CliError(`${path}: cannot be read as a column map (${(cause as Error).message})`, { cause })
  }
}

/** `column`, or `column:form`; a colon that no form follows belongs to the name. */
function columnSource(text: string): ColumnSource {
  const divided = text.lastIndexOf(':')
  if (divided === -1) return { column: text, form: 'as-is' }
  const form = text.slice(divided + 1)
  if (isColumnForm(form)) return { column: text.slice(0, divided), form }
  if (/^[a-z-]+$/.test(form)) {
    throw new CliError(`columns: there is no form ${form}; there are ${Object.keys(columnForms).join(', ')}`)
  }
  return { column: text, form: 'as-is' }
}
