import { fc, test as fcTest } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { createPostOperation, progressOf } from '../../fixtures/deliveries.ts'
import { groupBy } from '../../fixtures/group-by.ts'
import { nextOf } from '../../fixtures/next-of.ts'
import type { Operation } from './operation.ts'
import { createPacker, type Packed, type Parcel } from './pack.ts'
import { settleWrite } from './progress.ts'

interface Value {
  readonly id: number
  readonly lane: string
  readonly text: string
  readonly weight: number
}
const value = (id: number, lane: string, more: Partial<Value> = {}): Value => ({
  id,
  lane,
  text: '',
  weight: 1,
  ...more,
})
const operationOf = (more: Partial<Operation<Value>> = {}): Operation<Value> =>
  createPostOperation<Value>('values', more)

function packerOf(operation: Operation<Value>, values: readonly Value[]) {
  const lanes = groupBy(values, ({ lane }) => lane)
  const runs = [...lanes.values()].map((list) => list.map((each) => progressOf(operation, each.lane, each)))
  const refused: Parcel[] = []
  return { packer: createPacker({ operation, runs }, (parcel) => void refused.push(parcel)), refused, runs }
}
const valuesOf = ({ parcels }: Packed): readonly Value[] => parcels.map((parcel) => parcel.value as Value)
const idsOf = (packed: Packed | undefined): readonly number[] =>
  packed ? valuesOf(packed).map(({ id }) => id) : []

/** Takes up to `parallel` requests at a time; those under way come back in an order that `pick` chooses. */
function packAll(
  operation: Operation<Value>,
  values: readonly Value[],
  parallel = 1,
  pick: (count: number) => number = () => 0,
) {
  const { packer, refused } = packerOf(operation, values)
  const requests: Packed[] = []
  const underWay: Packed[] = []
  for (;;) {
    while (underWay.length < parallel) {
      const packed = packer.next()
      if (!packed) break
      const lanes = new Set(underWay.flatMap((each) => valuesOf(each).map(({ lane }) => lane)))
      for (const { lane } of valuesOf(packed)) expect(lanes.has(lane)).toBe(false)
      requests.push(packed)
      underWay.push(packed)
    }
    const [back] = underWay.splice(pick(underWay.length), 1)
    if (!back) return { requests, refused: refused.map((parcel) => (parcel.value as Value).id) }
    packer.release(back)
  }
}

const values = fc
  .array(
    fc.record({
      lane: fc.constantFrom('l1', 'l2', 'l3', 'l4', 'l5', 'l6'),
      text: fc.string({ maxLength: 40, unit: 'grapheme' }),
      weight: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 60 },
  )
  .map((list) => list.map((each, id): Value => ({ id, ...each })))
const limits = fc.record({
  maxItems: fc.integer({ min: 1, max: 12 }),
  maxBytes: fc.integer({ min: 150, max: 600 }),
  frameBytes: fc.integer({ min: 2, max: 20 }),
  maxItemBytes: fc.integer({ min: 60, max: 200 }),
})
const weigh = ({ weight }: Value): number => weight
const bytesOf = (each: Value): number => new TextEncoder().encode(JSON.stringify(each)).length

/** The same rules, written the long way, for values that are all of different lanes. */
function packGreedily(
  given: readonly Value[],
  {
    maxItems,
    maxBytes,
    frameBytes,
    maxItemBytes,
  }: Pick<Operation<Value>, 'maxItems' | 'maxBytes' | 'frameBytes'> & { maxItemBytes: number },
) {
  const requests: Value[][] = []
  const fits = (request: readonly Value[]): boolean => {
    const body = frameBytes + request.map(bytesOf).reduce((sum, bytes) => sum + bytes, 0) + request.length - 1
    return body <= maxBytes && request.reduce((sum, { weight }) => sum + weight, 0) <= maxItems
  }
  for (const each of given) {
    if (bytesOf(each) > Math.min(maxItemBytes, maxBytes - frameBytes)) continue
    const last = requests.at(-1)
    if (last && fits([...last, each])) last.push(each)
    else requests.push([each])
  }
  return requests.map((request) => request.map(({ id }) => id))
}

fcTest.prop([values, limits])('packs as greedily as an independent packer', (given, set) => {
  const apart = given.map((each) => ({ ...each, lane: String(each.id) }))
  const { requests } = packAll(operationOf({ ...set, weigh }), apart, 3)
  expect(requests.map(idsOf)).toEqual(packGreedily(apart, set))
})

fcTest.prop([values, limits, fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.nat())])(
  'keeps to the limits and the lanes, loses nothing and sends nothing twice, however requests come back',
  (given, set, parallel, picks) => {
    const operation = operationOf({ ...set, weigh })
    const pick = (count: number): number => nextOf(picks) % Math.max(1, count)
    const { requests, refused } = packAll(operation, given, parallel, pick)
    for (const packed of requests) {
      const list = valuesOf(packed)
      const body = packed.parcels.map(({ json }) => json).join(',')
      expect(Buffer.byteLength(body) + set.frameBytes).toBeLessThanOrEqual(set.maxBytes)
      if (list.length > 1)
        expect(list.reduce((sum, { weight }) => sum + weight, 0)).toBeLessThanOrEqual(set.maxItems)
    }
    const sent = requests.flatMap(idsOf)
    const all = given.map(({ id }) => id)
    expect([...sent, ...refused].toSorted((a, b) => a - b)).toEqual(all)
    expect(refused).toEqual(
      expect.arrayContaining(all.filter((id) => bytesOf(given[id] ?? value(0, '')) > set.maxItemBytes)),
    )
    for (const [, lane] of groupBy(sent, (id) => given[id]?.lane))
      expect(lane).toEqual(lane.toSorted((a, b) => a - b))
  },
)

test('a value that no request can hold is refused alone', () => {
  const operation = operationOf({ maxItems: 10, maxBytes: 200, frameBytes: 2 })
  const given = [value(0, 'x'), value(1, 'x', { text: 'long'.repeat(100) }), value(2, 'x')]
  const { requests, refused } = packAll(operation, given)
  expect(requests.map(idsOf)).toEqual([[0, 2]])
  expect(refused).toEqual([1])
})

test('the commas between the values count, to the byte', () => {
  const given = [value(0, 'a'), value(1, 'b'), value(2, 'c')]
  const exact = 2 + given.map(bytesOf).reduce((sum, bytes) => sum + bytes, 0) + 2
  expect(packAll(operationOf({ maxBytes: exact }), given).requests.map(idsOf)).toEqual([[0, 1, 2]])
  expect(packAll(operationOf({ maxBytes: exact - 1 }), given).requests.map(idsOf)).toEqual([[0, 1], [2]])
})

test('a value heavier than a request may be leaves alone', () => {
  const operation = operationOf({ maxItems: 3, weigh })
  const given = [value(0, 'a'), value(1, 'b', { weight: 9 }), value(2, 'c')]
  expect(packAll(operation, given).requests.map(idsOf)).toEqual([[0], [1], [2]])
})

describe('lanes', () => {
  test('a long lane does not hold up the others', () => {
    const given = [...Array.from({ length: 6 }, (_, id) => value(id, 'long')), value(6, 'b'), value(7, 'c')]
    const { packer } = packerOf(operationOf({ maxItems: 3 }), given)
    const first = packer.next()
    expect(idsOf(first)).toEqual([0, 1, 2])
    // `b` and `c` would leave a place free that the rest of the long lane can fill.
    expect(packer.next()).toBeUndefined()
    if (first) packer.release(first)
    expect(idsOf(packer.next())).toEqual([6, 7, 3])
    expect(packer.next()).toBeUndefined()
  })

  test('full requests of different lanes leave side by side', () => {
    const given = ['a', 'b', 'c'].flatMap((lane, place) =>
      [0, 1].map((index) => value(place * 2 + index, lane)),
    )
    const { packer } = packerOf(operationOf({ maxItems: 2 }), given)
    expect([packer.next(), packer.next(), packer.next()].map(idsOf)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ])
  })

  test('a lane whose item came back as retry goes no further', () => {
    const { packer, runs } = packerOf(operationOf({ maxItems: 1 }), [
      value(0, 'a'),
      value(1, 'a'),
      value(2, 'b'),
      value(3, 'b'),
    ])
    const [ofA, ofB] = [packer.next(), packer.next()]
    expect([ofA, ofB].map(idsOf)).toEqual([[0], [2]])
    const progress = runs[0]?.[0]
    if (!ofA || !ofB || !progress) throw new Error('nothing to send')
    settleWrite(progress, { outcome: { status: 'retry', fault: { code: 'unavailable', message: 'later' } } })
    packer.release(ofA)
    expect(packer.next()).toBeUndefined()
    packer.release(ofB)
    expect(idsOf(packer.next())).toEqual([3])
  })
})

describe('values kept apart', () => {
  const apartOf = ({ text }: Value): string | undefined => text || undefined

  test('never share a request; others fill it', () => {
    const given = [
      value(0, 'a', { text: 'x' }),
      value(1, 'b', { text: 'x' }),
      value(2, 'c'),
      value(3, 'd', { text: 'y' }),
    ]
    const { requests } = packAll(operationOf({ maxItems: 9, apartOf }), given)
    expect(requests.map(idsOf)).toEqual([[0, 2, 3], [1]])
  })

  fcTest.prop([values])('whatever the values', (given) => {
    const { requests } = packAll(operationOf({ maxItems: 9, apartOf }), given, 3)
    for (const packed of requests) {
      const keys = valuesOf(packed)
        .map(apartOf)
        .filter((key) => key !== undefined)
      expect(new Set(keys).size).toBe(keys.length)
    }
    expect(requests.flatMap(idsOf)).toHaveLength(given.length)
  })
})

test('each value is encoded once, and only when its request leaves', () => {
  let encoded = 0
  const encode = (each: Value): string => {
    encoded++
    return JSON.stringify(each)
  }
  const given = Array.from({ length: 100 }, (_, id) => value(id, String(id % 7)))
  const operation = operationOf({ maxItems: 10, encode })
  packerOf(operation, given).packer.next()
  expect(encoded).toBeLessThanOrEqual(11)
  encoded = 0
  packAll(operation, given, 4)
  expect(encoded).toBe(100)
})

test('draining hands back all that is not under way', () => {
  const given = [...Array.from({ length: 4 }, (_, id) => value(id, 'a')), value(4, 'b')]
  const { packer } = packerOf(operationOf({ maxItems: 2 }), given)
  const first = packer.next()
  expect(packer.next()).toBeUndefined()
  expect(packer.drain().map(({ item }) => (JSON.parse(item.key) as Value).id)).toEqual([4])
  if (first) packer.release(first)
  expect(packer.drain().map(({ item }) => (JSON.parse(item.key) as Value).id)).toEqual([2, 3])
  expect(packer.next()).toBeUndefined()
})
