import { createFakeClock } from '@tripline/testkit'
import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { createMemoryCache } from './memory-cache.ts'

test('keeps ids until their time is over; an empty value forgets', async () => {
  const clock = createFakeClock()
  const cache = createMemoryCache(clock)
  await cache.set(
    new Map([
      ['a', '1'],
      ['b', '2'],
    ]),
    1_000,
  )
  await cache.set(new Map([['b', '']]), 1_000)
  expect(await cache.get(['a', 'b', 'c'])).toEqual(new Map([['a', '1']]))
  await clock.advance(1_000)
  expect(await cache.get(['a'])).toEqual(new Map())
})

const writes = fc.array(fc.tuple(fc.nat({ max: 8 }), fc.nat({ max: 3 })), { maxLength: 200 })
fcTest.prop([writes, fc.integer({ min: 2, max: 20 })])(
  'never holds more than it may, keeps what was set last, and never answers an old value',
  async (given, maxEntries) => {
    const cache = createMemoryCache(createFakeClock(), maxEntries)
    const truth = new Map<string, string>()
    for (const [key, value] of given) {
      const text = value === 0 ? '' : String(value)
      await cache.set(new Map([[`k${key}`, text]]), 1_000)
      truth.set(`k${key}`, text)
    }
    const held = await cache.get([...truth.keys()])
    expect(held.size).toBeLessThanOrEqual(maxEntries)
    for (const [key, value] of held) expect(value).toBe(truth.get(key))
    const last = given.at(-1)
    if (last && last[1] !== 0) expect(held.has(`k${last[0]}`)).toBe(true)
  },
)
