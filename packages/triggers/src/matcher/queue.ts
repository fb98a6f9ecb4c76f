/**
 * A heap of pairs in one flat list: when something is due, and which node it concerns. The first is the earliest; of one
 * millisecond the node of the lowest number. An entry may be out of date: who takes it out asks the node.
 */

/** A short queue is made anew with every pair, so that it has no empty places. */
export function enqueue(state: { queue: number[] }, atMs: number, node: number): void {
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

/** When the first is due; `Infinity` of none. */
export function firstMs(queue: readonly number[]): number {
  return queue.length === 0 ? Number.POSITIVE_INFINITY : (queue[0] as number)
}

/** Takes the first one out. */
export function dequeue(queue: number[]): void {
  const node = queue.pop()
  const atMs = queue.pop()
  if (node === undefined || atMs === undefined || queue.length === 0) return
  let place = 0
  for (;;) {
    let child = 2 * place + 2
    if (child >= queue.length) break
    if (
      child + 2 < queue.length &&
      isBefore(queue, child + 2, queue[child] as number, queue[child + 1] as number)
    )
      child += 2
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
