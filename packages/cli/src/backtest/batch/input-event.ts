import type { MatcherEvent } from '@tripline/triggers'

/** One event of the input, with what decides whose it is and where it stands. */
export interface InputEvent extends MatcherEvent {
  /** `userId`; of an anonymous event its `anonymousId`. */
  readonly person: string
  readonly isAnonymous: boolean
  /** The anonymous id that an `identify` or `alias` links to `person`; `''` for none. */
  readonly links: string
  /** Orders events of one millisecond. @default 0 */
  readonly seq: number
  /** `receivedAt` in ms, or `NaN`. */
  readonly receivedMs: number
  /** Number of the event in the input, from 0: the order of arrival where times are equal. */
  readonly arrival: number
}

/** The order of the time line: timestamp, `seq`, `messageId` bytewise. What is equal in all three keeps its arrival. */
export function compareEvents(first: InputEvent, second: InputEvent): number {
  return (
    first.atMs - second.atMs ||
    first.seq - second.seq ||
    compareBytes(first.messageId, second.messageId) ||
    first.arrival - second.arrival
  )
}

/** Bytewise as UTF-8. Texts without surrogates have that order by their code units. */
export function compareBytes(first: string, second: string): number {
  if (first === second) return 0
  const length = Math.min(first.length, second.length)
  for (let index = 0; index < length; index++) {
    const [left, right] = [first.charCodeAt(index), second.charCodeAt(index)]
    if (left === right) continue
    // A surrogate pair stands for a code point above all others, though its units lie below U+E000.
    const isLeftPair = left >= 0xd800 && left <= 0xdfff
    const isRightPair = right >= 0xd800 && right <= 0xdfff
    return isLeftPair === isRightPair ? left - right : isLeftPair ? 1 : -1
  }
  return first.length - second.length
}
