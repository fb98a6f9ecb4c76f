import { fc, test as fcTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { createPostOperation, mapThings, thing, type Thing, type Written } from '../../fixtures/deliveries.ts'
import { settleWrite, startProgress } from './progress.ts'
import { advance, lanesOf, nextWave } from './waves.ts'

const groupOf = ({ group }: Written): string => group
const operations = {
  a: createPostOperation('a', { groupOf }),
  b: createPostOperation('b', { groupOf }),
  c: createPostOperation('c'),
}
const steps = fc.array(
  fc.record({ operation: fc.constantFrom('a', 'b', 'c'), group: fc.constantFrom('', 'g') }),
  { minLength: 1, maxLength: 3 },
)
const things = fc
  .array(fc.record({ lane: fc.constantFrom('l1', 'l2', 'l3', 'l4'), steps }), { maxLength: 40 })
  .map((list) => list.map((each, index): Thing => ({ ...thing(`k${index}`, each.lane), steps: each.steps })))

/** What leaves, wave by wave: the writes of each part, in its order. */
function allWaves(given: readonly Thing[]): readonly (readonly (readonly string[])[])[] {
  const all = given.map((item) => startProgress(item, mapThings(operations)(item)))
  const waves: string[][][] = []
  for (let lanes = lanesOf(all); ;) {
    lanes = lanes.filter((lane) => advance(lane, new Set()))
    if (lanes.length === 0) return waves
    const wave = nextWave(lanes)
    waves.push(wave.map(({ runs }) => runs.flat().map(({ item, next }) => `${item.key}/${next}`)))
    for (const { runs } of wave)
      for (const progress of runs.flat())
        settleWrite(progress, { outcome: { status: 'sent', proof: 'stored' } })
  }
}

fcTest.prop([things])(
  'every write leaves once, and the waves together keep the order of each lane',
  (given) => {
    const order = allWaves(given).flat(2)
    const laneOf = new Map(given.map(({ key, lane }) => [key, lane]))
    const ofLane = (list: readonly string[], lane: string): readonly string[] =>
      list.filter((name) => laneOf.get(name.split('/')[0] ?? '') === lane)
    const wanted = given.flatMap(({ key, steps: list }) => list.map((_, step) => `${key}/${step}`))
    expect(order.toSorted()).toEqual(wanted.toSorted())
    for (const lane of new Set(laneOf.values())) expect(ofLane(order, lane)).toEqual(ofLane(wanted, lane))
  },
)

fcTest.prop([things])('in one wave a lane goes by one operation and group only', (given) => {
  const laneOf = new Map(given.map(({ key, lane }) => [key, lane]))
  for (const wave of allWaves(given)) {
    const lanesOfParts = wave.map((part) => new Set(part.map((name) => laneOf.get(name.split('/')[0] ?? ''))))
    expect(lanesOfParts.reduce((sum, lanes) => sum + lanes.size, 0)).toBe(
      new Set(lanesOfParts.flatMap((lanes) => [...lanes])).size,
    )
  }
})

test('equal neighbours share a wave, others wait for the one before them', () => {
  const given = [
    thing('1', 'x', 'a'),
    thing('2', 'x', 'a'),
    thing('3', 'x', 'b'),
    thing('4', 'y', 'b'),
    thing('5', 'x', 'a'),
  ]
  expect(allWaves(given)).toEqual([[['1/0', '2/0'], ['4/0']], [['3/0']], [['5/0']]])
})

test('an item of several writes finishes them before the next of its lane', () => {
  const given = [thing('1', 'x', 'a', 'b'), thing('2', 'x', 'a'), thing('3', 'y', 'a')]
  expect(allWaves(given)).toEqual([[['1/0', '3/0']], [['1/1']], [['2/0']]])
})

test('a held lane comes back unsent; what was settled before stays', () => {
  const map = mapThings(operations)
  const all = ['1', '2', '3'].map((key) => thing(key, 'x')).map((item) => startProgress(item, map(item)))
  const [lane] = lanesOf(all)
  if (!lane || !all[0]) throw new Error('no lane')
  settleWrite(all[0], { outcome: { status: 'sent', proof: 'stored' } })
  expect(advance(lane, new Set(['x']))).toBe(false)
  expect(all.map(({ outcome }) => outcome?.status)).toEqual(['sent', 'retry', 'retry'])
})
