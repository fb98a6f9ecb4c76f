import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from './clock.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a sleep beyond the longest timer of Node does not end at once', async () => {
  const month = 30 * 86_400_000
  let woken = false
  void systemClock.sleep(month).then(() => (woken = true))
  await vi.advanceTimersByTimeAsync(month - 1)
  expect(woken).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(woken).toBe(true)
})

test('an abort ends the sleep with its reason and leaves no timer', async () => {
  const stop = new AbortController()
  const nap = systemClock.sleep(60_000, stop.signal)
  stop.abort('enough')
  await expect(nap).rejects.toBe('enough')
  expect(vi.getTimerCount()).toBe(0)
  await expect(systemClock.sleep(1, stop.signal)).rejects.toBe('enough')
})

test('tells the time of the machine', () => {
  vi.setSystemTime(1_234)
  expect(systemClock.now()).toBe(1_234)
})
