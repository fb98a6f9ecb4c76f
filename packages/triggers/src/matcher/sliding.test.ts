import { fc, test as fcTest } from '@fast-check/vitest'
import { expect } from 'vitest'
import { aggregates } from '../index.ts'
import { compareDecimal } from './decimal.ts'
import { Sliding, slidingCodec } from './sliding.ts'
import { countValues, newTally } from './tally.ts'

const number = fc.constantFrom(0.1, 0.2, 0.3, -1, 5, 2e-7, 1e21)
const steps = fc.array(
  fc.record({
    stepMs: fc.constantFrom(0, 1, 5),
    values: fc.option(fc.array(number, { minLength: 1, maxLength: 3 }), { freq: 3 }),
  }),
)

fcTest.prop([fc.constantFrom(...aggregates), steps, fc.integer({ min: 1, max: 12 })])(
  'a sliding tally is that of the events in the window, counted anew, also when it was saved in between',
  (aggregate, given, lengthMs) => {
    let sliding = new Sliding(aggregate)
    const all: (readonly [number, readonly number[]])[] = []
    let atMs = 0
    for (const { stepMs, values } of given) {
      atMs += stepMs
      if (values !== null) {
        sliding.add([atMs, values])
        all.push([atMs, values])
      }
      const ahead = sliding.asOf(atMs - lengthMs)
      sliding.leave(atMs - lengthMs)
      const { save, load } = slidingCodec(aggregate)
      const saved = save(sliding)
      if (saved !== undefined) sliding = load(JSON.parse(JSON.stringify(saved))) as Sliding
      const expected = newTally(aggregate)
      for (const [ms, found] of all)
        if (ms > atMs - lengthMs) countValues(expected, aggregate, found, undefined)
      for (const tally of [sliding, ahead]) {
        expect(tally.count > 0).toBe(expected.count > 0)
        if (expected.count === 0) continue
        expect(tally.seen?.size).toBe(expected.seen?.size)
        if (aggregate === 'sum' || aggregate === 'average') {
          expect(tally.count).toBe(expected.count)
          for (const value of [0, 0.3, 1e21])
            expect(Math.sign(compareDecimal(tally.sum, value, 1))).toBe(
              Math.sign(compareDecimal(expected.sum, value, 1)),
            )
        } else if (aggregate !== 'distinct') expect(tally.value).toEqual(expected.value)
      }
    }
  },
)
