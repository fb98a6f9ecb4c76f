import type { Record } from './run-file.ts'

interface Head {
  record: Record
  /** Of equal keys the earlier run comes first. */
  readonly order: number
  readonly rest: Iterator<Record, void, undefined>
}

/** Sorted runs as one sorted stream; equal keys keep the order of the runs. */
export function* mergeRuns(runs: readonly Iterable<Record>[]): Generator<Record, void, undefined> {
  const heap: Head[] = []
  for (const [order, run] of runs.entries()) {
    const rest = run[Symbol.iterator]() as Iterator<Record, void, undefined>
    const first = rest.next()
    if (first.done !== true) push(heap, { record: first.value, order, rest })
  }
  try {
    for (let head = heap[0]; head !== undefined; head = heap[0]) {
      yield head.record
      const next = head.rest.next()
      if (next.done === true) removeFirst(heap)
      else {
        head.record = next.value
        sink(heap, 0)
      }
    }
  } finally {
    // Whoever stops early leaves no file open.
    for (const { rest } of heap) rest.return?.()
  }
}

function isBefore(first: Head, second: Head): boolean {
  const [left, right] = [first.record.key, second.record.key]
  return left < right || (left === right && first.order < second.order)
}

function push(heap: Head[], head: Head): void {
  let place = heap.push(head) - 1
  while (place > 0) {
    const above = (place - 1) >> 1
    if (!isBefore(head, heap[above] as Head)) break
    heap[place] = heap[above] as Head
    place = above
  }
  heap[place] = head
}

function removeFirst(heap: Head[]): void {
  const last = heap.pop() as Head
  if (heap.length === 0) return
  heap[0] = last
  sink(heap, 0)
}

function sink(heap: Head[], from: number): void {
  const head = heap[from] as Head
  let place = from
  for (;;) {
    let below = place * 2 + 1
    const other = heap[below + 1]
    if (other !== undefined && isBefore(other, heap[below] as Head)) below++
    const next = heap[below]
    if (next === undefined || !isBefore(next, head)) break
    heap[place] = next
    place = below
  }
  heap[place] = head
}
