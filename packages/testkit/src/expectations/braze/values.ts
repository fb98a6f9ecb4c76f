import type { Value, Values } from '@tripline/model'
import { asSet, isList, isObject } from '../canonical-text.ts'
import { cutToUnits } from '../cut.ts'
import type { LossBook } from '../loss-book.ts'

const maxTextUnits = 255

/** A value as Braze holds it, as far as the losses allow; undefined when it is said to be left out. */
export function kept(value: Value, path: string, book: LossBook): Value | undefined {
  if (book.dropped(path)) return undefined
  if (typeof value === 'string')
    return value.length > maxTextUnits && book.changed(path) ? cutToUnits(value, maxTextUnits) : value
  if (isList(value)) return value.flatMap((entry, index) => kept(entry, `${path}[${index}]`, book) ?? [])
  return isObject(value) ? keptObject(value, path, book) : value
}

function keptObject(value: Values, path: string, book: LossBook): Values {
  const object: Record<string, Value> = {}
  for (const [name, entry] of Object.entries(value)) {
    const held = kept(entry, `${path}.${name}`, book)
    if (held !== undefined) object[name] = held
  }
  return object
}

const isoText = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/
/**
 * One spelling of what Braze may spell in several ways: text that looks like a time becomes one when it is the first
 * value of its attribute, and a list is a set.
 */
export function attributeForm(value: Value): Value {
  if (typeof value === 'string' && isoText.test(value)) {
    const atMs = Date.parse(
      /\d{2}:\d{2}/.test(value) && !/(Z|[+-]\d{2}:?\d{2})$/.test(value) ? `${value}Z` : value,
    )
    return Number.isNaN(atMs) ? value : new Date(atMs).toISOString()
  }
  if (isList(value)) return asSet(value.map(attributeForm))
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, attributeForm(entry)]))
  return value
}
