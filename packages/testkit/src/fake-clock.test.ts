import { expect, test } from 'vitest'
import { createFakeClock } from './fake-clock.ts'

test('time stands still until it is moved', async () => {
  const clock = createFakeClock(1_000)
  let woken = false
  void clock.sleep(50).then(() => (woken = true))
  await clock.advance(49)
  expect(woken).toBe(false)
  expect(clock.now()).toBe(1_049)
  await clock.advance(1)
  expect(woken).toBe(true)
  expect(clock.sleeping).toBe(0)
})

test('sleepers wake in the order of their due times, at their own time, and may sleep again', async () => {
  const clock = createFakeClock(0)
  const seen: string[] = []
  const sleeper = async (name: string, ...naps: readonly number[]): Promise<void> => {
    for (const ms of naps) {
      await clock.sleep(ms)
      seen.push(`${name} ${clock.now()}`)
    }
  }
  void sleeper('slow', 30)
  void sleeper('quick', 10, 15)
  await clock.advance(100)
  expect(seen).toEqual(['quick 10', 'quick 25', 'slow 30'])
  expect(clock.now()).toBe(100)
})

test('an aborted sleep rejects with the reason and is forgotten', async () => {
  const clock = createFakeClock()
  const stop = new AbortController()
  const nap = clock.sleep(1_000, stop.signal)
  stop.abort('enough')
  await expect(nap).rejects.toBe('enough')
  expect(clock.sleeping).toBe(0)
  await expect(clock.sleep(1, stop.signal)).rejects.toBe('enough')
})

test('run moves time until the work has ended', async () => {
  const clock = createFakeClock(0)
  const work = async (): Promise<string> => {
    for (let day = 0; day < 3; day++) await clock.sleep(86_400_000)
    return 'done'
  }
  await expect(clock.run(work())).resolves.toBe('done')
  expect(clock.now()).toBe(3 * 86_400_000)
  await expect(clock.run(Promise.reject(new Error('broken')))).rejects.toThrow('broken')
})

test('run says when the work does not wait for the clock', async () => {
  const never = new Promise<void>(() => undefined)
  await expect(createFakeClock().run(never)).rejects.toThrow('nobody sleeps on this clock')
})
