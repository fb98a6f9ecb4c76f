import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { definitions } from '../../fixtures/arbitrary/definitions.ts'
import { stream } from '../../fixtures/arbitrary/streams.ts'
import { readByEngine } from '../../fixtures/laws/ledger.ts'
import { ledgerLive } from '../../fixtures/laws/live.ts'
import { lawSeed } from '../../fixtures/laws/seed.ts'

describe('the state of a user', () => {
  fcTest.prop([definitions, stream, fc.array(fc.nat(19), { maxLength: 5 })], {
    numRuns: 10_000,
    seed: lawSeed,
  })(
    'any split into batches with state saved and loaded between them gives the same ledger',
    (defined, read, places) => {
      // What is missed depends on what is read at once.
      const { events, facts, consentsKnown, untilMs } = read
      const given = { events, facts, consentsKnown, untilMs }
      const pauses = places.map((place) => (given.events[place]?.at ?? given.untilMs) + (place % 2))
      expect(readByEngine(defined, given, pauses).lines).toEqual(readByEngine(defined, given).lines)
    },
    1_200_000,
  )
})

const latenessMs = 60_000
const delayMs = fc.constantFrom(0, 1, 30_000, 59_999, latenessMs - 1)

describe('arrival', () => {
  fcTest.prop([definitions, stream, fc.array(fc.tuple(delayMs, delayMs), { minLength: 20, maxLength: 20 })], {
    numRuns: 5_000,
    seed: lawSeed,
  })(
    'any arrival order within `lateness`, and duplicates, leave the ledger as it is',
    (defined, { events, untilMs: readMs }, delays) => {
      // Every arrival is then behind it.
      const untilMs = readMs + 2 * latenessMs
      const inOrder = events.map((event) => ({ event, arrivedMs: event.at }))
      const arrivals = events.flatMap((event, index) => {
        const [delay = 0, again = 0] = delays[index] ?? []
        const first = { event, arrivedMs: event.at + delay }
        return again === 0 ? [first] : [first, { event: { ...event }, arrivedMs: first.arrivedMs + again }]
      })
      expect(ledgerLive(defined, arrivals, latenessMs, untilMs)).toEqual(
        ledgerLive(defined, inOrder, 0, untilMs),
      )
    },
    1_200_000,
  )
})
