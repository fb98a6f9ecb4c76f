import { hashBytes, hashed, hashText } from '../bytes/hash-bytes.ts'

const weekMs = 7 * 86_400_000
/** Words of an entry: 96 bits of the hash, and the time since the table's start + 1 (0: empty). */
const entryWords = 4
const firstBits = 14

/**
 * Tells repeated events: remembers ids for 7 days of event time, at most for 14. There are two tables, one per week, the
 * older thrown away whole. An id takes 16 bytes, with the room to grow 24 to 48, whatever its length. Two different ids
 * have the same 96 bits with a chance of about n² / 2^97 for n ids within two weeks: 6 in 10^12 for a thousand million.
 *
 * Ids are asked in groups: the processor fetches the places of a group side by side, where one id after the other would
 * wait for the memory each time.
 */
export class Duplicates {
  #current = newTable(Number.NEGATIVE_INFINITY)
  #previous = this.#current
  /** Of the ids not yet asked: `hashed` of each, and its time. */
  #hashes = new Int32Array(3 * 64)
  #times = new Float64Array(64)
  #count = 0
  /** Is written alone, so that fetching is no idle work. */
  fetched = 0

  /** `nowMs` is the greatest timestamp read so far, this event's own included, so it never goes back. */
  add(messageId: string, nowMs: number): void {
    hashText(messageId)
    this.#addHashed(nowMs)
  }

  /** The same of an id as UTF-8. */
  addBytes(bytes: Uint8Array, from: number, to: number, nowMs: number): void {
    hashBytes(bytes, from, to)
    this.#addHashed(nowMs)
  }

  /** Which of those added since the last call repeat an id that was accepted in the 7 days before, in ascending order. */
  takeRepeated(): readonly number[] {
    this.#fetch(this.#current)
    if (this.#previous !== this.#current) this.#fetch(this.#previous)
    const repeated: number[] = []
    for (let index = 0; index < this.#count; index++) if (!this.#accept(index)) repeated.push(index)
    this.#count = 0
    return repeated
  }

  #addHashed(nowMs: number): void {
    const index = this.#count++
    if (index === this.#times.length) {
      const [hashes, times] = [this.#hashes, this.#times]
      this.#hashes = new Int32Array(hashes.length * 2)
      this.#hashes.set(hashes)
      this.#times = new Float64Array(times.length * 2)
      this.#times.set(times)
    }
    this.#hashes[3 * index] = hashed[0] as number
    this.#hashes[3 * index + 1] = hashed[1] as number
    this.#hashes[3 * index + 2] = hashed[2] as number
    this.#times[index] = nowMs
  }

  #fetch({ words, shift }: Table): void {
    let bits = 0
    for (let index = 0; index < this.#count; index++) {
      bits ^= words[((this.#hashes[3 * index] as number) >>> shift) * entryWords] as number
    }
    this.fetched = bits
  }

  #accept(index: number): boolean {
    const nowMs = this.#times[index] as number
    if (!(nowMs < this.#current.startMs + weekMs)) {
      // After a pause of two weeks nothing of the older table is in reach either.
      this.#previous = this.#current
      this.#current = newTable(nowMs)
    }
    const [current, previous] = [this.#current, this.#previous]
    const first = this.#hashes[3 * index] as number
    const second = this.#hashes[3 * index + 1] as number
    const third = this.#hashes[3 * index + 2] as number
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
