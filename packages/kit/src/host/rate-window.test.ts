import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { rateLimit } from '../../fixtures/fake-vendor.ts'
import { groupBy } from '../../fixtures/group-by.ts'
import { createRateWindow } from './rate-window.ts'

interface Taken {
  readonly atMs: number
  readonly weight: number
}
/** Takes one after the other, each after its gap, and waits as told. */
function takeAll(
  limit: ReturnType<typeof rateLimit>,
  arrivals: readonly { readonly gapMs: number; readonly weight: number }[],
  startMs = 0,
): readonly Taken[] {
  const window = createRateWindow(limit)
  let nowMs = startMs
  return arrivals.map(({ gapMs, weight }) => {
    nowMs += gapMs
    for (let tries = 0; ; tries++) {
      const waitMs = window.take(weight, nowMs)
      if (waitMs === 0) return { atMs: nowMs, weight }
      if (tries > 3) throw new Error(`asked to wait ${tries} times`)
      nowMs += waitMs
    }
  })
}
const sum = (taken: readonly Taken[]): number => taken.reduce((total, { weight }) => total + weight, 0)

const arrivals = fc.array(
  fc.record({ gapMs: fc.nat({ max: 700 }), weight: fc.integer({ min: 1, max: 5 }) }),
  { minLength: 1, maxLength: 120 },
)
const maxima = fc.integer({ min: 5, max: 30 })
const periods = fc.constantFrom(100, 1_000, 10_000)

fcTest.prop([maxima, periods, arrivals, fc.nat()])(
  'a rolling window never holds more than its max, wherever it is laid',
  (max, perMs, given, startMs) => {
    const taken = takeAll(rateLimit('x', max, perMs), given, startMs)
    for (const { atMs } of taken) {
      const inside = taken.filter((each) => each.atMs >= atMs && each.atMs < atMs + perMs)
      expect(sum(inside)).toBeLessThanOrEqual(max)
    }
  },
)

fcTest.prop([maxima, periods, arrivals, fc.nat()])(
  'a fixed window never holds more than its max',
  (max, perMs, given, startMs) => {
    const taken = takeAll(rateLimit('x', max, perMs, { window: 'fixed' }), given, startMs)
    const byWindow = groupBy(taken, ({ atMs }) => Math.floor(atMs / perMs))
    for (const inside of byWindow.values()) expect(sum(inside)).toBeLessThanOrEqual(max)
  },
)

fcTest.prop([maxima, fc.integer({ min: 2, max: 6 })])(
  'a rolling window that is never empty loses no more than two slots per turn',
  (max, turns) => {
    const given = Array.from({ length: max * turns }, () => ({ gapMs: 0, weight: 1 }))
    const end = takeAll(rateLimit('x', max, 6_400), given).at(-1)?.atMs ?? 0
    expect(end).toBeLessThanOrEqual((turns - 1) * (6_400 + 2 * 100))
  },
)

describe('a weight above the max', () => {
  test.each(['rolling', 'fixed'] as const)('waits for an empty %s window and is then taken', (kind) => {
    const window = createRateWindow(rateLimit('x', 10, 1_000, { window: kind }))
    expect(window.take(25, 0)).toBe(0)
    const waitMs = window.take(25, 400)
    expect(waitMs).toBeGreaterThan(0)
    expect(waitMs).toBeLessThanOrEqual(1_000)
    expect(window.take(25, 400 + waitMs)).toBe(0)
  })
})

test('a clock that is set back does not open the window', () => {
  const window = createRateWindow(rateLimit('x', 2, 1_000))
  expect([window.take(1, 5_000), window.take(1, 5_000)]).toEqual([0, 0])
  expect(window.take(1, 4_000)).toBeGreaterThan(0)
})

describe('what the vendor says', () => {
  const limit = rateLimit('x', 100, 10_000)

  test('holds back until its reset, even when our own count is lower', () => {
    const window = createRateWindow(limit)
    window.observe(2, 5_000, 0)
    expect([window.take(1, 10), window.take(1, 20)]).toEqual([0, 0])
    expect(window.take(1, 30)).toBe(4_970)
    expect(window.take(1, 5_000)).toBe(0)
  })

  test('an answer that was overtaken does not loosen it', () => {
    const window = createRateWindow(limit)
    window.observe(1, 5_000, 0)
    window.observe(50, 5_003, 1)
    expect(window.take(1, 2)).toBe(0)
    expect(window.take(1, 3)).toBeGreaterThan(0)
  })

  test('requests that it had not seen when it answered stay counted', () => {
    const window = createRateWindow(limit)
    window.observe(3, 5_000, 0)
    for (let taken = 0; taken < 3; taken++) expect(window.take(1, 1)).toBe(0)
    window.observe(2, 5_000, 2)
    expect(window.take(1, 3)).toBeGreaterThan(0)
  })

  test('a late word about the window before does not replace that about this one', () => {
    const window = createRateWindow(limit)
    window.observe(5, 20_000, 11_000)
    window.observe(0, 11_500, 11_001)
    expect(window.take(5, 11_002)).toBe(0)
    window.observe(40, 11_500, 11_003)
    expect(window.take(1, 12_000)).toBe(8_000)
  })

  test('a word about the next window replaces it', () => {
    const window = createRateWindow(limit)
    window.observe(0, 5_000, 0)
    window.observe(7, 15_000, 5_100)
    expect(window.take(7, 5_200)).toBe(0)
    expect(window.take(1, 5_300)).toBe(9_700)
  })

  test('what is past or no number is not believed', () => {
    const window = createRateWindow(limit)
    window.observe(0, 1_000, 2_000)
    window.observe(Number.NaN, 9_000, 2_000)
    window.observe(0, Number.NaN, 2_000)
    expect(window.take(1, 2_001)).toBe(0)
  })
})
