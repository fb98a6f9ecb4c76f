import { fc, test as fcTest } from '@fast-check/vitest'
import { expect } from 'vitest'
import { createWorkQueue } from './work-queue.ts'

const entries = fc.array(fc.record({ after: fc.nat(20), delay: fc.constantFrom(5, 50, 300) }), {
  maxLength: 60,
})

fcTest.prop([entries])(
  'everything due is done once, earliest first, and nothing before its time',
  (given) => {
    const queue = createWorkQueue()
    const done: { readonly at: number; readonly order: number }[] = []
    let now = 0
    for (const [order, { after, delay }] of given.entries()) {
      now += after
      queue.settle(now)
      queue.add(now, delay, (at) => done.push({ at, order }))
      expect(done.every(({ at }) => at <= now)).toBe(true)
    }
    queue.settle(now + 300)
    expect([done.length, queue.size]).toEqual([given.length, 0])
    expect(done.map(({ at }) => at)).toEqual(done.map(({ at }) => at).toSorted((a, b) => a - b))
    for (const { at, order } of done)
      expect(at).toBe(
        given.slice(0, order + 1).reduce((sum, { after }) => sum + after, 0) + (given[order]?.delay ?? 0),
      )
  },
)
