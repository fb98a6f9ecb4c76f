import { isList, isObject, jsonBytes, type Json, type JsonObject } from './json.ts'
import { sizeLimits } from './limits.ts'

/** Keys that event and purchase properties may not use. https://www.braze.com/docs/api/objects_filters/event_object/ */
export const reservedPropertyKeys = {
  events: ['time', 'event_name'],
  purchases: ['time', 'product_id', 'quantity', 'event_name', 'price', 'currency'],
} as const

/**
 * Whether Braze takes these `properties`. Values are numbers, booleans, text up to 255 characters, arrays and objects; null
 * is not among the documented types and is refused. Dates are text here, so "no datetimes inside arrays" cannot be seen.
 */
export function validProperties(
  value: Json | undefined,
  of: 'events' | 'purchases',
): value is JsonObject | undefined {
  if (value === undefined) return true
  if (!isObject(value)) return false
  const keys = Object.keys(value)
  if (keys.length > sizeLimits.propertyKeys.max) return false
  if (keys.some((key) => (reservedPropertyKeys[of] as readonly string[]).includes(key))) return false
  if (!keys.every((key) => validKey(key) && validValue(value[key]))) return false
  const max = of === 'events' ? sizeLimits.eventPropertyBytes.max : sizeLimits.purchasePropertyBytes.max
  return jsonBytes(value) <= max
}

const validKey = (key: string): boolean =>
  key !== '' && key.length <= sizeLimits.textChars.max && !key.startsWith('$')

function validValue(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.length <= sizeLimits.textChars.max
  if (typeof value === 'number' || typeof value === 'boolean') return true
  if (isList(value)) return value.every(validValue)
  return isObject(value) && Object.entries(value).every(([key, inner]) => validKey(key) && validValue(inner))
}
