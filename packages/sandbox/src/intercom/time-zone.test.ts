import { test as fcTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { dayAround } from './time-zone.ts'

const seconds = (iso: string): number => Date.parse(iso) / 1_000

describe('dayAround', () => {
  test('a day in Los Angeles begins at 08:00 UTC in winter and 07:00 in summer', () => {
    expect(dayAround('America/Los_Angeles', seconds('2026-01-10T07:59:59Z')).next).toBe(
      seconds('2026-01-10T08:00:00Z'),
    )
    expect(dayAround('America/Los_Angeles', seconds('2026-07-10T07:00:00Z')).start).toBe(
      seconds('2026-07-10T07:00:00Z'),
    )
  })
  test('days on which clocks change are 23 and 25 hours long', () => {
    const spring = dayAround('Europe/Berlin', seconds('2026-03-29T12:00:00Z'))
    const autumn = dayAround('Europe/Berlin', seconds('2026-10-25T12:00:00Z'))
    expect((spring.next - spring.start) / 3_600).toBe(23)
    expect((autumn.next - autumn.start) / 3_600).toBe(25)
  })
  fcTest.prop([
    fc.integer({ min: seconds('2000-01-01T00:00:00Z'), max: seconds('2037-12-31T00:00:00Z') }),
    fc.constantFrom('UTC', 'Asia/Kolkata', 'Pacific/Auckland', 'America/New_York', 'Pacific/Kiritimati'),
  ])('every instant lies in its own day, and days leave no gap', (at, zone) => {
    const { start, next } = dayAround(zone, at)
    expect(start).toBeLessThanOrEqual(at)
    expect(next).toBeGreaterThan(at)
    expect(dayAround(zone, next).start).toBe(next)
    expect(dayAround(zone, start - 1).next).toBe(start)
  })
})
