import { isoOf, readInstant } from './instants.ts'
import { isList, isName, isObject, jsonBytes, type Json, type JsonObject } from './json.ts'
import { sizeLimits } from './limits.ts'
import type { AttributeType } from './state.ts'

/** The type Braze detects in a first value. */
export function typeOf(value: Json, isoTextIsTime: boolean): AttributeType {
  if (typeof value === 'boolean') return 'Boolean'
  if (typeof value === 'number') return 'Number'
  if (typeof value === 'string') return isoTextIsTime && readInstant(value) !== undefined ? 'Time' : 'String'
  if (isList(value)) return value.some(isObject) ? 'Object Array' : 'Array'
  return 'Object'
}

/** The value as an attribute of this type holds it; undefined when it cannot be made one. */
export function coerce(value: Json, type: AttributeType): Json | undefined {
  if (type === 'String') return typeof value === 'object' ? undefined : String(value)
  if (type === 'Time') {
    const at = typeof value === 'string' ? readInstant(value) : undefined
    return at === undefined ? undefined : isoOf(at)
  }
  if (type === 'Number') {
    if (typeof value === 'number') return value
    const number = isName(value) && value.trim() !== '' ? Number(value) : Number.NaN
    return Number.isFinite(number) ? number : undefined
  }
  if (type === 'Boolean') {
    if (typeof value === 'boolean') return value
    return value === 'true' || value === 1 ? true : value === 'false' || value === 0 ? false : undefined
  }
  if (type === 'Object') return isObject(value) ? value : undefined
  return isList(value) ? value : undefined
}

/** Whether the value is of the type as it stands, without being turned into it. */
export const isOfType = (value: Json, type: AttributeType, isoTextIsTime: boolean): boolean => {
  if (isList(value) && value.length === 0) return type === 'Array' || type === 'Object Array'
  const own = typeOf(value, isoTextIsTime)
  if (type === 'Time') return typeof value === 'string' && readInstant(value) !== undefined
  return own === type || (own === 'Time' && type === 'String')
}

/** Elements of a simple array are a set: of equal ones the last counts. */
export const unique = (values: readonly Json[]): Json[] => [...new Set(values.toReversed())].toReversed()

export const validElement = (value: Json): boolean =>
  typeof value === 'string'
    ? value.length <= sizeLimits.textChars.max
    : typeof value === 'number' || typeof value === 'boolean'

/**
 * A nested value in stored form: `{"$time": …}` becomes the instant. Undefined when any leaf is invalid (null included), a
 * key has `.`, `$` or a space, or it is over 100 KB: the whole update is then void.
 * https://www.braze.com/docs/user_guide/data/activation/attributes/nested_custom_attribute_support/
 */
export function nested(value: Json): Json | undefined {
  const stored = nestedLeaf(value)
  return stored !== undefined && jsonBytes(stored) <= sizeLimits.nestedBytes.max ? stored : undefined
}

function nestedLeaf(value: Json): Json | undefined {
  if (typeof value === 'string') return value.length <= sizeLimits.textChars.max ? value : undefined
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (value === null) return undefined
  if (isList(value)) {
    const items = value.map(nestedLeaf)
    return items.includes(undefined) ? undefined : (items as Json[])
  }
  return isObject(value) ? nestedObject(value) : undefined
}

function nestedObject(value: JsonObject): Json | undefined {
  const entries = Object.entries(value)
  const time = value['$time']
  if (entries.length === 1 && time !== undefined) {
    const at = typeof time === 'string' ? readInstant(time) : undefined
    return at === undefined ? undefined : isoOf(at)
  }
  const stored: [string, Json][] = []
  for (const [key, inner] of entries) {
    const leaf = key.length <= sizeLimits.textChars.max && !/[.$ ]/.test(key) ? nestedLeaf(inner) : undefined
    if (leaf === undefined) return undefined
    stored.push([key, leaf])
  }
  return Object.fromEntries(stored)
}

/** Lays `over` on `base`, key by key. */
export function deepMerge(base: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key]
    merged[key] = isObject(before) && isObject(value) ? deepMerge(before, value) : value
  }
  return merged
}

/** How many keys a nested value has, which is what it costs; an array of plain values is one. */
export function leaves(value: Json): number {
  if (isList(value))
    return value.some(isObject) ? value.reduce<number>((sum, item) => sum + leaves(item), 0) : 1
  return isObject(value) ? Object.values(value).reduce<number>((sum, item) => sum + leaves(item), 0) : 1
}
