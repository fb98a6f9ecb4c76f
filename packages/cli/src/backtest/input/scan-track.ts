import { isWord, refused, skipSpace, skipString, skipValue } from './scan-json.ts'

const [quote, backslash, comma, colon, openBrace, closeBrace] = [0x22, 0x5c, 0x2c, 0x3a, 0x7b, 0x7d] as const

/**
 * Finds the parts of an ordinary `track` message in the bytes of its line, without parsing it: from and to of each,
 * without quotes. Ordinary: `type`, `userId`, `event`, `messageId` and `timestamp` are there and have no escapes,
 * `properties` is an object or absent, and nothing else decides (`seq`, `source`). Every other line is parsed.
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
  #isTrack = false

  /** Whether the line is an ordinary one; then the parts are set. The byte at `to` is no part of a number or a word. */
  scan(bytes: Uint8Array, from: number, to: number): boolean {
    this.messageIdTo = this.userIdTo = this.eventTo = this.timestampTo = 0
    this.receivedAtTo = this.propertiesTo = 0
    this.#isTrack = false
    let at = skipSpace(bytes, from)
    if (bytes[at] !== openBrace) return false
    for (;;) {
      const keyAt = skipSpace(bytes, at + 1)
      if (keyAt >= to || bytes[keyAt] !== quote) return false
      const keyEnd = skipString(bytes, keyAt + 1, to)
      if (keyEnd === refused) return false
      at = skipSpace(bytes, keyEnd)
      if (bytes[at] !== colon) return false
      const valueAt = skipSpace(bytes, at + 1)
      const valueEnd = skipValue(bytes, valueAt, to)
      if (valueEnd === refused || valueEnd > to) return false
      if (!this.#take(bytes, keyAt + 1, keyEnd - 1, valueAt, valueEnd)) return false
      at = skipSpace(bytes, valueEnd)
      if (at >= to) return false
      if (bytes[at] === closeBrace) break
      if (bytes[at] !== comma) return false
    }
    if (skipSpace(bytes, at + 1) < to) return false
    const isWhole = this.messageIdTo > 0 && this.userIdTo > 0 && this.eventTo > 0 && this.timestampTo > 0
    return this.#isTrack && isWhole
  }

  /** `false`: the message is not an ordinary one. */
  #take(bytes: Uint8Array, keyFrom: number, keyTo: number, from: number, to: number): boolean {
    switch (keyTo - keyFrom) {
      case 3:
        return !isWord(bytes, keyFrom, 'seq')
      case 4:
        if (isWord(bytes, keyFrom, 'type')) this.#isTrack = to - from === 7 && isWord(bytes, from, '"track"')
        return isPlain(bytes, keyFrom, keyTo)
      case 5:
        if (!isWord(bytes, keyFrom, 'event')) return isPlain(bytes, keyFrom, keyTo)
        this.eventFrom = from + 1
        this.eventTo = to - 1
        return isText(bytes, from, to)
      case 6:
        if (isWord(bytes, keyFrom, 'source')) return false
        if (!isWord(bytes, keyFrom, 'userId')) return isPlain(bytes, keyFrom, keyTo)
        this.userIdFrom = from + 1
        this.userIdTo = to - 1
        return isText(bytes, from, to)
      case 7:
        // It may tell that a vendor reported the event.
        return isWord(bytes, keyFrom, 'context')
          ? !holds(bytes, from, to, 'source')
          : isPlain(bytes, keyFrom, keyTo)
      case 9:
        return this.#takeOfNine(bytes, keyFrom, keyTo, from, to)
      case 10:
        return this.#takeOfTen(bytes, keyFrom, keyTo, from, to)
      default:
        return isPlain(bytes, keyFrom, keyTo)
    }
  }

  #takeOfNine(bytes: Uint8Array, keyFrom: number, keyTo: number, from: number, to: number): boolean {
    if (isWord(bytes, keyFrom, 'messageId')) {
      this.messageIdFrom = from + 1
      this.messageIdTo = to - 1
      return isText(bytes, from, to)
    }
    if (!isWord(bytes, keyFrom, 'timestamp')) return isPlain(bytes, keyFrom, keyTo)
    this.timestampFrom = from + 1
    this.timestampTo = to - 1
    return isText(bytes, from, to)
  }

  #takeOfTen(bytes: Uint8Array, keyFrom: number, keyTo: number, from: number, to: number): boolean {
    if (isWord(bytes, keyFrom, 'properties')) {
      this.propertiesFrom = from
      this.propertiesTo = to
      return bytes[from] === openBrace
    }
    if (!isWord(bytes, keyFrom, 'receivedAt')) return isPlain(bytes, keyFrom, keyTo)
    this.receivedAtFrom = from + 1
    this.receivedAtTo = to - 1
    return isText(bytes, from, to)
  }
}

/** A string with something in it, none of it escaped. */
function isText(bytes: Uint8Array, from: number, to: number): boolean {
  return bytes[from] === quote && to - from > 2 && isPlain(bytes, from, to)
}

/** Without an escape, behind which another name may hide. */
function isPlain(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] === backslash) return false
  return true
}

function holds(bytes: Uint8Array, from: number, to: number, word: string): boolean {
  for (let at = from; at + word.length <= to; at++) if (isWord(bytes, at, word)) return true
  return !isPlain(bytes, from, to)
}
