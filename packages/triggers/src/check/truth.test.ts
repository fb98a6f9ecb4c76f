import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { timeLine } from '../../fixtures/matcher/arbitrary.ts'
import { holds } from '../../fixtures/reference/conditions.ts'
import type { PastEvent } from '../../fixtures/reference/time-line.ts'
import type { Comparison, Predicate } from '../definition/comparison.ts'
import type { Condition } from '../definition/condition.ts'
import type { PropertyTypes } from '../definition/plan.ts'
import { normaliseDefinitions } from '../definition/normalise.ts'
import { createJudge, type Truth } from './truth.ts'

const value = fc.constantFrom(1, 2, 1.5, '1', '12', 'x', '2026-01-01', '2026-01-02T00:00:00Z', true)
const order = fc.constantFrom(
  'eq' as const,
  'neq' as const,
  'gt' as const,
  'gte' as const,
  'lt' as const,
  'lte' as const,
)
const comparison: fc.Arbitrary<Comparison> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: order, value }) },
  fc.record({ op: fc.constant('in' as const), values: fc.array(value, { minLength: 1, maxLength: 2 }) }),
  fc.record({ op: fc.constant('exists' as const), value: fc.boolean() }),
  fc.record({ op: fc.constantFrom('contains' as const, 'startsWith' as const), value }),
  fc.record({ op: fc.constantFrom('before' as const, 'after' as const), value }),
  fc.record({
    op: fc.constantFrom('withinLast' as const, 'withinNext' as const),
    duration: fc.constant('1d'),
  }),
)
const path = fc.constantFrom('id', 'id', 'price', 'tags[]')
const trait: fc.Arbitrary<Condition> = fc
  .tuple(path, comparison)
  .map(([name, compared]) => ({ kind: 'trait', trait: name, ...compared }))
const property: fc.Arbitrary<Predicate> = fc
  .tuple(path, comparison)
  .map(([name, compared]) => ({ kind: 'property', property: name, ...compared }))
const where = fc.oneof(
  property,
  fc.record({
    kind: fc.constantFrom('and' as const, 'or' as const),
    predicates: fc.array(property, { minLength: 2, maxLength: 3 }),
  }),
)
const event = fc
  .tuple(fc.constantFrom('A', 'B'), fc.option(where, { nil: undefined }))
  .map(([name, fits]) => ({ type: 'track' as const, name, ...(fits && { where: fits }) }))
const within = fc.constantFrom({}, { within: '1m' }, { within: '3m' })
const did: fc.Arbitrary<Condition> = fc
  .tuple(event, fc.record({ op: order, value: fc.integer({ min: 0, max: 2 }) }), within)
  .map(([of, count, window]) => ({ kind: 'did', event: of, count, ...window }))
const total: fc.Arbitrary<Condition> = fc
  .tuple(
    event,
    fc.constantFrom('distinct' as const, 'sum' as const, 'latest' as const),
    order,
    fc.integer({ min: 0, max: 2 }),
  )
  .map(([of, aggregate, op, against]) => ({
    kind: 'total',
    event: of,
    property: 'id',
    aggregate,
    op,
    value: against,
  }))
const inactive: fc.Arbitrary<Condition> = event.map((of) => ({ kind: 'inactive', for: '1m', of }))

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    trait,
    did,
    fc.oneof(total, inactive),
    tie('condition').map((inner): Condition => ({ kind: 'not', condition: inner })),
    fc
      .tuple(
        fc.constantFrom('and' as const, 'or' as const),
        fc.array(tie('condition'), { minLength: 2, maxLength: 3 }),
      )
      .map(([kind, conditions]): Condition => ({ kind, conditions })),
  ),
}))
const declared: fc.Arbitrary<PropertyTypes> = fc.constantFrom(
  {},
  { id: 'integer', price: 'number' },
  { id: 'string', price: 'number', tags: 'strings' },
  { id: 'date', price: 'number' },
)

/** What the answers are at all places of a time line, by the reference. */
function answers(asked: Condition, events: readonly PastEvent[], types: PropertyTypes): ReadonlySet<boolean> {
  const definitions = definitionsOf(types)
  const user = { id: 'u', events, definitions, horizonMs: Infinity }
  const places = [
    { ms: -1, seen: 0 },
    ...events.map(({ at }, index) => ({ ms: at, seen: index + 1 })),
    { ms: 3_600_000, seen: events.length },
  ]
  return new Set(places.map((place) => holds(asked, user, place)))
}
const definitionsOf = (types: PropertyTypes) =>
  normaliseDefinitions({
    specVersion: 1,
    plan: { specVersion: 1, events: { A: types, B: {} }, traits: types },
  })

describe('what is judged without data is true of all data', () => {
  fcTest.prop([condition, declared, fc.array(timeLine, { minLength: 1, maxLength: 3 })], { numRuns: 2000 })(
    'always and never, by the reference',
    (asked, types, lines) => {
      const truth: Truth = createJudge(definitionsOf(types)).condition(asked, '')
      fc.pre(truth !== 'depends')
      for (const events of lines) {
        expect([...answers(asked, events, types)], truth).toEqual([truth === 'always'])
      }
    },
  )
})
