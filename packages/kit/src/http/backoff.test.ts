import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { backoffMs, instantOf, retryAfterMs } from './backoff.ts'

const nowMs = Date.UTC(2026, 0, 1)
const after = (value: string): number | undefined =>
  retryAfterMs(new Headers({ 'retry-after': value }), nowMs)

test.each([
  ['0', 0],
  ['3', 3_000],
  ['1.5', 1_500],
  [' 7 ', 7_000],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Thursday, 01-Jan-26 00:00:30 GMT', 30_000],
  ['2026-01-01T00:01:00Z', 60_000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
])('Retry-After: %s', (value, waitMs) => {
  expect(after(value)).toBe(waitMs)
})

test.each(['', 'soon', '-1', '1e3', '12 s', '9'.repeat(400), 'Thu, 99 Foo'])(
  'an unreadable Retry-After (%s) is none',
  (value) => {
    expect(after(value)).toBeUndefined()
  },
)

test('another header can say it', () => {
  const headers = new Headers({ 'X-RateLimit-Reset-After': '2' })
  expect(retryAfterMs(headers, nowMs, 'x-ratelimit-reset-after')).toBe(2_000)
  expect(retryAfterMs(headers, nowMs)).toBeUndefined()
})

fcTest.prop([
  fc.integer({ min: 1, max: 60 }),
  fc.integer({ min: 1, max: 10_000 }),
  fc.integer({ min: 1, max: 1e6 }),
])(
  'backs off between half of the doubled base and all of it, up to the longest wait',
  (attempt, baseMs, maxMs) => {
    const full = Math.min(maxMs, baseMs * 2 ** (attempt - 1))
    const waitMs = backoffMs(attempt, { baseMs, maxMs })
    expect(waitMs).toBeGreaterThanOrEqual(full / 2)
    expect(waitMs).toBeLessThanOrEqual(full)
  },
)

test('an instant is written however far away it is', () => {
  expect(instantOf(nowMs)).toBe('2026-01-01T00:00:00.000Z')
  expect(instantOf(Infinity)).toBe('+275760-09-13T00:00:00.000Z')
})
