import type { FieldType } from '../field.ts'
import type { Value } from '../value.ts'
import { isList, isPlainObject } from './clean-value.ts'
import { roundTo } from './decimal.ts'
import { isCalendarDate, readInstant } from './instant.ts'

/** How finely a vendor keeps values: what two values may differ in and still be the same after its round trip. */
export interface Resolution {
  /** Instants are cut to whole multiples of this, in milliseconds. @default 1 */
  readonly instantMs?: number
  /** Numbers and amounts are kept to this many decimals, 0 to 100. @default all */
  readonly decimals?: number
  /** `folded`: texts are trimmed and lower-cased (e-mail addresses). @default 'exact' */
  readonly text?: 'exact' | 'folded'
  /** The vendor cannot tell `''` from no value (HubSpot). @default false */
  readonly emptyIsNull?: boolean
}

/**
 * Whether two values are the same for a vendor of this resolution: is what was read back our own write?
 *
 * `undefined` (absent) and `null` (cleared) are the same: after a round trip nobody can tell. Sets of text are compared
 * without order and repeats, objects without the order of their names, instants and dates as moments and days whatever
 * their writing. A value that is not of the type is compared as it stands.
 * @example sameValue(['a', 'b'], ['b', 'a', 'a'], 'strings') // => true
 * @example sameValue('2026-11-01T10:00:00.900Z', '2026-11-01T10:00:00Z', 'instant', { instantMs: 1000 }) // => true
 */
export function sameValue(
  first: Value | undefined,
  second: Value | undefined,
  type: FieldType,
  resolution: Resolution = {},
): boolean {
  if (first === second) return true
  return sameJson(normalise(first, type, resolution), normalise(second, type, resolution))
}

function normalise(value: Value | undefined, type: FieldType, resolution: Resolution): Value {
  if (value === undefined || value === null) return null
  if (value === '' && resolution.emptyIsNull === true) return null
  switch (type) {
    case 'string':
      return typeof value === 'string' ? foldText(value, resolution) : value
    case 'number':
    case 'integer':
      return roundNumber(value, resolution)
    case 'instant':
      return cutInstant(value, resolution)
    case 'date':
      return typeof value === 'string' && !isCalendarDate(value) ? dayOf(value) : value
    case 'strings':
      return toSet(value, resolution)
    case 'money':
      if (!isPlainObject(value)) return value
      return { ...value, amount: roundNumber(value['amount'] as Value, resolution) }
    case 'boolean':
    case 'object':
      return value
  }
}

function toSet(value: Value, resolution: Resolution): Value {
  if (!isList(value)) return value
  const texts = value.filter((element) => typeof element === 'string')
  if (texts.length !== value.length) return value
  const folded = texts.map((text) => foldText(text, resolution))
  return [...new Set(folded)].sort((first, second) => (first < second ? -1 : 1))
}

function foldText(text: string, resolution: Resolution): string {
  return resolution.text === 'folded' ? text.trim().toLowerCase() : text
}

function roundNumber(value: Value, { decimals }: Resolution): Value {
  return typeof value === 'number' && decimals !== undefined ? roundTo(value, decimals) : value
}

function cutInstant(value: Value, { instantMs = 1 }: Resolution): Value {
  const read = typeof value === 'string' ? readInstant(value) : undefined
  return read?.ok === true ? Math.floor(Date.parse(read.at) / instantMs) : value
}

function dayOf(text: string): string {
  const read = readInstant(text)
  return read.ok && read.at.endsWith('T00:00:00.000Z') ? read.at.slice(0, 10) : text
}

function sameJson(first: Value, second: Value): boolean {
  if (first === second) return true
  if (typeof first !== 'object' || typeof second !== 'object' || first === null || second === null)
    return false
  if (Array.isArray(first) !== Array.isArray(second)) return false
  const names = Object.keys(first)
  if (names.length !== Object.keys(second).length) return false
  const left = first as { readonly [name: string]: Value }
  const right = second as { readonly [name: string]: Value }
  return names.every(
    (name) => Object.hasOwn(right, name) && sameJson(left[name] as Value, right[name] as Value),
  )
}
