import type { Field, Value } from '@tripline/model'
import { isoOf } from '../account.ts'
import { isList, isObject } from '../canonical-text.ts'
import { cutToUnits } from '../cut.ts'
import type { LossBook } from '../loss-book.ts'

const maxTextUnits = 65_536
/** Longer texts of events are lost: https://developers.hubspot.com/docs/api-reference/latest/events/guide */
export const maxEventTextUnits = 1_024

/** A value as HubSpot holds it: always text, `''` clears; undefined when it is said to be left out. */
export function textOf(
  value: Value,
  field: Field | undefined,
  path: string,
  book: LossBook,
  maxUnits = maxTextUnits,
): string | undefined {
  if (value === '') return '' // with or without a word: it clears
  if (book.dropped(path)) return undefined
  if (value === null) return ''
  if (typeof value === 'number') return decimal(value)
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return plain(value, field, path, book, maxUnits)
  if (isList(value) && value.every((entry) => typeof entry === 'string')) {
    const entries = new Set(value.filter((_, index) => !book.dropped(`${path}[${index}]`)))
    if (book.changed(path)) entries.delete('')
    const joined = [...entries].join(';')
    return book.has('truncated', path) ? cutToUnits(joined, maxUnits) : joined
  }
  if (!book.changed(path)) return '(a value that is no text)'
  const json = JSON.stringify(value)
  return book.has('truncated', path) ? cutToUnits(json, maxUnits) : json
}

function plain(
  text: string,
  field: Field | undefined,
  path: string,
  book: LossBook,
  maxUnits: number,
): string {
  if (field?.type === 'instant') return isoOf(text)
  if (field?.type === 'date') return text.slice(0, 10)
  if (field?.type === 'number' || field?.type === 'integer') return decimal(Number(text))
  return book.changed(path) ? cutToUnits(text, maxUnits) : text
}

/** Without an exponent. */
const decimal = (value: number): string =>
  String(value).includes('e')
    ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
    : String(value)

/** Money is two properties. */
export const isMoney = (value: Value): value is { readonly amount: number; readonly currency: string } =>
  isObject(value) && typeof value['amount'] === 'number' && typeof value['currency'] === 'string'
