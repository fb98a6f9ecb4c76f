import { describe, expect, test } from 'vitest'
import { guardCases } from '../../fixtures/cases/guard-cases.ts'
import { effectCases, journeyCases } from '../../fixtures/cases/journey-cases.ts'
import { textOf } from '../../fixtures/cases/ledger-notation.ts'
import { sendCases } from '../../fixtures/cases/send-cases.ts'
import { runInParts } from '../../fixtures/engine/run-engine.ts'
import { toMatcherEvent } from '../../fixtures/matcher/run.ts'
import { givenOf, type Given } from '../../fixtures/reference/ledger-of-case.ts'
import { createEngine } from './create-engine.ts'

/** The engine's ledger of a case; `pauses`: saved and loaded before every event and fact. */
function ledgerOf(given: Given, pauses: readonly number[]) {
  const { definitions, consentsKnown, facts, untilMs, clockMs } = given
  const engine = createEngine(definitions, { consentsKnown })
  return runInParts(engine, { events: given.events.map(toMatcherEvent), facts }, untilMs, pauses, clockMs)
}

describe.each([
  ['guards at the fire', guardCases],
  ['guards of each send', sendCases],
  ['journeys', journeyCases],
  ['effects', effectCases],
] as const)('%s', (_, cases) => {
  test.each(cases)('$law', (noted) => {
    const given = givenOf(noted)
    const whole = ledgerOf(given, [])
    expect(whole.lines.flatMap(textOf)).toEqual(noted.lines)
    const times = [...given.events.map(({ at }) => at), ...given.facts.map(({ atMs }) => atMs)]
    // The clock says what was missed, and that depends on what was read in one call.
    expect(ledgerOf(given, given.clockMs === undefined ? times : [])).toEqual(whole)
  })
})
