import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { definitions } from '../../fixtures/arbitrary/definitions.ts'
import { stream } from '../../fixtures/arbitrary/streams.ts'
import { runInParts } from '../../fixtures/engine/run-engine.ts'
import { toMatcherEvent } from '../../fixtures/matcher/run.ts'
import { createEngine } from './create-engine.ts'

/** Places of pauses, as shares of the stream's length; some fall on the time of an event. */
const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 })

describe('reading in parts', () => {
  fcTest.prop([definitions, stream, shares], { numRuns: 1000 })(
    'with the state saved and loaded between them gives the same lines and the same state',
    (defined, { events, facts, untilMs, consentsKnown }, places) => {
      const history = { events: events.map(toMatcherEvent), facts }
      const engine = createEngine(defined, { consentsKnown })
      const times = [...events.map(({ at }) => at), ...facts.map(({ atMs }) => atMs)]
      const firstMs = Math.min(...times, untilMs)
      const between = places.map((share) => Math.round(firstMs + share * (untilMs - firstMs)))
      const whole = runInParts(engine, history, untilMs, [])
      expect(runInParts(engine, history, untilMs, between)).toEqual(whole)
      expect(runInParts(engine, history, untilMs, times)).toEqual(whole)
    },
    120_000,
  )
})
