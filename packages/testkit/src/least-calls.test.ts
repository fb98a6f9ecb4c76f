import { expect, test } from 'vitest'
import { leastCalls, roomOf, type PlannedItem, type PlannedWrite } from './least-calls.ts'

const room = { maxItems: 3, maxBytes: 100, frameBytes: 2 }
const item = (lane: string, ...writes: readonly Partial<PlannedWrite>[]): PlannedItem => ({
  lane,
  writes: writes.map((write) => ({ endpoint: 'POST /a', bytes: 1, ...write })),
})
const calls = (items: readonly PlannedItem[]): Readonly<Record<string, number>> =>
  Object.fromEntries(leastCalls(items, () => room))

test('a request holds what fits in number', () => {
  const lanes = (count: number): PlannedItem[] =>
    Array.from({ length: count }, (_, index) => item(`${index}`, {}))
  expect([0, 1, 3, 4, 6, 7].map((count) => calls(lanes(count))['POST /a'])).toEqual([
    undefined,
    1,
    1,
    2,
    2,
    3,
  ])
})

test('… and in bytes, with the frame and the commas', () => {
  expect(calls([item('a', { bytes: 49 }), item('b', { bytes: 48 })])).toEqual({ 'POST /a': 1 })
  expect(calls([item('a', { bytes: 49 }), item('b', { bytes: 49 })])).toEqual({ 'POST /a': 2 })
})

test('an order of several entries counts as many', () => {
  expect(calls([item('a', { weight: 2 }), item('b', { weight: 2 })])).toEqual({ 'POST /a': 2 })
})

test('a lane over two endpoints takes a wave for each change, other lanes join where they can', () => {
  const other = { endpoint: 'POST /b' }
  expect(calls([item('a', {}), item('a', other), item('a', {})])).toEqual({ 'POST /a': 2, 'POST /b': 1 })
  expect(calls([item('a', {}), item('a', other), item('b', {}), item('b', other)])).toEqual({
    'POST /a': 1,
    'POST /b': 1,
  })
})

test('an item of several writes is the last of its lane to join', () => {
  expect(calls([item('a', {}, { endpoint: 'POST /b' }), item('a', {})])).toEqual({
    'POST /a': 2,
    'POST /b': 1,
  })
})

test('equal writes of one wave are one, groups never share a request', () => {
  const person = { foldKey: 'u1' }
  expect(calls(Array.from({ length: 9 }, () => item('a', person)))).toEqual({ 'POST /a': 1 })
  expect(calls([item('a', { group: 'list 1' }), item('b', { group: 'list 2' })])).toEqual({ 'POST /a': 2 })
})

test('the room of an endpoint is that of its tightest limits', () => {
  const base = { source: 'https://toy.test/docs', verified: true, over: 'refused' } as const
  const limits = [
    { ...base, id: 'a', kind: 'size', of: 'items', max: 75, endpoints: ['POST /a'] },
    { ...base, id: 'b', kind: 'size', of: 'items', max: 50, endpoints: ['POST /b'] },
    { ...base, id: 'c', kind: 'size', of: 'bytes', max: 4_000, endpoints: ['*'] },
  ] as const
  expect(roomOf(limits, 'POST /a', 9)).toEqual({ maxItems: 75, maxBytes: 4_000, frameBytes: 9 })
  expect(roomOf(limits, 'POST /c')).toEqual({ maxItems: Infinity, maxBytes: 4_000, frameBytes: 0 })
})
