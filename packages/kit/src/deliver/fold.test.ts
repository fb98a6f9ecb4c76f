import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { createPostOperation, progressOf } from '../../fixtures/deliveries.ts'
import { groupBy } from '../../fixtures/group-by.ts'
import { foldRuns, toLoad } from './fold.ts'

interface Change {
  readonly person: string
  readonly set: Readonly<Record<string, number>>
}
const operation = createPostOperation<Change>('changes', {
  foldOf: ({ person }) => (person === '' ? undefined : person),
  fold: (earlier, later) => ({ person: later.person, set: { ...earlier.set, ...later.set } }),
})
const fold = (...runs: readonly (readonly [lane: string, changes: readonly Change[]])[]) =>
  foldRuns(
    operation,
    runs.map(([lane, changes]) => changes.map((change) => progressOf(operation, lane, change))),
  ).map(({ entries }) => entries.map(toLoad))

test('the later value wins, at the place of the first', () => {
  const queues = fold([
    'x',
    [
      { person: 'x', set: { a: 1 } },
      { person: '', set: { z: 0 } },
      { person: 'x', set: { a: 2, b: 3 } },
    ],
  ])
  expect(queues.map((loads) => loads.map(({ value }) => value))).toEqual([
    [
      { person: 'x', set: { a: 2, b: 3 } },
      { person: '', set: { z: 0 } },
    ],
  ])
  expect(queues[0]?.map(({ of }) => of.length)).toEqual([2, 1])
})

test('lanes that share a value leave one after the other', () => {
  const queues = fold(
    ['x', [{ person: 'p', set: { a: 1 } }]],
    [
      'y',
      [
        { person: 'q', set: { b: 1 } },
        { person: 'p', set: { a: 2 } },
      ],
    ],
    ['z', [{ person: 'r', set: {} }]],
  )
  expect(queues.map((loads) => loads.map(({ value }) => (value as Change).person))).toEqual([
    ['p', 'q'],
    ['r'],
  ])
})

test('without a fold every item stands for itself', () => {
  const plain = createPostOperation<Change>('plain')
  const runs = [
    [progressOf(plain, 'x', { person: 'p', set: {} }), progressOf(plain, 'x', { person: 'p', set: {} })],
  ]
  expect(foldRuns(plain, runs).map(({ entries }) => entries.length)).toEqual([2])
})

const changes = fc.array(
  fc.record({
    lane: fc.constantFrom('x', 'y', 'z'),
    person: fc.constantFrom('', 'p', 'q', 'r'),
    name: fc.constantFrom('a', 'b'),
  }),
  { maxLength: 25 },
)
fcTest.prop([changes])(
  'no item is lost, no key is left twice, and the values are those of all changes in turn',
  (given) => {
    const all = given.map(({ lane, person, name }, index) => ({
      lane,
      change: { person, set: { [name]: index } },
    }))
    const runs = [...groupBy(all, ({ lane }) => lane)].map(
      ([lane, list]) => [lane, list.map(({ change }) => change)] as const,
    )
    const loads = fold(...runs).flat()
    expect(loads.reduce((sum, { of }) => sum + of.length, 0)).toBe(given.length)
    const keyed = loads.map(({ value }) => value as Change).filter(({ person }) => person !== '')
    expect(new Set(keyed.map(({ person }) => person)).size).toBe(keyed.length)
    const inTurn = runs.flatMap(([, list]) => list)
    for (const { person, set } of keyed)
      expect(set).toEqual(
        Object.assign({}, ...inTurn.filter((each) => each.person === person).map((each) => each.set)),
      )
  },
)
