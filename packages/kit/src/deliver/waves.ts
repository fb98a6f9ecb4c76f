import type { Operation } from './operation.ts'
import type { Progress } from './progress.ts'

/** The part of one operation (and group) in a wave, in item order. */
export interface WavePart {
  readonly operation: Operation<unknown>
  readonly members: Progress[]
}
interface LaneState {
  readonly part: WavePart | undefined
}

/**
 * What may leave together without breaking the order of any lane. Items are taken in order; an item joins when no
 * earlier one of its lane was left behind, and when those of its lane already in the wave go by the same operation and
 * group (where order inside the request, and from request to request, is kept). The rest waits for the next wave.
 */
export function nextWave(open: readonly Progress[]): readonly WavePart[] {
  const parts = new Map<Operation<unknown>, Map<string, WavePart>>()
  const lanes = new Map<string, LaneState>()
  for (const progress of open) {
    const { lane } = progress.item
    const state = lanes.get(lane)
    if (state && !state.part) continue
    const write = progress.writes[progress.next]
    if (!write) continue
    const { operation, value } = write
    const groups = parts.get(operation) ?? new Map<string, WavePart>()
    const group = operation.groupOf?.(value) ?? ''
    const part = groups.get(group) ?? { operation, members: [] }
    if (state?.part && state.part !== part) {
      lanes.set(lane, { part: undefined })
      continue
    }
    parts.set(operation, groups)
    groups.set(group, part)
    part.members.push(progress)
    // Its further writes come before any later item of the lane.
    lanes.set(lane, { part: progress.next + 1 < progress.writes.length ? undefined : part })
  }
  return [...parts.values()].flatMap((groups) => [...groups.values()])
}
