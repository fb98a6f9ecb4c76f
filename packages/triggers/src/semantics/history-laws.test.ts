import { test as fcTest } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { lateScenario, mergeScenario, versionScenario } from '../../fixtures/scenario/arbitrary.ts'
import { mixedScenario } from '../../fixtures/scenario/mixed.ts'
import { ledgerByEngine, ledgerByReference } from '../../fixtures/scenario/move.ts'
import { lawSeed } from '../../fixtures/laws/seed.ts'

describe.each([
  ['late events', lateScenario],
  ['two users who become one', mergeScenario],
  ['a new version of the definitions', versionScenario],
  ['all of it', mixedScenario],
] as const)('%s', (_, scenario) => {
  fcTest.prop([scenario], { numRuns: 3_000, seed: lawSeed })(
    'the engine writes what the reference writes, line by line',
    ({ setting, moves }) => {
      expect(ledgerByEngine('u1', setting, moves)).toEqual(ledgerByReference('u1', setting, moves))
    },
    1_200_000,
  )
})
