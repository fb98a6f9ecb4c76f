import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { createLineRanges } from './line-ranges.ts'

test('lines in order are one range', () => {
  const lines = createLineRanges()
  for (const line of [1, 2, 3]) lines.add(line)
  expect(lines.ranges).toEqual([[1, 3]])
})

fcTest.prop([fc.array(fc.integer({ min: 1, max: 30 }))])(
  'holds what was added in any order, in as few ranges as there are',
  (added) => {
    const lines = createLineRanges()
    for (const line of added) lines.add(line)
    const members = new Set(added)
    for (let line = 0; line <= 31; line++) expect(lines.has(line)).toBe(members.has(line))
    const starts = [...members].filter((line) => !members.has(line - 1))
    expect(lines.ranges.map(([from]) => from)).toEqual(starts.toSorted((a, b) => a - b))
    expect(createLineRanges(lines.ranges).ranges).toEqual(lines.ranges)
  },
)
