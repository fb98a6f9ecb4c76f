import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { occasion, segmentCondition, timeLine } from '../../fixtures/matcher/arbitrary.ts'
import { run } from '../../fixtures/matcher/run.ts'
import { inDefinedSegment } from '../../fixtures/reference/conditions.ts'
import { anchorKey } from '../../fixtures/reference/fires.ts'
import { firesOf } from '../../fixtures/reference/occasions.ts'
import { timerPlace } from '../../fixtures/reference/time-line.ts'
import type { User } from '../../fixtures/reference/user.ts'
import { normaliseDefinitions, type Condition, type Definitions, type Occasion } from '../index.ts'
import { compile } from './program.ts'

function define(occasions: readonly Occasion[], condition: Condition): Definitions {
  return normaliseDefinitions({
    specVersion: 1,
    triggers: occasions.map((when, index) => ({ specVersion: 1, id: `t${index}`, when })),
    segments: [{ specVersion: 1, kind: 'dynamic', id: 's', condition }],
  })
}

/** What the reference says, in the order of the law: by place, events before timers, trigger, anchor place. */
function expected(user: User) {
  return user.definitions.triggers
    .flatMap(({ id, when }) => firesOf(when, user).map((fire) => ({ id, fire })))
    .toSorted(
      (left, right) =>
        left.fire.place.ms - right.fire.place.ms ||
        left.fire.place.seen - right.fire.place.seen ||
        Number(left.fire.dueMs !== undefined) - Number(right.fire.dueMs !== undefined) ||
        (left.id < right.id ? -1 : left.id > right.id ? 1 : 0) ||
        (left.fire.anchor?.seq ?? 0) - (right.fire.anchor?.seq ?? 0),
    )
    .map(({ id, fire }) => ({ trigger: id, atMs: fire.place.ms, anchorKey: anchorKey(fire) }))
}

const definitions = fc.tuple(fc.array(occasion, { minLength: 1, maxLength: 4 }), segmentCondition)
const afterMs = fc.constantFrom(1, 60_000, 120_000, 3_600_000)

describe('laws', () => {
  fcTest.prop([definitions, timeLine, afterMs], { numRuns: 2_000 })(
    'fires what the reference fires, in the order of the ledger',
    ([occasions, condition], events, moreMs) => {
      const defined = define(occasions, condition)
      const horizonMs = (events.at(-1)?.at ?? 0) + moreMs
      const user: User = { id: 'u', events, definitions: defined, horizonMs }
      const { fires } = run(compile(defined), 'u', events, horizonMs)
      expect(fires.map(({ trigger, atMs, anchorKey: key }) => ({ trigger, atMs, anchorKey: key }))).toEqual(
        expected(user),
      )
    },
  )

  fcTest.prop([segmentCondition, timeLine, afterMs], { numRuns: 1_000 })(
    'has the members that the reference has',
    (condition, events, moreMs) => {
      const defined = define([], condition)
      const horizonMs = (events.at(-1)?.at ?? 0) + moreMs
      const program = compile(defined)
      const reference: User = { id: 'u', events, definitions: defined, horizonMs }
      const { user } = run(program, 'u', events, horizonMs)
      const member = inDefinedSegment('s', reference, timerPlace(horizonMs, events))
      expect(program.isMember(user, 's', horizonMs)).toBe(member)
    },
  )

  fcTest.prop([definitions, timeLine, fc.array(fc.nat(24))], { numRuns: 2_000 })(
    'any split into batches, with the state saved and loaded in between, gives the same fires and the same state',
    ([occasions, condition], events, pauses) => {
      const program = compile(define(occasions, condition))
      const endMs = (events.at(-1)?.at ?? 0) + 60_000
      const whole = run(program, 'u', events, endMs)
      const split = run(program, 'u', events, endMs, new Set(pauses))
      expect(split.fires).toEqual(whole.fires)
      expect(program.saveUser(split.user)).toBe(program.saveUser(whole.user))
    },
  )
})
