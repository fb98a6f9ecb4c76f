import { fc, test as fcTest } from '@fast-check/vitest'
import { expect } from 'vitest'
import { run } from '../../fixtures/matcher/run.ts'
import { anchorKey } from '../../fixtures/reference/fires.ts'
import { firesOf } from '../../fixtures/reference/occasions.ts'
import type { PastEvent } from '../../fixtures/reference/time-line.ts'
import { normaliseDefinitions, type OccasionInput } from '../index.ts'
import { compile } from './program.ts'

const [a, b, c] = ['A', 'B', 'C'].map((name) => ({ type: 'track', name }) as const) as [Track, Track, Track]
type Track = { readonly type: 'track'; readonly name: string }
const same = (event: Track) =>
  ({ ...event, where: { kind: 'property', property: 'id', op: 'eq', anchor: 'id' } }) as const
const total = { kind: 'total', event: a, property: 'price', op: 'gt', within: '20m' } as const

/** Each keeps lists that get long, and then are kept otherwise than short ones. */
const occasions: readonly OccasionInput[] = [
  { kind: 'times', event: a, count: 40, within: '1h' },
  { kind: 'times', event: a, count: 2, within: '40m', by: 'id' },
  { kind: 'sequence', steps: [{ event: a }, { event: b }, { event: c }], within: '1h' },
  { kind: 'sequence', steps: [{ event: a }, { event: c }, { event: b }], within: '30m', by: 'id' },
  { kind: 'sequence', steps: [{ event: a }, { event: b }], within: '1h', by: 'id', reuse: true },
  { kind: 'without', base: { kind: 'on', event: a }, event: b, for: '30m', by: 'id' },
  { kind: 'without', base: { kind: 'on', event: a }, event: same(b), for: '30m', anchor: 'every' },
  {
    kind: 'given',
    base: { kind: 'on', event: b },
    condition: { kind: 'did', event: same(a), count: { op: 'gte', value: 2 }, within: '1h' },
  },
  {
    kind: 'given',
    base: { kind: 'on', event: b },
    condition: { kind: 'did', event: a, count: { op: 'eq', value: 45 }, within: '50m' },
  },
  {
    kind: 'given',
    base: { kind: 'on', event: b },
    condition: {
      kind: 'or',
      conditions: [
        { ...total, aggregate: 'sum', value: 30 },
        { ...total, aggregate: 'distinct', value: 15 },
        { ...total, aggregate: 'min', value: 0 },
      ],
    },
  },
]

const timeLine: fc.Arbitrary<readonly PastEvent[]> = fc
  .array(
    fc.record({
      stepMs: fc.constantFrom(0, 1, 10_000, 30_000),
      name: fc.constantFrom('A', 'A', 'A', 'A', 'A', 'B', 'B', 'C'),
      id: fc.oneof(fc.nat(60), fc.nat(60).map(String), fc.constant('x')),
      price: fc.nat(20),
    }),
    { minLength: 150, maxLength: 220, size: 'max' },
  )
  .map((notes) => {
    let at = 0
    return notes.map(({ stepMs, name, id, price }, seq): PastEvent => {
      at += stepMs
      const properties = { id, price }
      return { userId: 'u', type: 'track', name, properties, at, seq, messageId: `m${seq}` }
    })
  })

fcTest.prop([timeLine, fc.array(fc.nat(220))], { numRuns: 25 })(
  'long lists fire as short ones do, saved and loaded or not',
  (events, pauses) => {
    const definitions = normaliseDefinitions({
      specVersion: 1,
      triggers: occasions.map((when, index) => ({ specVersion: 1, id: `t${index}`, when })),
    })
    const program = compile(definitions)
    const endMs = (events.at(-1)?.at ?? 0) + 3_600_000
    const { fires, user } = run(program, 'u', events, endMs)
    const reference = { id: 'u', events, definitions, horizonMs: endMs }
    const expected = definitions.triggers.flatMap(({ id, when }) =>
      firesOf(when, reference).map((fire) => `${id} ${anchorKey(fire)}`),
    )
    expect(fires.map(({ trigger, anchorKey: key }) => `${trigger} ${key}`).toSorted()).toEqual(
      expected.toSorted(),
    )
    const split = run(program, 'u', events, endMs, new Set(pauses))
    expect(split.fires).toEqual(fires)
    expect(program.saveUser(split.user)).toBe(program.saveUser(user))
  },
)
