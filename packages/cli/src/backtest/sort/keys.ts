/**
 * Texts whose order by UTF-16 code units is the order that is meant: of UTF-8 bytes, of times. A key made of several
 * parts compares part by part, as each part marks its own end.
 */

/** A text ordered bytewise as UTF-8. */
export function bytesKey(text: string): string {
  const bytes = isPlain(text) ? text : Buffer.from(text).toString('latin1')
  return `${bytes.includes('\u0000') ? bytes.replaceAll('\u0000', '\u0000\u0001') : bytes}\u0000\u0000`
}

/** Milliseconds, also negative ones. */
export function timeKey(ms: number): string {
  // 2^53 above zero, so that there is no sign; each character holds 18 bits less than it could, none a surrogate.
  const shifted = ms + 4_503_599_627_370_496
  return String.fromCharCode(
    Math.floor(shifted / 2 ** 42) & 0x3fff,
    Math.floor(shifted / 2 ** 28) & 0x3fff,
    Math.floor(shifted / 2 ** 14) & 0x3fff,
    shifted % 2 ** 14,
  )
}

/** Whether UTF-8 and Latin-1 have the same bytes for it. */
function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false
  return true
}
