import { fc, test as fcTest } from '@fast-check/vitest'
import { expect } from 'vitest'
import { isoText } from './iso-text.ts'

const greatest = 8_640_000_000_000_000
const time = fc.oneof(
  fc.integer({ min: -greatest, max: greatest }),
  fc.integer({ min: 1.7e12, max: 1.8e12 }),
  fc.constantFrom(0, -1, -86_400_000, 86_399_999, 253_402_300_800_000, -62_167_219_200_001, greatest),
)

fcTest.prop([fc.array(time, { minLength: 1 })])('a time is written as a Date writes it', (times) => {
  expect(times.map(isoText)).toEqual(times.map((ms) => new Date(ms).toISOString()))
})
