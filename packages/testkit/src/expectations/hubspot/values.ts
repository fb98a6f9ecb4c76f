import type { Field, Value } from '@tripline/model'
import { isoOf } from '../account.ts'
import { isList, isObject } from '../canonical-text.ts'
import { cutToUnits } from '../cut.ts'
import type { LossBook } from '../loss-book.ts'

const maxTextUnits = 65_536

/** A value as HubSpot holds it: always text, `''` clears; undefined when it is said to be left out. */
export function textOf(
  value: Value,
  field: Field | undefined,
  path: string,
  book: LossBook,
): string | undefined {
  if (value === '') return '' // with or without a word: it clears
  if (book.dropped(path)) return undefined
  if (value === null) return ''
  if (typeof value === 'number') return decimal(value)
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return plain(value, field, path, book)
  if (isList(value) && value.every((entry) => typeof entry === 'string')) {
    const entries = new Set(value.filter((_, index) => !book.dropped(`${path}[${index}]`)))
    if (book.changed(path)) entries.delete('')
    return [...entries].join(';')
  }
  return book.changed(path) ? JSON.stringify(value) : '(a value that is no text)'
}

function plain(text: string, field: Field | undefined, path: string, book: LossBook): string {
  if (field?.type === 'instant') return isoOf(text)
  if (field?.type === 'date') return text.slice(0, 10)
  if (field?.type === 'number' || field?.type === 'integer') return decimal(Number(text))
  return book.changed(path) ? cutToUnits(text, maxTextUnits) : text
}

/** Without an exponent. */
const decimal = (value: number): string =>
  String(value).includes('e')
    ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
    : String(value)

/** Money is two properties. */
export const isMoney = (value: Value): value is { readonly amount: number; readonly currency: string } =>
  isObject(value) && typeof value['amount'] === 'number' && typeof value['currency'] === 'string'
