import type { NamedPlaces } from './named-places.ts'
import { isWord, refused, skipPlain, skipSpace, skipString, skipValue } from './scan-json.ts'

/** With the quote before it. */
const propertiesLength = '"properties'.length
const [quote, backslash, comma, colon, openBrace, closeBrace] = [0x22, 0x5c, 0x2c, 0x3a, 0x7b, 0x7d] as const

/**
 * Finds the parts of an ordinary `track` message in the bytes of its line, without parsing it: from and to of each,
 * without quotes. Ordinary: `type`, `userId`, `event`, `messageId` and `timestamp` are there and have no escapes,
 * `properties` is an object or absent, no name has an escape (another one may hide behind it), and nothing else decides
 * (`seq`, `source`). Every other line is parsed.
 *
 * With `named` the values of those names among the properties are found, too.
 */
export class TrackScanner {
  messageIdFrom = 0
  messageIdTo = 0
  userIdFrom = 0
  userIdTo = 0
  eventFrom = 0
  eventTo = 0
  timestampFrom = 0
  timestampTo = 0
  /** `receivedAtTo` is 0 where there is none. */
  receivedAtFrom = 0
  receivedAtTo = 0
  /** With its braces; `propertiesTo` is 0 where there are none. */
  propertiesFrom = 0
  propertiesTo = 0
  /** Of the properties; asked only where there are some. */
  readonly named: NamedPlaces | undefined
  #isTrack = false
  /** The value at hand is a string with something in it, none of it escaped. */
  #isText = false

  constructor(named?: NamedPlaces) {
    this.named = named
  }

  /** Whether the line is an ordinary one; then the parts are set. The byte at `to` ends the line, or is no part of it. */
  scan(bytes: Uint8Array, from: number, to: number): boolean {
    this.messageIdTo = this.userIdTo = this.eventTo = this.timestampTo = 0
    this.receivedAtTo = this.propertiesTo = 0
    this.#isTrack = false
    let at = skipSpace(bytes, from)
    if (bytes[at] !== openBrace) return false
    for (;;) {
      const keyAt = skipSpace(bytes, at + 1)
      if (keyAt >= to || bytes[keyAt] !== quote) return false
      const keyEnd = skipPlain(bytes, keyAt + 1)
      if (bytes[keyEnd] !== quote) return false
      at = skipSpace(bytes, keyEnd + 1)
      if (bytes[at] !== colon) return false
      const valueAt = skipSpace(bytes, at + 1)
      const valueEnd =
        keyEnd - keyAt === propertiesLength && isWord(bytes, keyAt + 1, 'properties')
          ? this.#skipProperties(bytes, valueAt, to)
          : this.#skip(bytes, valueAt, to)
      if (valueEnd === refused || valueEnd > to) return false
      if (!this.#take(bytes, keyAt + 1, keyEnd, valueAt, valueEnd)) return false
      at = skipSpace(bytes, valueEnd)
      if (at >= to) return false
      if (bytes[at] === closeBrace) break
      if (bytes[at] !== comma) return false
    }
    if (skipSpace(bytes, at + 1) < to) return false
    const isWhole = this.messageIdTo > 0 && this.userIdTo > 0 && this.eventTo > 0 && this.timestampTo > 0
    return this.#isTrack && isWhole
  }

  #skipProperties(bytes: Uint8Array, from: number, to: number): number {
    const end = this.named === undefined ? skipValue(bytes, from, to) : this.named.scan(bytes, from, to)
    this.propertiesFrom = from
    this.propertiesTo = end
    return bytes[from] === openBrace ? end : refused
  }

  #skip(bytes: Uint8Array, from: number, to: number): number {
    this.#isText = false
    if (bytes[from] !== quote) return skipValue(bytes, from, to)
    const end = skipPlain(bytes, from + 1)
    if (bytes[end] !== quote) return skipString(bytes, from + 1, to)
    this.#isText = end > from + 1
    return end + 1
  }

  /** `false`: the message is not an ordinary one. */
  #take(bytes: Uint8Array, key: number, keyEnd: number, from: number, to: number): boolean {
    switch (keyEnd - key) {
      case 3:
        return !isWord(bytes, key, 'seq')
      case 4:
        if (isWord(bytes, key, 'type')) this.#isTrack = to - from === 7 && isWord(bytes, from, '"track"')
        return true
      case 5:
        if (!isWord(bytes, key, 'event')) return true
        this.eventFrom = from + 1
        this.eventTo = to - 1
        return this.#isText
      case 6:
        if (!isWord(bytes, key, 'userId')) return !isWord(bytes, key, 'source')
        this.userIdFrom = from + 1
        this.userIdTo = to - 1
        return this.#isText
      case 7:
        // It may tell that a vendor reported the event.
        return !isWord(bytes, key, 'context') || !mayHold(bytes, from, to, 'source')
      case 9:
        return this.#takeOfNine(bytes, key, from, to)
      case 10:
        if (!isWord(bytes, key, 'receivedAt')) return true
        this.receivedAtFrom = from + 1
        this.receivedAtTo = to - 1
        return this.#isText
      default:
        return true
    }
  }

  #takeOfNine(bytes: Uint8Array, key: number, from: number, to: number): boolean {
    if (isWord(bytes, key, 'messageId')) {
      this.messageIdFrom = from + 1
      this.messageIdTo = to - 1
      return this.#isText
    }
    if (!isWord(bytes, key, 'timestamp')) return true
    this.timestampFrom = from + 1
    this.timestampTo = to - 1
    return this.#isText
  }
}

/** Whether the word stands there, perhaps behind an escape. */
function mayHold(bytes: Uint8Array, from: number, to: number, word: string): boolean {
  for (let at = from; at < to; at++) {
    if (bytes[at] === backslash || (at + word.length <= to && isWord(bytes, at, word))) return true
  }
  return false
}
