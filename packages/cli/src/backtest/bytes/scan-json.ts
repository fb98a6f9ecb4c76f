/**
 * Walks over JSON in bytes without making anything of it. What it accepts `JSON.parse` accepts; what it is not sure of
 * it refuses, and `JSON.parse` has the last word.
 */

/** No JSON, deeper than is looked into, or a number that is perhaps too large. */
export const refused = -1

const deepest = 64
/** With exponents of two digits no number of so many characters is beyond a double. */
const longestNumber = 200
const longestExponent = 2
const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a] as const
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d] as const

/** The first byte at or after `at` that is no white space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let place = at
  for (;;) {
    const byte = bytes[place]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return place
    place++
  }
}

/** Bytes that stand for themselves in a string: no quote, no escape, no control character. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte !== quote && byte !== backslash ? 1 : 0,
)

/** The first byte at or after `at` that does not stand for itself in a string. */
export function skipPlain(bytes: Uint8Array, at: number): number {
  let place = at
  while (plain[bytes[place] as number] === 1) place++
  return place
}

/** From behind the opening quote to behind the closing one. */
export function skipString(bytes: Uint8Array, at: number, to: number): number {
  let place = skipPlain(bytes, at)
  while (place < to) {
    const byte = bytes[place]
    if (byte === quote) return place + 1
    if (byte !== backslash) return refused
    place = skipPlain(bytes, place + escapeLength(bytes, place))
  }
  return refused
}

/** Behind the value that begins at `at`. */
export function skipValue(bytes: Uint8Array, at: number, to: number, depth = 0): number {
  const byte = bytes[at]
  if (byte === quote) return skipString(bytes, at + 1, to)
  if (byte === openBrace) return depth < deepest ? skipObject(bytes, at + 1, to, depth + 1) : refused
  if (byte === openBracket) return depth < deepest ? skipList(bytes, at + 1, to, depth + 1) : refused
  if (byte === 0x74) return isWord(bytes, at, 'true') ? at + 4 : refused
  if (byte === 0x66) return isWord(bytes, at, 'false') ? at + 5 : refused
  if (byte === 0x6e) return isWord(bytes, at, 'null') ? at + 4 : refused
  return skipNumber(bytes, at)
}

function skipObject(bytes: Uint8Array, from: number, to: number, depth: number): number {
  let at = skipSpace(bytes, from)
  if (bytes[at] === closeBrace) return at + 1
  for (;;) {
    at = skipSpace(bytes, at)
    if (bytes[at] !== quote) return refused
    at = skipString(bytes, at + 1, to)
    if (at === refused) return refused
    at = skipSpace(bytes, at)
    if (bytes[at] !== colon) return refused
    at = skipValue(bytes, skipSpace(bytes, at + 1), to, depth)
    if (at === refused) return refused
    at = skipSpace(bytes, at)
    const byte = bytes[at]
    if (byte === closeBrace) return at + 1
    if (byte !== comma) return refused
    at++
  }
}

function skipList(bytes: Uint8Array, from: number, to: number, depth: number): number {
  let at = skipSpace(bytes, from)
  if (bytes[at] === closeBracket) return at + 1
  for (;;) {
    at = skipValue(bytes, skipSpace(bytes, at), to, depth)
    if (at === refused) return refused
    at = skipSpace(bytes, at)
    const byte = bytes[at]
    if (byte === closeBracket) return at + 1
    if (byte !== comma) return refused
    at++
  }
}

function skipNumber(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === 0x2d ? from + 1 : from
  const first = at
  at = skipDigits(bytes, at)
  if (at === first || (bytes[first] === 0x30 && at > first + 1)) return refused
  if (bytes[at] === 0x2e) {
    const fraction = at + 1
    at = skipDigits(bytes, fraction)
    if (at === fraction) return refused
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    const sign = bytes[at + 1]
    const exponent = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1
    at = skipDigits(bytes, exponent)
    if (at === exponent || at - exponent > longestExponent) return refused
  }
  return at - from > longestNumber ? refused : at
}

function skipDigits(bytes: Uint8Array, from: number): number {
  let at = from
  while ((bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at++
  return at
}

/** Past the end, and so refused, when it is no escape. */
function escapeLength(bytes: Uint8Array, at: number): number {
  const byte = bytes[at + 1]
  if (byte !== 0x75)
    return byte !== undefined && '"\\/bfnrt'.includes(String.fromCharCode(byte)) ? 2 : Infinity
  for (let digit = at + 2; digit < at + 6; digit++) {
    const each = bytes[digit] ?? 0
    const isHex =
      (each >= 0x30 && each <= 0x39) || (each >= 0x41 && each <= 0x46) || (each >= 0x61 && each <= 0x66)
    if (!isHex) return Infinity
  }
  return 6
}

/** Whether this text, of ASCII, stands there. */
export function isWord(bytes: Uint8Array, at: number, word: string): boolean {
  for (let index = 0; index < word.length; index++) {
    if (bytes[at + index] !== word.charCodeAt(index)) return false
  }
  return true
}
