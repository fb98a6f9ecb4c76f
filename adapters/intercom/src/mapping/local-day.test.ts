import { expect, test } from 'vitest'
import { startOfDay } from './local-day.ts'

const seconds = (iso: string): number => Date.parse(iso) / 1_000

test.each([
  ['UTC', '2026-11-01T23:59:59Z', '2026-11-01T00:00:00Z'],
  ['America/Los_Angeles', '2026-11-02T07:30:00Z', '2026-11-01T07:00:00Z'], // the day the clocks go back
  ['America/Los_Angeles', '2026-11-02T08:30:00Z', '2026-11-02T08:00:00Z'],
  ['Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z'], // the day the clocks go forward
  ['Asia/Kolkata', '2026-11-01T18:29:59Z', '2026-10-31T18:30:00Z'],
  ['Not/AZone', '2026-11-01T12:00:00Z', '2026-11-01T00:00:00Z'],
])('%s: the day of %s begins at %s', (zone, at, start) => {
  expect(startOfDay(seconds(at), zone)).toBe(seconds(start))
})
