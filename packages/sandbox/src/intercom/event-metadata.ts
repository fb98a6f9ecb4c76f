import { isObject, refuseParameter } from './errors.ts'
import { intercomLimits } from './limits.ts'
import type { MetadataValue } from './stored.ts'

/** The kinds of value that Intercom tells apart in event metadata (description of POST /events). */
export function metadataType(name: string, value: MetadataValue): string {
  if (typeof value === 'number') return name.endsWith('_date') ? 'date' : 'number'
  if (typeof value === 'string') return /^https?:\/\//.test(value) ? 'link' : 'string'
  if (isObject(value)) return 'url' in value ? 'rich link' : 'monetary amount'
  return typeof value === 'boolean' ? 'boolean' : 'unknown'
}

/**
 * The first ten keys in the order sent; the rest is ignored without a word.
 * Objects are rich links `{url, value}` or amounts `{amount, currency}`. Any other nesting is "not supported": that it
 * refuses the event is the stricter reading. Booleans and null are not described and kept as they are.
 */
export function readMetadata(value: unknown): {
  readonly metadata: Readonly<Record<string, MetadataValue>>
  readonly dropped: number
} {
  if (value === undefined || value === null) return { metadata: {}, dropped: 0 }
  if (!isObject(value)) return refuseParameter('metadata must be an object')
  const entries = Object.entries(value)
  const kept = entries.slice(0, intercomLimits.metadataKeys.max)
  const metadata = Object.fromEntries(kept.map(([name, item]) => [name, readItem(name, item)]))
  return { metadata, dropped: entries.length - kept.length }
}

function readItem(name: string, item: unknown): MetadataValue {
  if (item === null || typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean')
    return item
  if (isObject(item)) {
    const { url, value, amount, currency, ...rest } = item
    const alone = Object.keys(rest).length === 0
    if (
      alone &&
      typeof url === 'string' &&
      typeof value === 'string' &&
      amount === undefined &&
      currency === undefined
    )
      return { url, value }
    const positive = typeof amount === 'number' && Number.isInteger(amount) && amount > 0
    if (alone && positive && typeof currency === 'string' && url === undefined && value === undefined)
      return { amount, currency }
  }
  return refuseParameter(`metadata '${name}': nested JSON is not supported`)
}
