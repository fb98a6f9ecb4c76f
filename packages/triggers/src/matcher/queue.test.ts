import { fc, test as fcTest } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { TimedNode } from './builder.ts'
import { enqueue, firstDueMs, needsQueue, restoreQueue, takeDue } from './queue.ts'
import { emptyState, newState, writeSlot, type NodeState } from './user.ts'

/** Nodes that are due at the time in their slot. */
function nodesOf(count: number): readonly TimedNode[] {
  return Array.from({ length: count }, (_, number) => ({
    rank: 'wait',
    number,
    due: (state: NodeState) => writeSlot(state, number, undefined),
    slot: number,
  }))
}

fcTest.prop([fc.constantFrom(3, 30), fc.array(fc.tuple(fc.nat(29), fc.nat(9))), fc.nat(9)])(
  'what is due comes by time, of one millisecond by node; few nodes are asked, many stand in a queue',
  (count, starts, untilMs) => {
    const nodes = nodesOf(count)
    expect(needsQueue(nodes)).toBe(count === 30)
    const state = newState(emptyState(count, needsQueue(nodes)))
    const due = new Map<number, number>()
    for (const [choice, atMs] of starts) {
      const number = choice % count
      if (due.has(number)) continue
      due.set(number, atMs)
      writeSlot(state, number, atMs)
      enqueue(state, atMs, number)
    }
    const expected = [...due]
      .filter(([, atMs]) => atMs <= untilMs)
      .toSorted(([one, ms], [other, next]) => ms - next || one - other)
      .map(([number]) => number)
    const restored = newState(emptyState(count, needsQueue(nodes)))
    for (const [number, atMs] of due) writeSlot(restored, number, atMs)
    restoreQueue(restored, nodes)
    for (const each of [state, restored]) {
      expect(firstDueMs(each, nodes)).toBe(Math.min(Number.POSITIVE_INFINITY, ...due.values()))
      const taken: number[] = []
      for (;;) {
        const node = takeDue(each, nodes, untilMs, count)
        if (node === undefined) break
        node.due(each, undefined as never, untilMs, undefined as never)
        taken.push(node.number)
      }
      expect(taken).toEqual(expected)
    }
  },
)
