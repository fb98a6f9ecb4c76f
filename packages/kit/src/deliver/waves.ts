import type { Operation } from './operation.ts'
import { holdBack, isOpen, type Progress } from './progress.ts'

/** The items of one lane, in their order. */
export interface Lane {
  readonly id: string
  readonly queue: readonly Progress[]
  /** Place of the first item that may still be open. */
  next: number
}
/** The part of one operation (and group) in a wave. */
export interface WavePart {
  readonly operation: Operation<unknown>
  readonly group: string
  /** One entry per lane: its items that go by this operation now, in order. */
  readonly runs: Run[]
}
export type Run = readonly Progress[]

/** The items by lane, the lanes in the order in which they first appear. */
export function lanesOf(all: readonly Progress[]): readonly Lane[] {
  const lanes = new Map<string, { id: string; queue: Progress[]; next: number }>()
  for (const progress of all) {
    const { lane } = progress.item
    const known = lanes.get(lane)
    if (known) known.queue.push(progress)
    else lanes.set(lane, { id: lane, queue: [progress], next: 0 })
  }
  return [...lanes.values()]
}

/** Moves past what is settled. False when the lane has nothing more to send; a held lane's items come back unsent. */
export function advance(lane: Lane, held: ReadonlySet<string>): boolean {
  if (held.has(lane.id)) {
    for (const progress of lane.queue.slice(lane.next)) if (isOpen(progress)) holdBack(progress)
    lane.next = lane.queue.length
  }
  for (; lane.next < lane.queue.length; lane.next++) {
    const progress = lane.queue[lane.next]
    if (progress && isOpen(progress)) return true
  }
  return false
}

/**
 * What may leave together without breaking the order of any lane. Of each lane the first open items join, as long as
 * they go by the same operation and group (where order inside the request, and from request to request, is kept); one
 * that has further writes is the last to join. The rest waits for the next wave. Costs as much as joins, whatever waits.
 */
export function nextWave(lanes: readonly Lane[]): readonly WavePart[] {
  const parts = new Map<Operation<unknown>, Map<string, WavePart>>()
  for (const lane of lanes) {
    const run: Progress[] = []
    let part: WavePart | undefined
    for (let place = lane.next; place < lane.queue.length; place++) {
      const progress = lane.queue[place]
      const write = progress?.writes[progress.next]
      if (!progress || !write) continue
      const { operation } = write
      const group = operation.groupOf?.(write.value) ?? ''
      part ??= partOf(parts, operation, group)
      if (part.operation !== operation || part.group !== group) break
      run.push(progress)
      if (progress.next + 1 < progress.writes.length) break
    }
    part?.runs.push(run)
  }
  return [...parts.values()].flatMap((groups) => [...groups.values()])
}

function partOf(
  parts: Map<Operation<unknown>, Map<string, WavePart>>,
  operation: Operation<unknown>,
  group: string,
): WavePart {
  let groups = parts.get(operation)
  if (!groups) parts.set(operation, (groups = new Map<string, WavePart>()))
  let part = groups.get(group)
  if (!part) groups.set(group, (part = { operation, group, runs: [] }))
  return part
}
