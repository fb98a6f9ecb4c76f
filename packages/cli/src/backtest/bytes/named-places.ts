import { refused, skipPlain, skipSpace, skipString, skipValue } from './scan-json.ts'

const [quote, comma, colon, openBrace, closeBrace] = [0x22, 0x2c, 0x3a, 0x7b, 0x7d] as const

/** Columns per name: from and to. */
export const namedColumns = 2

/**
 * Finds the values of some names in an object in bytes while it checks that it is JSON. Of a text without escapes it
 * gives the place inside its quotes; of any other value, which has to be parsed, `from` is turned into `~from`. Both are
 * 0 where there is none.
 */
export class NamedPlaces {
  readonly #names: readonly Uint8Array[]
  /** `namedColumns` for each name. */
  readonly places: Int32Array
  /** A name is written with an escape, behind which another one may hide: the object has to be parsed. */
  isHidden = false

  constructor(names: readonly string[]) {
    this.#names = names.map((name) => Buffer.from(name))
    this.places = new Int32Array(names.length * namedColumns)
  }

  /** From the opening brace to behind the closing one, or `refused`. */
  scan(bytes: Uint8Array, from: number, to: number): number {
    this.places.fill(0)
    this.isHidden = false
    if (bytes[from] !== openBrace) return refused
    let at = skipSpace(bytes, from + 1)
    if (bytes[at] === closeBrace) return at + 1
    for (;;) {
      if (bytes[at] !== quote) return refused
      const keyAt = at + 1
      const keyEnd = skipPlain(bytes, keyAt)
      const isPlain = bytes[keyEnd] === quote
      if (!isPlain) this.isHidden = true
      at = isPlain ? keyEnd + 1 : skipString(bytes, keyAt, to)
      if (at === refused) return refused
      at = skipSpace(bytes, at)
      if (bytes[at] !== colon) return refused
      at = this.#skipValue(
        bytes,
        skipSpace(bytes, at + 1),
        to,
        isPlain ? this.#columnOf(bytes, keyAt, keyEnd) : -1,
      )
      if (at === refused) return refused
      at = skipSpace(bytes, at)
      if (bytes[at] === closeBrace) return at + 1
      if (bytes[at] !== comma) return refused
      at = skipSpace(bytes, at + 1)
    }
  }

  /** -1: the name is none of those. */
  #columnOf(bytes: Uint8Array, from: number, to: number): number {
    const names = this.#names
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as Uint8Array
      if (name.length !== to - from) continue
      let same = 0
      while (same < name.length && bytes[from + same] === name[same]) same++
      if (same === name.length) return index * namedColumns
    }
    return -1
  }

  #skipValue(bytes: Uint8Array, from: number, to: number, column: number): number {
    const textEnd = bytes[from] === quote ? skipPlain(bytes, from + 1) : from
    const isPlain = bytes[textEnd] === quote && textEnd > from
    const end = isPlain ? textEnd + 1 : skipValue(bytes, from, to, 1)
    if (column >= 0) {
      this.places[column] = isPlain ? from + 1 : ~from
      this.places[column + 1] = isPlain ? textEnd : end
    }
    return end
  }
}
