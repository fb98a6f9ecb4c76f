import type { Properties } from './state.ts'

/** Cuts at `maxBytes` of UTF-8, never inside a character. */
function cutString(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text
  const bytes = Buffer.from(text).subarray(0, maxBytes)
  return new TextDecoder().decode(bytes, { stream: true })
}

/**
 * The value as the vendor keeps it: a string cut, an object or list that is too large not kept at all (undefined).
 * https://docs.mixpanel.com/docs/data-structure/property-reference/data-type
 */
export function foldValue(value: unknown, stringBytes: number, objectBytes: number): unknown {
  if (typeof value === 'string') return cutString(value, stringBytes)
  if (typeof value !== 'object' || value === null) return value
  return Buffer.byteLength(JSON.stringify(value)) > objectBytes ? undefined : value
}

export function foldProperties(properties: Properties, stringBytes: number, objectBytes: number): Properties {
  const kept: Properties = {}
  for (const [name, value] of Object.entries(properties)) {
    const folded = foldValue(value, stringBytes, objectBytes)
    if (folded !== undefined) kept[name] = folded
  }
  return kept
}
