import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import * as reference from '../../fixtures/reference/local-time.ts'
import { instantOf, isZone, localTimeAt, nextLocalTime } from './local-time.ts'

const zone = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Pacific/Apia',
  'America/Sao_Paulo',
  'Africa/Casablanca',
)
/** Near the days on which clocks change, and anywhere. */
const instant = fc.oneof(
  fc.integer({ min: Date.UTC(2009, 0), max: Date.UTC(2030, 0) }),
  fc
    .tuple(
      fc.constantFrom(
        Date.UTC(2026, 2, 29, 1),
        Date.UTC(2026, 9, 25, 1),
        Date.UTC(2026, 2, 8, 7),
        Date.UTC(2026, 3, 4, 15),
        Date.UTC(2011, 11, 30, 10),
        Date.UTC(2018, 1, 18, 2),
      ),
      fc.integer({ min: -7_200_000, max: 7_200_000 }),
    )
    .map(([changeMs, distanceMs]) => changeMs + distanceMs),
)

describe('local time', () => {
  test.each([
    ['a skipped time moves on by the length of the gap', [3, 29, 2, 30], '2026-03-29T01:30:00.000Z'],
    ['the end of the gap', [3, 29, 3, 0], '2026-03-29T01:00:00.000Z'],
    ['a repeated time is its first occurrence', [10, 25, 2, 30], '2026-10-25T00:30:00.000Z'],
    ['the end of the overlap', [10, 25, 3, 0], '2026-10-25T02:00:00.000Z'],
    ['a day beyond the month runs on', [2, 29, 12, 0], '2026-03-01T11:00:00.000Z'],
  ] as const)('%s', (_, [month, day, hour, minute], expected) => {
    const found = instantOf({ year: 2026, month, day, hour, minute }, 'Europe/Berlin')
    expect(new Date(found).toISOString()).toBe(expected)
  })

  test('names of zones are known, offsets and other texts are not', () => {
    expect(['Europe/Berlin', 'UTC', 'Mars/Base', '+02:00', ''].map(isZone)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  test('the next 09:00 at 09:00 is that of the next day', () => {
    expect(nextLocalTime(Date.UTC(2026, 0, 1, 9), '09:00', 'UTC')).toBe(Date.UTC(2026, 0, 2, 9))
    expect(nextLocalTime(Date.UTC(2026, 0, 1, 9) - 1, '09:00', 'UTC')).toBe(Date.UTC(2026, 0, 1, 9))
  })

  fcTest.prop([zone, instant])('the clock is that of Intl', (name, atMs) => {
    expect(localTimeAt(atMs, name)).toEqual(reference.localTimeAt(atMs, name))
  })

  fcTest.prop([zone, instant, fc.nat(23), fc.nat(59)])(
    'a local time is the instant that the reference finds',
    (name, atMs, hour, minute) => {
      const local = { ...reference.localTimeAt(atMs, name), hour, minute }
      expect(instantOf(local, name)).toBe(reference.instantOf(local, name))
    },
  )
})
