import type { Wait } from './user.ts'

/** True when `left` is due before `right`: by time, then by node (trigger, inner nodes first), then by anchor place. */
function before(left: Wait, right: Wait): boolean {
  if (left.queuedMs !== right.queuedMs) return left.queuedMs < right.queuedMs
  if (left.node !== right.node) return left.node < right.node
  return left.queuedSequence < right.queuedSequence
}

/** Puts the wait at its due time into the heap. */
export function enqueue(queue: Wait[], wait: Wait): void {
  wait.queuedMs = wait.dueMs
  wait.queuedSequence = wait.anchor.sequence
  let index = queue.length
  while (index > 0) {
    const parentIndex = (index - 1) >> 1
    const parent = queue[parentIndex] as Wait
    if (!before(wait, parent)) break
    queue[index] = parent
    index = parentIndex
  }
  queue[index] = wait
}

/** Takes the first one out of the heap. */
export function dequeue(queue: Wait[]): void {
  const last = queue.pop()
  if (last === undefined || queue.length === 0) return
  let index = 0
  for (;;) {
    let childIndex = 2 * index + 1
    const child = queue[childIndex]
    if (child === undefined) break
    const other = queue[childIndex + 1]
    if (other !== undefined && before(other, child)) childIndex++
    const first = queue[childIndex] as Wait
    if (!before(first, last)) break
    queue[index] = first
    index = childIndex
  }
  queue[index] = last
}
