import { createFakeClock } from '@tripline/testkit'
import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { rateLimit } from '../../fixtures/fake-vendor.ts'
import { createMemoryBudget } from './budget.ts'

test('takes at once while there is room, then waits for the window', async () => {
  const clock = createFakeClock(0)
  const budget = createMemoryBudget([rateLimit('x', 2, 1_000, { window: 'fixed' })], clock)
  await budget.take('x', 2)
  expect(clock.now()).toBe(0)
  await clock.run(budget.take('x', 1))
  expect(clock.now()).toBe(1_000)
})

test('an id that has no rate limit is free', async () => {
  const taken = createMemoryBudget([], createFakeClock()).take('unknown', 1_000)
  await expect(taken).resolves.toBeUndefined()
})

fcTest.prop([fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 30 })])(
  'first come, first served, whatever the weights',
  async (weights) => {
    const clock = createFakeClock(0)
    const budget = createMemoryBudget([rateLimit('x', 4, 1_000)], clock)
    const order: number[] = []
    const all = weights.map((weight, index) => budget.take('x', weight).then(() => order.push(index)))
    await clock.run(Promise.all(all))
    expect(order).toEqual(weights.map((_, index) => index))
    expect(clock.sleeping).toBe(0)
  },
)

test('who gives up leaves the queue at once and holds nobody up', async () => {
  const clock = createFakeClock(0)
  const budget = createMemoryBudget([rateLimit('x', 10, 60_000, { window: 'fixed' })], clock)
  await budget.take('x', 9)
  const stop = new AbortController()
  const heavy = budget.take('x', 5, stop.signal)
  const light = budget.take('x', 1)
  const refused = heavy.catch((error: unknown) => error)
  await clock.settle()
  stop.abort(new Error('no time'))
  expect(await refused).toEqual(new Error('no time'))
  await light
  expect(clock.now()).toBe(0)
  expect(clock.sleeping).toBe(0)
})

test('one in the middle gives up without waiting for those before it', async () => {
  const clock = createFakeClock(0)
  const budget = createMemoryBudget([rateLimit('x', 1, 60_000)], clock)
  await budget.take('x', 1)
  const first = budget.take('x', 1)
  const second = budget.take('x', 1, AbortSignal.abort(new Error('gone')))
  const stop = new AbortController()
  const third = budget.take('x', 1, stop.signal)
  await expect(second).rejects.toThrow('gone')
  stop.abort(new Error('gone too'))
  await expect(third).rejects.toThrow('gone too')
  expect(clock.now()).toBe(0)
  await clock.run(first)
  expect(clock.sleeping).toBe(0)
})

test('when all give up, no timer keeps the process alive, and the next one is served', async () => {
  const clock = createFakeClock(0)
  const budget = createMemoryBudget([rateLimit('x', 1, 3_600_000)], clock)
  await budget.take('x', 1)
  const stop = new AbortController()
  const waiting = Promise.allSettled([1, 2, 3].map((weight) => budget.take('x', weight, stop.signal)))
  await clock.settle()
  stop.abort()
  expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  await clock.settle()
  expect(clock.sleeping).toBe(0)
  await clock.advance(3_700_000)
  await budget.take('x', 1)
})

test('the vendor’s word holds the queue back', async () => {
  const clock = createFakeClock(0)
  const budget = createMemoryBudget([rateLimit('x', 100, 1_000)], clock)
  budget.observe('x', 0, 700)
  budget.observe('unknown', 0, 700)
  await clock.run(budget.take('x', 1))
  expect(clock.now()).toBe(700)
})
