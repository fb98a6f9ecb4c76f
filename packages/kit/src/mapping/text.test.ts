import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { truncateBytes, truncateChars } from './text.ts'

const text = fc.string({ unit: 'binary', maxLength: 30 })
const max = fc.integer({ min: -2, max: 70 })

fcTest.prop([text, max])('bytes: the longest start that fits, whole code points only', (given, maxBytes) => {
  const starts = Array.from(given).map((_, index, all) => all.slice(0, index + 1).join(''))
  const fitting = ['', ...starts].filter((start) => Buffer.byteLength(start) <= Math.max(0, maxBytes))
  expect(truncateBytes(given, maxBytes)).toBe(fitting.at(-1))
})

fcTest.prop([text, max])(
  'characters: the longest start that fits, whole code points only',
  (given, maxChars) => {
    const starts = Array.from(given).map((_, index, all) => all.slice(0, index + 1).join(''))
    const fitting = ['', ...starts].filter((start) => start.length <= Math.max(0, maxChars))
    expect(truncateChars(given, maxChars)).toBe(fitting.at(-1))
  },
)

test.each([
  ['naïve', 3, 'na'],
  ['naïve', 4, 'naï'],
  ['🧀🧀', 7, '🧀'],
  ['🧀', 3, ''],
  ['käse', 5, 'käse'],
])('%s in %i bytes is "%s"', (given, maxBytes, cut) => {
  expect(truncateBytes(given, maxBytes)).toBe(cut)
})

test('half a surrogate pair is a character of its own', () => {
  expect(truncateChars('a\ud83eb', 2)).toBe('a\ud83e')
  expect(truncateBytes('a\ud83eb', 4)).toBe('a\ud83e')
  expect(truncateBytes('a\ud83eb', 3)).toBe('a')
})
