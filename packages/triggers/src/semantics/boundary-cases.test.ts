import { describe, expect, test } from 'vitest'
import { holdsByEngine, keysByEngine } from '../../fixtures/cases/answers/engine.ts'
import { holdsByMatcher, isOfEvents, keysByMatcher } from '../../fixtures/cases/answers/matcher.ts'
import { conditionTables, occasionTables } from '../../fixtures/cases/tables.ts'
import { holdsIn, keysOf } from '../../fixtures/reference/of-case.ts'

/** Each case is answered by the reference, by the engine – also with its state saved and loaded – and by the matcher. */
describe.each(conditionTables)('%s', (_, cases) => {
  test.each(cases)('$law', (given) => {
    expect(holdsIn(given), 'reference').toBe(given.holds)
    for (const answer of holdsByEngine(given)) expect(answer, 'engine').toBe(given.holds)
    if (isOfEvents(given)) expect(holdsByMatcher(given), 'matcher').toBe(given.holds)
  })
})

describe.each(occasionTables)('%s', (_, cases) => {
  test.each(cases)('$law', (given) => {
    expect(keysOf(given), 'reference').toEqual(given.keys)
    for (const answer of keysByEngine(given)) expect(answer, 'engine').toEqual(given.keys)
    if (isOfEvents(given)) expect(keysByMatcher(given), 'matcher').toEqual(given.keys)
  })
})
