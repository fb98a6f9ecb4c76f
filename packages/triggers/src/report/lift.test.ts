import { test as fcTest, fc } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { isRough, smallestLift } from './lift.ts'

// 686 users in each arm are what the usual tables give for 10 % against 15 %, alpha 0.05 two-sided, power 0.8.
test('is what the tables of sample sizes say', () => {
  expect(smallestLift({ baseline: 0.1, treated: 686, heldOut: 686 })).toBeCloseTo(0.05, 4)
})

test('is undefined where an arm is empty, all have the goal already, or users are too few', () => {
  expect(smallestLift({ baseline: 0.1, treated: 0, heldOut: 5 })).toBeUndefined()
  expect(smallestLift({ baseline: 0.1, treated: 5, heldOut: 0 })).toBeUndefined()
  expect(smallestLift({ baseline: 1, treated: 500, heldOut: 500 })).toBeUndefined()
  expect(smallestLift({ baseline: 0.9, treated: 10, heldOut: 10 })).toBeUndefined()
})

test('a sample is rough where an arm expects fewer than 5 with or without the goal', () => {
  expect(isRough({ baseline: 0.1, treated: 1000, heldOut: 50 })).toBe(false)
  expect(isRough({ baseline: 0.1, treated: 1000, heldOut: 49 })).toBe(true)
  expect(isRough({ baseline: 0.99, treated: 1000, heldOut: 499 })).toBe(true)
})

const arms = fc.record({
  baseline: fc.double({ min: 0, max: 0.95, noNaN: true }),
  treated: fc.integer({ min: 1, max: 1_000_000 }),
  heldOut: fc.integer({ min: 1, max: 1_000_000 }),
})
fcTest.prop([arms])('more users never need a greater lift', (given) => {
  const lift = smallestLift(given)
  const more = smallestLift({ ...given, treated: given.treated * 2, heldOut: given.heldOut * 2 })
  if (lift === undefined) return
  expect(more).toBeLessThanOrEqual(lift + 1e-9)
  expect(lift).toBeGreaterThan(0)
  expect(given.baseline + lift).toBeLessThanOrEqual(1 + 1e-9)
})
