/** The first 96 of the 128 bits of the text hashed last, as three signed numbers of 32 bits. */
export const hashed = new Int32Array(3)

/**
 * Hashes a text into `hashed` (MurmurHash3 x86_128 over its UTF-16 code units, two to a word). Not for secrets: whoever
 * chooses the ids can make two of them collide.
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 */
export function hashText(text: string): void {
  let h1 = 0x9368e53c | 0
  let h2 = 0x2f6af274
  let h3 = 0x586dcd20
  let h4 = 0x8cd3fa02 | 0
  const length = text.length
  let at = 0
  for (; at + 8 <= length; at += 8) {
    h1 = step1(h1, wordAt(text, at), h2)
    h2 = step2(h2, wordAt(text, at + 2), h3)
    h3 = step3(h3, wordAt(text, at + 4), h4)
    h4 = step4(h4, wordAt(text, at + 6), h1)
  }
  // The last words are padded with zeros; the length, mixed in below, tells padding from text.
  if (at < length) {
    h1 = step1(h1, lastWordAt(text, at), h2)
    h2 = step2(h2, lastWordAt(text, at + 2), h3)
    h3 = step3(h3, lastWordAt(text, at + 4), h4)
    h4 = step4(h4, lastWordAt(text, at + 6), h1)
  }
  h1 ^= length
  h2 ^= length
  h3 ^= length
  h4 ^= length
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

const wordAt = (text: string, at: number): number => text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16)

function lastWordAt(text: string, at: number): number {
  if (at + 1 < text.length) return wordAt(text, at)
  return at < text.length ? text.charCodeAt(at) : 0
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
