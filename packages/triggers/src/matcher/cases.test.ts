import { describe, expect, test } from 'vitest'
import { run } from '../../fixtures/matcher/run.ts'
import { eventsOf, msOf } from '../../fixtures/cases/notation.ts'
import { occasionCases } from '../../fixtures/cases/occasions.ts'
import { waitCases } from '../../fixtures/cases/waits.ts'
import { orderEvents } from '../../fixtures/reference/time-line.ts'
import { normaliseDefinitions } from '../index.ts'
import { compile } from './program.ts'

const monthMs = 30 * 86_400_000

describe('the cases of the semantics', () => {
  const cases = [...occasionCases, ...waitCases]
  test.each(cases.map((given) => [given.law, given] as const))('%s', (_, given) => {
    const program = compile(
      normaliseDefinitions({
        specVersion: 1,
        triggers: [{ specVersion: 1, id: 'case', when: given.when }],
        ...given.definitions,
      }),
    )
    const events = orderEvents(eventsOf(given.events))
    const endMs = given.until === undefined ? (events.at(-1)?.at ?? 0) + monthMs : msOf(given.until)
    const { fires } = run(program, 'u1', events, endMs)
    expect(fires.map(({ anchorKey }) => anchorKey)).toEqual(given.keys)
  })
})
