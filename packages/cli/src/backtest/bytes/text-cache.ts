import { isWord } from './scan-json.ts'

export type TextEncoding = 'latin1' | 'utf8'

/** Longer texts are mostly different ones. */
const longestBytes = 40
const places = 2 ** 15
const prime = 0x01000193

/**
 * Makes texts of bytes; short ones of ASCII that come again and again (ids of users and products, names) are made once
 * and shared. It keeps 32,768 of them, each in a place by its hash, where a later one takes it over.
 */
export class TextCache {
  readonly #texts = Array.from({ length: places }, () => '')

  read(bytes: Buffer, from: number, to: number, encoding: TextEncoding): string {
    const length = to - from
    if (length > longestBytes) return bytes.toString(encoding, from, to)
    let hash = length
    let bits = 0
    for (let at = from; at < to; at++) {
      const byte = bytes[at] as number
      bits |= byte
      hash = Math.imul(hash ^ byte, prime)
    }
    if (bits >= 0x80) return bytes.toString(encoding, from, to)
    const place = (hash ^ (hash >>> 15)) & (places - 1)
    const known = this.#texts[place] as string
    if (known.length === length && isWord(bytes, from, known)) return known
    const text = bytes.toString('latin1', from, to)
    this.#texts[place] = text
    return text
  }
}
