import { fc, test as fcTest } from '@fast-check/vitest'
import { expect } from 'vitest'
import { dequeue, enqueue, firstMs } from './queue.ts'

fcTest.prop([fc.array(fc.option(fc.tuple(fc.nat(9), fc.nat(9)), { freq: 3 }))])(
  'the queue gives what is due first, of one millisecond the lowest node',
  (steps) => {
    const state = { queue: [] as number[] }
    let expected: (readonly [number, number])[] = []
    for (const step of steps) {
      if (step === null) {
        expect(state.queue.slice(0, 2)).toEqual(expected[0] ?? [])
        dequeue(state.queue)
        expected = expected.slice(1)
      } else {
        enqueue(state, ...step)
        expected = [...expected, step].toSorted(([ms, node], [other, next]) => ms - other || node - next)
      }
      expect(firstMs(state.queue)).toBe(expected[0]?.[0] ?? Number.POSITIVE_INFINITY)
      expect(state.queue.length).toBe(2 * expected.length)
    }
  },
)
