import { describe, expect, test } from 'vitest'
import { guardCases } from '../../fixtures/cases/guard-cases.ts'
import { effectCases, journeyCases } from '../../fixtures/cases/journey-cases.ts'
import { textOf } from '../../fixtures/cases/ledger-notation.ts'
import { sendCases } from '../../fixtures/cases/send-cases.ts'
import { givenOf, ledgerOfGiven } from '../../fixtures/reference/ledger-of-case.ts'

describe.each([
  ['guards at the fire', guardCases],
  ['guards of each send', sendCases],
  ['journeys', journeyCases],
  ['effects', effectCases],
] as const)('%s', (_, cases) => {
  test.each(cases)('$law', (given) => {
    expect(ledgerOfGiven(givenOf(given)).flatMap(textOf)).toEqual(given.lines)
  })
})
