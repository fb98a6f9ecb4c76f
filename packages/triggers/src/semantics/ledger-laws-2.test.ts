import { test as fcTest } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { definitions } from '../../fixtures/arbitrary/definitions.ts'
import { stream } from '../../fixtures/arbitrary/streams.ts'
import { readByEngine, readByReference } from '../../fixtures/laws/ledger.ts'
import { lawSeed } from '../../fixtures/laws/seed.ts'

describe('the ledger (one half of the cases)', () => {
  fcTest.prop([definitions, stream], { numRuns: 15_000, seed: lawSeed + 1 })(
    'the engine writes what the reference writes, line by line',
    (defined, raw) => {
      const expected = readByReference(defined, raw)
      expect(readByEngine(defined, expected.stream).lines).toEqual(expected.lines)
    },
    1_200_000,
  )
})
