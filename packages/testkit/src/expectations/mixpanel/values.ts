import type { Value, Values } from '@tripline/model'
import { isList, isObject } from '../canonical-text.ts'
import { cutToBytes } from '../cut.ts'
import type { LossBook } from '../loss-book.ts'

/** https://docs.mixpanel.com/docs/data-structure/property-reference/data-type */
const maxTextBytes = 255
const maxEntries = 254
export const eventObjectBytes = 8 * 1_024
export const profileObjectBytes = 256 * 1_024

/** A property as Mixpanel holds it, as far as the losses allow; undefined when it is said to be left out. */
export function kept(value: Value, path: string, maxBytes: number, book: LossBook): Value | undefined {
  if (book.dropped(path)) return undefined
  if (typeof value === 'string') return book.changed(path) ? cutToBytes(value, maxTextBytes) : value
  const left = without(value, path, book)
  return isList(left) && book.has('truncated', path) ? cutList(left, maxBytes) : left
}

/** Texts inside lists and objects are not cut; entries are left out. */
function without(value: Value, path: string, book: LossBook): Value {
  if (isList(value))
    return value.flatMap((entry, index) =>
      book.dropped(`${path}[${index}]`) ? [] : [without(entry, `${path}[${index}]`, book)],
    )
  return isObject(value) ? withoutEntries(value, path, book) : value
}
const withoutEntries = (values: Values, path: string, book: LossBook): Values =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, entry]): [string, Value][] =>
      book.dropped(`${path}.${name}`) ? [] : [[name, without(entry, `${path}.${name}`, book)]],
    ),
  )

function cutList(list: readonly Value[], maxBytes: number): readonly Value[] {
  let left = list.slice(0, maxEntries)
  while (left.length > 0 && Buffer.byteLength(JSON.stringify(left)) > maxBytes) left = left.slice(0, -1)
  return left
}
