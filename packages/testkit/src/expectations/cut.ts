/** The longest start of `maxUnits` UTF-16 units that splits no code point. */
export function cutToUnits(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text
  let cut = ''
  for (const point of text) {
    if (cut.length + point.length > maxUnits) break
    cut += point
  }
  return cut
}

/** The longest start of `maxBytes` of UTF-8 that splits no code point. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text
  let [cut, bytes] = ['', 0]
  for (const point of text) {
    bytes += Buffer.byteLength(point)
    if (bytes > maxBytes) break
    cut += point
  }
  return cut
}
