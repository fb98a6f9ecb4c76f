import { describe, expect, test } from 'vitest'
import { parseCron } from './cron.ts'
import { durationMs, readDuration, writeDuration } from './duration.ts'

describe('durations', () => {
  test.each([
    ['1ms', 1],
    ['15m', 900_000],
    ['48h', 172_800_000],
    ['7d', 604_800_000],
    ['36525d', 3_155_760_000_000],
  ])('%s', (text, lengthMs) => {
    expect(readDuration(text)).toBe(lengthMs)
  })
  test.each([
    '',
    '0h',
    '-1h',
    '+1h',
    '1.5h',
    '1 h',
    '1w',
    'h',
    '01h',
    '1H',
    '9007199254740992ms',
    '999999999999d',
    '3155760000001ms',
    '36526d',
  ])('"%s" is none', (text) => {
    expect(readDuration(text)).toBeUndefined()
    expect(() => durationMs(text)).toThrow(RangeError)
  })
  test.each([
    [1, '1ms'],
    [1500, '1500ms'],
    [5_400_000, '90m'],
    [172_800_000, '2d'],
  ])('%i ms is written %s', (lengthMs, text) => {
    expect(writeDuration(lengthMs)).toBe(text)
  })
})

describe('cron', () => {
  test('lists, ranges and steps; 7 is Sunday', () => {
    const cron = parseCron('*/20 9-11 1,15 * 5-7')
    expect([...(cron?.minutes ?? [])]).toEqual([0, 20, 40])
    expect([...(cron?.hours ?? [])]).toEqual([9, 10, 11])
    expect([...(cron?.days ?? [])]).toEqual([1, 15])
    expect(cron?.months.size).toBe(12)
    expect([...(cron?.weekdays ?? [])].toSorted((one, other) => one - other)).toEqual([0, 5, 6])
  })
  test.each([
    '* * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    '5-1 * * * *',
    '*/0 * * * *',
    '5/2 * * * *',
    '@daily',
    '* * * * MON',
  ])('"%s" is refused', (text) => {
    expect(parseCron(text)).toBeUndefined()
  })
})
