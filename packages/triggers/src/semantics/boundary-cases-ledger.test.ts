import { describe, expect, test } from 'vitest'
import { ledgersByEngine } from '../../fixtures/cases/answers/engine.ts'
import { textOf } from '../../fixtures/cases/ledger-notation.ts'
import { ledgerTables } from '../../fixtures/cases/tables.ts'
import { givenOf, ledgerOfGiven } from '../../fixtures/reference/ledger-of-case.ts'

/**
 * Each case is decided by the reference and by the engine, there also with the state saved and loaded in between; their
 * lines are the same to the last field.
 */
describe.each(ledgerTables)('%s', (_, cases) => {
  test.each(cases)('$law', (given) => {
    const expected = ledgerOfGiven(givenOf(given))
    expect(expected.flatMap(textOf), 'reference').toEqual(given.lines)
    for (const ledger of ledgersByEngine(given)) expect(ledger, 'engine').toEqual(expected)
  })
})
