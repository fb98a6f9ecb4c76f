import type { EventItem, Field, Value, Values } from '@tripline/model'
import { contextOf, eventNameOf } from '../account.ts'
import { isList, isObject } from '../canonical-text.ts'
import { leavesOf } from '../flatten.ts'
import type { LossBook } from '../loss-book.ts'
import { minorUnits } from '../money.ts'
import type { PictureEvent } from '../picture.ts'
import type { ExpectedIntercomAccount } from './expect.ts'
import { eventKey, secondsOf } from './tables.ts'

/**
 * An event as Intercom keeps it: whole seconds, flat metadata. One of a name and second that are taken is moved to the
 * next free second, or ignored by Intercom; a loss must say which.
 * @param taken seconds by person and name
 * @returns undefined: Intercom ignores it
 */
export function eventOf(
  item: EventItem,
  person: string,
  taken: Map<string, Set<number>>,
  book: LossBook,
  account: ExpectedIntercomAccount,
): PictureEvent | undefined {
  const muted = item.backfill && book.has('renamed', 'event.event') ? ' (backfill)' : ''
  const name = eventKey(eventNameOf(item.event, account) + muted)
  if (book.has('collapsed', 'at')) return undefined
  const key = JSON.stringify([person, name])
  const seconds = taken.get(key) ?? new Set<number>()
  let second = secondsOf(item.at)
  if (book.has('coerced', 'at'))
    do second++
    while (seconds.has(second))
  taken.set(key, seconds.add(second))
  return {
    person,
    name,
    at: new Date(second * 1_000).toISOString(),
    properties: metadataOf(item, book, account),
  }
}

function metadataOf(item: EventItem, book: LossBook, account: ExpectedIntercomAccount): Values {
  const metadata: Record<string, Value> = { ...contextOf(item, book) }
  const { event } = item
  const { price, rest } = priceOf(item, book)
  if (price) metadata['price'] = price
  for (const [path, value] of leavesOf(rest, (_, object) => isRich(object))) {
    const at = `event.properties.${path}`
    if (value === null || book.dropped(at)) continue
    const field = fieldOf(account.fields, event.event, path)
    const isTime = (field?.type === 'date' || field?.type === 'instant') && typeof value === 'string'
    const isRenamed = book.has('renamed', at)
    const flat = isRenamed ? path.replaceAll('.', '_') : path
    const name = isTime && isRenamed && !flat.endsWith('_date') ? `${flat}_date` : flat
    metadata[name] = isTime ? secondsOf(value) : metadataValue(value, at, book, account)
  }
  return metadata
}

const fieldOf = (fields: readonly Field[] = [], event: string, name: string): Field | undefined =>
  fields.find((field) => field.of === 'event' && field.event === event && field.name === name) ??
  fields.find((field) => field.of === 'event' && field.event === undefined && field.name === name)

/** A link with its text, or an amount with its currency. */
function isRich(value: Values): boolean {
  const { url, value: text, amount, currency } = value
  if (Object.keys(value).length !== 2) return false
  return (
    (typeof url === 'string' && typeof text === 'string') ||
    (typeof amount === 'number' && typeof currency === 'string')
  )
}

function metadataValue(
  value: Value,
  at: string,
  book: LossBook,
  { listSeparator = ', ' }: ExpectedIntercomAccount,
): Value {
  if (isList(value)) return book.changed(at) ? value.map(String).join(listSeparator) : value
  if (!isObject(value)) return value
  const { amount, currency } = value
  return typeof amount === 'number' && typeof currency === 'string'
    ? { amount: minorUnits(amount, currency), currency: currency.toLowerCase() }
    : value
}

/** Of an order the amount is `price`; without amount or currency the numbers stay as they are, which a loss must say. */
function priceOf(item: EventItem, book: LossBook): { readonly price?: Values; readonly rest: Values } {
  const { properties } = item.event
  const isPlain = item.event.type !== 'track' || item.event.event !== 'Order Completed'
  if (isPlain || book.has('coerced', 'event.properties.currency')) return { rest: properties }
  const named = ['total', 'revenue'].find((name) => typeof properties[name] === 'number')
  const { currency, price: _, ...others } = properties
  if (named === undefined || typeof currency !== 'string' || book.dropped(`event.properties.${named}`))
    return { rest: properties }
  const { [named]: amount, ...rest } = others
  return { price: { amount: minorUnits(Number(amount), currency), currency: currency.toLowerCase() }, rest }
}
