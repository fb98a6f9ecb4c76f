import type { TimedNode } from './builder.ts'
import { readSlot, type NodeState } from './user.ts'

/**
 * What is due when. Of few nodes each is asked, so that a user needs no list for it. Of many there is a heap of pairs in
 * one flat list: a time, and the number of a node; an entry may be out of date, so the node is asked when it is taken.
 */

/** Up to so many nodes all are asked. */
const fewNodes = 8

export function needsQueue(nodes: readonly TimedNode[]): boolean {
  return nodes.length > fewNodes
}

/** When the node is due, as its state says; `undefined`: it is not. */
function queuedMs(state: NodeState, { slot }: TimedNode): number | undefined {
  const kept = readSlot(state, slot)
  if (kept === undefined || typeof kept === 'number') return kept
  return (kept as readonly (number | undefined)[])[0]
}

/** When the first is due, or may be; `Infinity`: nothing is. */
export function firstDueMs(state: NodeState, nodes: readonly TimedNode[]): number {
  const { queue } = state
  if (queue !== undefined) return queue.length === 0 ? Number.POSITIVE_INFINITY : (queue[0] as number)
  let firstMs = Number.POSITIVE_INFINITY
  for (const node of nodes) {
    const atMs = queuedMs(state, node)
    if (atMs !== undefined && atMs < firstMs) firstMs = atMs
  }
  return firstMs
}

/**
 * The node that is due first, at or before `untilMs`; of one millisecond that of the lowest number. Only those with a
 * number below `end`, which come before the others. It leaves the queue, and is due no more when it was asked.
 */
export function takeDue(
  state: NodeState,
  nodes: readonly TimedNode[],
  untilMs: number,
  end: number,
): TimedNode | undefined {
  const { queue } = state
  if (queue !== undefined) {
    if (queue.length === 0 || (queue[0] as number) > untilMs || (queue[1] as number) >= end) return undefined
    const node = nodes[queue[1] as number]
    dequeue(queue)
    return node
  }
  let first: TimedNode | undefined
  let firstMs = untilMs
  for (let number = 0; number < end; number++) {
    const node = nodes[number] as TimedNode
    const atMs = queuedMs(state, node)
    if (atMs === undefined || atMs > firstMs || (atMs === firstMs && first !== undefined)) continue
    first = node
    firstMs = atMs
  }
  return first
}

/** The queue follows from the state of the nodes. */
export function restoreQueue(state: NodeState, nodes: readonly TimedNode[]): void {
  if (state.queue === undefined) return
  for (const node of nodes) {
    const atMs = queuedMs(state, node)
    if (atMs !== undefined) enqueue(state, atMs, node.number)
  }
}

/** A short queue is made anew with every pair, so that it has no empty places. */
export function enqueue(state: NodeState, atMs: number, node: number): void {
  if (state.queue === undefined) return
  const queue = withPair(state.queue, atMs, node)
  state.queue = queue
  let place = queue.length - 2
  while (place > 0) {
    const parent = (((place >> 1) - 1) >> 1) << 1
    if (!isBefore(queue, place, queue[parent] as number, queue[parent + 1] as number)) break
    queue[place] = queue[parent] as number
    queue[place + 1] = queue[parent + 1] as number
    queue[parent] = atMs
    queue[parent + 1] = node
    place = parent
  }
}

function withPair(queue: number[], atMs: number, node: number): number[] {
  switch (queue.length) {
    case 0:
      return [atMs, node]
    case 2:
      return [queue[0] as number, queue[1] as number, atMs, node]
    case 4:
      return [queue[0] as number, queue[1] as number, queue[2] as number, queue[3] as number, atMs, node]
    default:
      queue.push(atMs, node)
      return queue
  }
}

/** Takes the first one out. */
function dequeue(queue: number[]): void {
  const node = queue.pop()
  const atMs = queue.pop()
  if (node === undefined || atMs === undefined || queue.length === 0) return
  let place = 0
  for (;;) {
    let child = 2 * place + 2
    if (child >= queue.length) break
    const isSecond = child + 2 < queue.length
    if (isSecond && isBefore(queue, child + 2, queue[child] as number, queue[child + 1] as number)) child += 2
    if (!isBefore(queue, child, atMs, node)) break
    queue[place] = queue[child] as number
    queue[place + 1] = queue[child + 1] as number
    place = child
  }
  queue[place] = atMs
  queue[place + 1] = node
}

function isBefore(queue: readonly number[], place: number, atMs: number, node: number): boolean {
  const ms = queue[place] as number
  return ms < atMs || (ms === atMs && (queue[place + 1] as number) < node)
}
