/** A value that does not have the form its column is said to have. */
export class FormError extends Error {
  override readonly name = 'FormError'
}

/**
 * How the value of a column is read. `null` and, of a text, `''` are no value in every form.
 * `as-is`: as the file has it (the text of CSV, the types of Parquet). `utc`: a day (its midnight) or a moment without a
 * zone, taken as UTC.
 */
export const columnForms = {
  'as-is': (value) => value,
  text: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  number: readNumber,
  boolean: readBoolean,
  json: readJson,
  seconds: (value) => isoText(readNumber(value) * 1_000),
  milliseconds: (value) => isoText(readNumber(value)),
  utc: readUtc,
} as const satisfies { readonly [form: string]: (value: unknown) => unknown }
export type ColumnForm = keyof typeof columnForms

export function isColumnForm(text: string): text is ColumnForm {
  return Object.hasOwn(columnForms, text)
}

function readNumber(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number === 'number' && Number.isFinite(number)) return number
  throw new FormError('is no number')
}

function readBoolean(value: unknown): boolean {
  if (value === true || value === 1 || value === 'true' || value === '1') return true
  if (value === false || value === 0 || value === 'false' || value === '0') return false
  throw new FormError('is neither true, false, 1 nor 0')
}

function readJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    throw new FormError('is no JSON')
  }
}

/** Parts of a millisecond are cut. */
function isoText(ms: number): string {
  const date = new Date(Math.floor(ms))
  if (Number.isNaN(date.getTime())) throw new FormError('is no moment')
  return date.toISOString()
}

function readUtc(value: unknown): string {
  const text = String(value).trim()
  const [, day, time = '00:00:00'] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?$/.exec(text) ?? []
  if (day === undefined) throw new FormError('is no day or moment without a zone')
  return `${day}T${time}Z`
}
