import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { hashed, hashText } from '../bytes/hash-bytes.ts'
import { Duplicates } from './duplicates.ts'

const weekMs = 7 * 86_400_000

/** §1 as it is written: a list of everything that was accepted. */
function acceptNaively(arriving: readonly (readonly [string, number])[]): readonly boolean[] {
  const accepted: { readonly id: string; readonly atMs: number }[] = []
  let nowMs = Number.NEGATIVE_INFINITY
  return arriving.map(([id, atMs]) => {
    nowMs = Math.max(nowMs, atMs)
    if (accepted.some((before) => before.id === id && before.atMs > nowMs - weekMs)) return false
    accepted.push({ id, atMs: nowMs })
    return true
  })
}

/** Asks after each of the numbers of events, and at the end. */
function acceptAll(
  arriving: readonly (readonly [string, number])[],
  stops: readonly number[] = [],
): readonly boolean[] {
  const duplicates = new Duplicates()
  const repeated = new Set<number>()
  let nowMs = Number.NEGATIVE_INFINITY
  let asked = 0
  for (const [place, [id, atMs]] of arriving.entries()) {
    nowMs = Math.max(nowMs, atMs)
    duplicates.add(id, nowMs)
    if (!stops.includes(place)) continue
    for (const index of duplicates.takeRepeated()) repeated.add(asked + index)
    asked = place + 1
  }
  for (const index of duplicates.takeRepeated()) repeated.add(asked + index)
  return arriving.map((_, place) => !repeated.has(place))
}

const days = fc.constantFrom(0, 1, weekMs - 1, weekMs, weekMs + 1, 2 * weekMs, 3 * weekMs)
const arriving = fc.array(
  fc.tuple(
    fc.constantFrom('a', 'b', 'c', 'd'),
    fc.tuple(fc.nat(5), days).map(([week, rest]) => 1e12 + week * weekMs + rest),
  ),
  { maxLength: 60 },
)

fcTest.prop([arriving, fc.array(fc.nat(60))])(
  'an id is accepted again after exactly 7 days, not before, in whatever groups they are asked',
  (events, stops) => {
    expect(acceptAll(events, stops)).toEqual(acceptNaively(events))
  },
)

test('an id counts from when it was accepted, not from a repetition', () => {
  const events = [
    ['a', 0],
    ['a', weekMs - 1],
    ['a', weekMs],
    ['a', 2 * weekMs - 1],
  ] as const
  expect(acceptAll(events)).toEqual([true, false, true, false])
})

test('a hundred thousand ids are all told apart, and all known again', () => {
  const duplicates = new Duplicates()
  const ids = Array.from({ length: 100_000 }, (_, index) => `message-${index.toString(36)}-${index % 7}`)
  for (const id of ids) duplicates.add(id, 5)
  expect(duplicates.takeRepeated()).toEqual([])
  for (const id of ids) duplicates.add(id, 6)
  expect(duplicates.takeRepeated()).toHaveLength(ids.length)
})

test.each([
  ['a', 'b'],
  ['a', 'a\u0000'],
  ['\u0000', '\u0000\u0000'],
  ['12345678', '123456780'],
  ['tb-000001', 'tb-000010'],
  ['\u0100', '\u0001'],
])('%j and %j are two ids', (left, right) => {
  hashText(left)
  const first = [...hashed]
  hashText(right)
  expect([...hashed]).not.toEqual(first)
})

fcTest.prop([fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), fc.nat(), fc.nat(15)])(
  'one bit of the text changes each of the three words that are kept',
  (text, place, bit) => {
    hashText(text)
    const before = [...hashed]
    const at = place % text.length
    const changed =
      text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1)
    hashText(changed)
    const after = [...hashed]
    // A word stays the same by chance once in 2^32; two of three in a run of tests never.
    expect(after.filter((word, index) => word === before[index]).length).toBeLessThan(2)
  },
)

fcTest.prop([fc.string({ unit: 'grapheme' }), fc.nat(3)])(
  'an id is the same as text and in bytes',
  (id, before) => {
    const bytes = Buffer.from(`${'x'.repeat(before)}${id}x`)
    const duplicates = new Duplicates()
    duplicates.add(id, 0)
    duplicates.addBytes(bytes, before, bytes.length - 1, 0)
    expect(duplicates.takeRepeated()).toEqual([1])
  },
)
