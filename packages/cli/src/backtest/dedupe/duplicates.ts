import { hashBytes, hashed, hashText } from '../bytes/hash-bytes.ts'

const weekMs = 7 * 86_400_000
/** Words of an entry: 96 bits of the hash, and the time since the table's start + 1 (0: empty). */
const entryWords = 4
const firstBits = 14

/**
 * Tells repeated events: remembers ids for 7 days of event time, at most for 14. There are two tables, one per week, the
 * older thrown away whole. An id takes 16 bytes, with the room to grow 24 to 48, whatever its length. Two different ids
 * have the same 96 bits with a chance of about n² / 2^97 for n ids within two weeks: 6 in 10^12 for a thousand million.
 */
export class Duplicates {
  #current = newTable(Number.NEGATIVE_INFINITY)
  #previous = this.#current

  /**
   * Whether the event is new: its id was not accepted in the 7 days before. `nowMs` is the greatest timestamp read so
   * far, this event's own included, so it never goes back.
   */
  accept(messageId: string, nowMs: number): boolean {
    hashText(messageId)
    return this.#acceptHashed(nowMs)
  }

  /** The same of an id as UTF-8. */
  acceptBytes(bytes: Uint8Array, from: number, to: number, nowMs: number): boolean {
    hashBytes(bytes, from, to)
    return this.#acceptHashed(nowMs)
  }

  #acceptHashed(nowMs: number): boolean {
    if (!(nowMs < this.#current.startMs + weekMs)) {
      // After a pause of two weeks nothing of the older table is in reach either.
      this.#previous = this.#current
      this.#current = newTable(nowMs)
    }
    const [current, previous] = [this.#current, this.#previous]
    const [first, second, third] = [hashed[0] as number, hashed[1] as number, hashed[2] as number]
    if (previous !== current) {
      const at = find(previous, first, second, third)
      const offset = previous.words[at + 3] as number
      if (offset !== 0 && previous.startMs + offset - 1 > nowMs - weekMs) return false
    }
    const at = find(current, first, second, third)
    // Whatever the current table holds is younger than a week.
    if (current.words[at + 3] !== 0) return false
    const { words } = current
    words[at] = first
    words[at + 1] = second
    words[at + 2] = third
    words[at + 3] = nowMs - current.startMs + 1
    current.used++
    if (current.used * entryWords * 3 > words.length * 2) grow(current)
    return true
  }
}

interface Table {
  readonly startMs: number
  words: Int32Array
  /** 32 less the bits of a place: places go by the highest bits, so that growing keeps their order. */
  shift: number
  used: number
}

function newTable(startMs: number): Table {
  return { startMs, words: new Int32Array(2 ** firstBits * entryWords), shift: 32 - firstBits, used: 0 }
}

/** Where the entry is, or the empty place where it belongs. */
function find({ words, shift }: Table, first: number, second: number, third: number): number {
  const end = words.length
  for (let at = (first >>> shift) * entryWords; ; at += entryWords) {
    if (at === end) at = 0
    if (words[at + 3] === 0) return at
    if (words[at] === first && words[at + 1] === second && words[at + 2] === third) return at
  }
}

function grow(table: Table): void {
  const old = table.words
  table.shift--
  table.words = new Int32Array(old.length * 2)
  for (let at = 0; at < old.length; at += entryWords) {
    if (old[at + 3] === 0) continue
    const to = find(table, old[at] as number, old[at + 1] as number, old[at + 2] as number)
    for (let word = 0; word < entryWords; word++) table.words[to + word] = old[at + word] as number
  }
}
