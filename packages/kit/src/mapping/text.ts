/**
 * Cuts to at most `maxBytes` of UTF-8, never inside a code point; as long as possible. The text itself when it fits.
 * Half a surrogate pair counts 3 bytes, as it is sent. A cut is a loss (`truncated`) that the caller reports.
 * @example truncateBytes('naïve', 3) // => 'na'
 */
export function truncateBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text
  const room = new Uint8Array(Math.max(0, Math.min(maxBytes, text.length * 3)))
  return text.slice(0, encoder.encodeInto(text, room).read)
}
const encoder = new TextEncoder()

/**
 * Cuts to at most `maxChars` UTF-16 units (as most vendors count), never inside a surrogate pair; as long as possible.
 * The text itself when it fits. A cut is a loss (`truncated`) that the caller reports.
 * @example truncateChars('a🧀b', 2) // => 'a'
 */
export function truncateChars(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  const end = Math.max(0, maxChars)
  const insidePair = isBetween(text.charCodeAt(end - 1), 0xd800) && isBetween(text.charCodeAt(end), 0xdc00)
  return text.slice(0, insidePair ? end - 1 : end)
}
const isBetween = (unit: number, start: number): boolean => unit >= start && unit < start + 0x400
