import { test as fcTest, fc } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { isCalendarDate, isInstant, readInstant } from './instant.ts'

const moment = fc.date({
  min: new Date('0000-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})

fcTest.prop([moment])('the canonical form of every moment is accepted as it is', (date) => {
  const text = date.toISOString()
  expect(isInstant(text)).toBe(true)
  expect(readInstant(text)).toEqual({ ok: true, at: text, rounded: false })
})

fcTest.prop([moment, fc.integer({ min: -1439, max: 1439 })])(
  'every zone is the same moment in UTC',
  (date, minutes) => {
    const local = new Date(date.getTime() + minutes * 60_000)
    fc.pre(local.getUTCFullYear() >= 0 && local.getUTCFullYear() <= 9999)
    const size = Math.abs(minutes)
    const zone = `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`
    const text = local.toISOString().replace('Z', zone)
    expect(readInstant(text)).toEqual({ ok: true, at: date.toISOString(), rounded: false })
  },
)

fcTest.prop([fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)])(
  'digits in the right places are a moment exactly when the calendar has it',
  (text) => {
    const parsed = new Date(text)
    expect(isInstant(text)).toBe(!Number.isNaN(parsed.getTime()) && parsed.toISOString() === text)
  },
)

test.each([
  ['2026-11-01T10:00Z', '2026-11-01T10:00:00.000Z'],
  ['2026-11-01T10:00:00Z', '2026-11-01T10:00:00.000Z'],
  ['2026-11-01t10:00:00.5z', '2026-11-01T10:00:00.500Z'],
  ['2026-11-01T10:00:00,25+0130', '2026-11-01T08:30:00.250Z'],
  ['2026-11-01T00:30:00+01', '2026-10-31T23:30:00.000Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
])('reads %s', (text, at) => {
  expect(readInstant(text)).toEqual({ ok: true, at, rounded: false })
})

test.each([
  ['2026-11-01T10:00:00', 'no zone'],
  ['2026-11-01', 'without a time'],
  ['2023-02-29T00:00:00Z', 'calendar'],
  ['1900-02-29T00:00:00Z', 'calendar'],
  ['2026-11-01T24:00:00Z', 'calendar'],
  ['2026-11-01T23:59:60Z', 'calendar'],
  ['2026-11-01T10:00:00+24:00', 'calendar'],
  ['0000-01-01T00:00:00+01:00', 'years'],
  ['9999-12-31T23:59:59-01:00', 'years'],
  ['+012345-01-01T00:00:00Z', 'no moment'],
  ['2026-11-01 10:00:00Z', 'no moment'],
  ['1793527200000', 'no moment'],
  ['', 'no moment'],
])('refuses %s', (text, reason) => {
  expect(readInstant(text)).toEqual({ ok: false, message: expect.stringContaining(reason) as string })
})

test('digits after the millisecond are cut and counted as rounded only when they say something', () => {
  expect(readInstant('2026-11-01T10:00:00.123999Z')).toEqual({
    ok: true,
    at: '2026-11-01T10:00:00.123Z',
    rounded: true,
  })
  expect(readInstant('2026-11-01T10:00:00.123000Z')).toMatchObject({ rounded: false })
})

test('calendar days', () => {
  expect(['2000-02-29', '2024-12-31'].every(isCalendarDate)).toBe(true)
  expect(
    ['1900-02-29', '2024-04-31', '2024-1-01', '2024-00-01', '2024-01-00', '2024/01/01'].some(isCalendarDate),
  ).toBe(false)
})
