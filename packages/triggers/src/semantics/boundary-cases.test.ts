import { describe, expect, test } from 'vitest'
import { conditionCases } from '../../fixtures/cases/conditions.ts'
import { dateCases } from '../../fixtures/cases/dates.ts'
import { occasionCases } from '../../fixtures/cases/occasions.ts'
import { segmentCases } from '../../fixtures/cases/segments.ts'
import { waitCases } from '../../fixtures/cases/waits.ts'
import { holdsIn, keysOf } from '../../fixtures/reference/of-case.ts'

describe('conditions', () => {
  test.each(conditionCases)('$law', (given) => {
    expect(holdsIn(given)).toBe(given.holds)
  })
})

describe.each([
  ['events, counts and chains', occasionCases],
  ['waits, conditions and pauses', waitCases],
  ['local times, dates and changes', dateCases],
  ['segments', segmentCases],
] as const)('%s', (_, cases) => {
  test.each(cases)('$law', (given) => {
    expect(keysOf(given)).toEqual(given.keys)
  })
})
