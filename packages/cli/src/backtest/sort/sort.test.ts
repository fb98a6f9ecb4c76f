import { existsSync, readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fc, test as fcTest } from '@fast-check/vitest'
import { afterEach, describe, expect, test } from 'vitest'
import { bytesKey, timeKey } from './keys.ts'
import { createSorter, createTemporaryFolder } from './sorter.ts'

const folder = createTemporaryFolder()
afterEach(() => folder.remove())

describe('the sorter', () => {
  const records = fc.array(
    fc.tuple(fc.string({ unit: 'binary', maxLength: 3 }), fc.string({ unit: 'grapheme', maxLength: 20 })),
    { maxLength: 80 },
  )

  fcTest.prop([records, fc.constantFrom(1, 300, 1e6), fc.constantFrom(2, 3, 128)])(
    'gives what a stable sort in memory gives, whatever is spilled and merged',
    (given, maxBytes, maxRuns) => {
      const sorter = createSorter(folder, { maxBytes, maxRuns })
      for (const [key, text] of given) sorter.add(key, text)
      const expected = given.toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
      expect([...sorter.sorted()].map(({ key, text }) => [key, text])).toEqual(expected)
    },
  )

  test('carries texts longer than its buffers', () => {
    const sorter = createSorter(folder, { maxBytes: 1 })
    const long = 'ä'.repeat(400_000)
    sorter.add('b', long)
    sorter.add('a', 'short')
    expect([...sorter.sorted()].map(({ text }) => text.length)).toEqual([5, 400_000])
  })

  test('leaves nothing on disk, also when the reading stops early', () => {
    const path = folder.newPath()
    const sorter = createSorter(folder, { maxBytes: 1 })
    for (let index = 0; index < 10; index++) sorter.add(String(index), '')
    for (const { key } of sorter.sorted()) if (key === '3') break
    expect(sorter.runs).toBe(10)
    expect(readdirSync(dirname(path)).length).toBe(10)
    folder.remove()
    expect(existsSync(dirname(path))).toBe(false)
  })
})

describe('keys', () => {
  const text = fc.string({ unit: 'grapheme-composite', maxLength: 4 })
  const compare = (left: string, right: string) => Math.sign(left < right ? -1 : left > right ? 1 : 0)

  fcTest.prop([text, text, text, text])('order texts bytewise, part by part', (a, b, c, d) => {
    const bytewise =
      Buffer.compare(Buffer.from(a), Buffer.from(c)) || Buffer.compare(Buffer.from(b), Buffer.from(d))
    expect(compare(bytesKey(a) + bytesKey(b), bytesKey(c) + bytesKey(d))).toBe(Math.sign(bytewise))
  })

  test.each([
    ['a', 'a\u0000'],
    ['a\u0000', 'a\u0000b'],
    ['a\u0000', 'aa'],
    ['\u{e000}', '\u{10000}'],
    ['z', 'é'],
  ])('%j before %j', (left, right) => {
    expect(compare(bytesKey(left) + bytesKey('x'), bytesKey(right) + bytesKey('a'))).toBe(-1)
  })

  const times = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 })
  fcTest.prop([times, times])('order times', (left, right) => {
    expect(compare(timeKey(left), timeKey(right))).toBe(Math.sign(left - right))
  })
})
