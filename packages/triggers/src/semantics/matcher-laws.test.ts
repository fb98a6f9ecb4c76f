import { test as fcTest } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { definitions } from '../../fixtures/arbitrary/definitions.ts'
import { stream } from '../../fixtures/arbitrary/streams.ts'
import { firesByMatcher, firesByReference } from '../../fixtures/laws/matcher.ts'
import { lawSeed } from '../../fixtures/laws/seed.ts'

describe('the matcher alone', () => {
  fcTest.prop([definitions, stream], { numRuns: 60_000, seed: lawSeed })(
    'fires what the reference fires',
    (defined, { events, untilMs }) => {
      expect(firesByMatcher(defined, events, untilMs)).toEqual(firesByReference(defined, events, untilMs))
    },
    1_200_000,
  )
})
