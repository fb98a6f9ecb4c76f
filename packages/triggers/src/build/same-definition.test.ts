import { test as fcTest } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { definitions } from '../../fixtures/arbitrary/definitions.ts'
import { rebuildSegment, rebuildTrigger } from '../../fixtures/build/rebuild.ts'
import { parseDefinitions } from '../definition/normalise.ts'

describe('the builder and JSON say the same', () => {
  fcTest.prop([definitions], { numRuns: 500 })(
    'every definition can be built, and what is built, written and read back is that definition',
    (given) => {
      const triggers = given.triggers.map(rebuildTrigger)
      const segments = given.segments.map(rebuildSegment)
      expect(triggers).toEqual(given.triggers)
      expect(segments).toEqual(given.segments)
      const text = JSON.stringify({ ...given, triggers, segments })
      expect(parseDefinitions(JSON.parse(text))).toEqual({ ok: true, definition: given })
      expect(JSON.stringify(given)).toBe(text)
    },
  )
})
