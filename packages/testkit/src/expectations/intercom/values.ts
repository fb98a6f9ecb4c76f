import type { Field, Value } from '@tripline/model'
import { isList } from '../canonical-text.ts'
import { cutToUnits } from '../cut.ts'
import type { LossBook } from '../loss-book.ts'
import { secondsOf } from './tables.ts'

/** What happens to lists, and with what between their texts. */
export interface ListForm {
  /** @default 'join' */
  readonly lists?: 'join' | 'drop'
  /** @default ', ' */
  readonly listSeparator?: string
}
const maxTextUnits = 255

/** A custom attribute as Intercom holds it; undefined when it is said to be left out. */
export function attributeOf(
  value: Value,
  field: Field | undefined,
  path: string,
  { book, listSeparator = ', ' }: { readonly book: LossBook } & ListForm,
): Value | undefined {
  if (book.dropped(path)) return undefined
  if (isList(value)) {
    const joined = value.map(String).join(listSeparator)
    return book.changed(path)
      ? cutToUnits(joined, book.has('truncated', path) ? maxTextUnits : joined.length)
      : value
  }
  if (typeof value === 'string' && (field?.type === 'date' || field?.type === 'instant'))
    return secondsOf(value)
  if (!book.changed(path)) return value
  if (typeof value === 'string') return cutToUnits(value, maxTextUnits)
  if (book.has('rounded', path) && typeof value === 'number') return Math.round(value)
  return book.has('coerced', path) && typeof value !== 'object' ? String(value) : value
}
