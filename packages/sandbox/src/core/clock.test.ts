import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createClock } from './clock.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a clock with a rate wakes its sleepers early in real time', async () => {
  const clock = createClock({ rate: 60 })
  let woken = false
  void clock.sleep(60_000).then(() => (woken = true))
  await vi.advanceTimersByTimeAsync(999)
  expect(woken).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(woken).toBe(true)
})

test('no timer is left when the last sleeper was aborted', async () => {
  const clock = createClock({ rate: 60 })
  const stop = new AbortController()
  const sleeps = [clock.sleep(600_000, stop.signal), clock.sleep(60_000, stop.signal)]
  expect(vi.getTimerCount()).toBe(1)
  stop.abort('enough')
  expect((await Promise.allSettled(sleeps)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(vi.getTimerCount()).toBe(0)
})
