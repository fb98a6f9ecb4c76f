import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import * as reference from '../../fixtures/reference/decimal.ts'
import { add, compareDecimal, toDecimal, toNumber, zero } from './decimal.ts'

const number = fc.oneof(
  fc.constantFrom(0.1, 0.2, 0.3, 19.99, 1e21, 2e-7, 9_007_199_254_740_991, -0.0001, 123_456_789.123_45),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => cents / 100),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
)

describe('decimals', () => {
  fcTest.prop([fc.array(number, { minLength: 1 }), number, fc.integer({ min: 1, max: 9 })], { numRuns: 500 })(
    'a sum compares as the exact fractions do',
    (numbers, value, times) => {
      const sum = numbers.map(toDecimal).reduce(add, zero)
      const expected = numbers.map(reference.exact).reduce(reference.add)
      const right = reference.divide(reference.exact(value), 1)
      const product = { top: right.top * BigInt(times), over: right.over }
      expect(Math.sign(compareDecimal(sum, value, times))).toBe(reference.compareExact(expected, product))
    },
  )

  fcTest.prop([number])('a number is its decimal', (value) => {
    expect(toNumber(toDecimal(value))).toBe(value === 0 ? 0 : value)
  })
})
