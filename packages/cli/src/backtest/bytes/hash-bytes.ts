/** The first 96 of the 128 bits of what was hashed last, as three signed numbers of 32 bits. */
export const hashed = new Int32Array(3)

/**
 * Hashes the bytes into `hashed` (MurmurHash3 x86_128). Not for secrets: whoever chooses the ids can make two of them
 * collide.
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 */
export function hashBytes(bytes: Uint8Array, from: number, to: number): void {
  let h1 = 0x9368e53c | 0
  let h2 = 0x2f6af274
  let h3 = 0x586dcd20
  let h4 = 0x8cd3fa02 | 0
  let at = from
  for (; at + 16 <= to; at += 16) {
    h1 = step1(h1, wordAt(bytes, at), h2)
    h2 = step2(h2, wordAt(bytes, at + 4), h3)
    h3 = step3(h3, wordAt(bytes, at + 8), h4)
    h4 = step4(h4, wordAt(bytes, at + 12), h1)
  }
  // The last words are padded with zeros; the length, mixed in below, tells padding from text.
  if (at < to) {
    h1 = step1(h1, lastWordAt(bytes, at, to), h2)
    h2 = step2(h2, lastWordAt(bytes, at + 4, to), h3)
    h3 = step3(h3, lastWordAt(bytes, at + 8, to), h4)
    h4 = step4(h4, lastWordAt(bytes, at + 12, to), h1)
  }
  h1 ^= to - from
  h2 ^= to - from
  h3 ^= to - from
  h4 ^= to - from
  h1 = (h1 + h2 + h3 + h4) | 0
  h2 = finish((h2 + h1) | 0)
  h3 = finish((h3 + h1) | 0)
  h4 = finish((h4 + h1) | 0)
  h1 = finish(h1)
  h1 = (h1 + h2 + h3 + h4) | 0
  hashed[0] = h1
  hashed[1] = (h2 + h1) | 0
  hashed[2] = (h3 + h1) | 0
}

const encoder = new TextEncoder()
let scratch = new Uint8Array(256)

/** As `hashBytes` of the text as UTF-8. Half a surrogate pair, which has no UTF-8, counts as its JSON escape. */
export function hashText(text: string): void {
  const whole = text.isWellFormed() ? text : `\u0000${JSON.stringify(text)}`
  if (scratch.length < whole.length * 3) scratch = new Uint8Array(whole.length * 3)
  hashBytes(scratch, 0, encoder.encodeInto(whole, scratch).written)
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}

function lastWordAt(bytes: Uint8Array, at: number, to: number): number {
  if (at + 4 <= to) return wordAt(bytes, at)
  let word = 0
  for (let each = to - 1; each >= at; each--) word = (word << 8) | (bytes[each] as number)
  return word
}

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits))

function step1(hash: number, word: number, next: number): number {
  const mixed = hash ^ Math.imul(rotate(Math.imul(word, 0x239b961b), 15), 0xab0e9789)
  return (Math.imul((rotate(mixed, 19) + next) | 0, 5) + 0x561ccd1b) | 0
}

function step2(hash: number, word: number, next: number): number {
  const mixed = hash ^ Math.imul(rotate(Math.imul(word, 0xab0e9789), 16), 0x38b34ae5)
  return (Math.imul((rotate(mixed, 17) + next) | 0, 5) + 0x0bcaa747) | 0
}

function step3(hash: number, word: number, next: number): number {
  const mixed = hash ^ Math.imul(rotate(Math.imul(word, 0x38b34ae5), 17), 0xa1e38b93)
  return (Math.imul((rotate(mixed, 15) + next) | 0, 5) + 0x96cd1c35) | 0
}

function step4(hash: number, word: number, next: number): number {
  const mixed = hash ^ Math.imul(rotate(Math.imul(word, 0xa1e38b93), 18), 0x239b961b)
  return (Math.imul((rotate(mixed, 13) + next) | 0, 5) + 0x32ac3b17) | 0
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
