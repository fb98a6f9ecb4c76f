import { describe, expect, test } from 'vitest'
import { holdsByEngine, keysByEngine } from '../../fixtures/cases/answers/engine.ts'
import { holdsByMatcher, keysByMatcher } from '../../fixtures/cases/answers/matcher.ts'
import { conditionTables, occasionTables } from '../../fixtures/cases/tables.ts'
import { holdsIn, keysOf } from '../../fixtures/reference/of-case.ts'

/** Each case is answered by the reference, by the engine – also with its state saved and loaded – and by the matcher. */
describe.each(conditionTables)('%s', (_, cases) => {
  test.each(cases)('$law', (given) => {
    expect(holdsIn(given), 'reference').toBe(given.holds)
    for (const answer of holdsByEngine(given)) expect(answer, 'engine').toBe(given.holds)
    for (const answer of holdsByMatcher(given)) expect(answer, 'matcher').toBe(given.holds)
  })
})

describe.each(occasionTables)('%s', (_, cases) => {
  test.each(cases)('$law', (given) => {
    expect(keysOf(given), 'reference').toEqual(given.keys)
    for (const answer of keysByEngine(given)) expect(answer, 'engine').toEqual(given.keys)
    for (const answer of keysByMatcher(given)) expect(answer, 'matcher').toEqual(given.keys)
  })
})
