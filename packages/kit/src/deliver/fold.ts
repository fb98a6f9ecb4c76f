import type { Operation } from './operation.ts'
import type { Progress } from './progress.ts'
import type { Run } from './waves.ts'

/** One value to send and the items that it stands for (more than one after folding). */
export interface Load {
  value: unknown
  readonly of: Progress[]
}
/** Loads that must leave one after the other: those of one lane, or of several lanes that share a load. */
export interface Queue {
  /** An item stands for a load of its own, which is made when it is packed. */
  readonly entries: readonly (Load | Progress)[]
  next: number
}
export const toLoad = (entry: Load | Progress): Load => ('of' in entry ? entry : loadOf(entry))
interface Folding {
  readonly loads: Load[]
  /** The queue into which this one went, because they share a load. */
  into: Folding | undefined
}

/** One queue per lane; values with equal keys become one, at the place of the first of them. */
export function foldRuns(operation: Operation<unknown>, runs: readonly Run[]): readonly Queue[] {
  const { foldOf, fold } = operation
  if (!foldOf || !fold) return runs.map((run) => ({ entries: run, next: 0 }))
  const byKey = new Map<string, { readonly load: Load; readonly queue: Folding }>()
  const queues: Folding[] = []
  for (const run of runs) {
    const queue: Folding = { loads: [], into: undefined }
    queues.push(queue)
    for (const progress of run) {
      const load = loadOf(progress)
      const key = foldOf.call(operation, load.value)
      const earlier = key === undefined ? undefined : byKey.get(key)
      if (earlier) {
        earlier.load.value = fold.call(operation, earlier.load.value, load.value)
        earlier.load.of.push(progress)
        join(earlier.queue, queue)
        continue
      }
      if (key !== undefined) byKey.set(key, { load, queue })
      queue.loads.push(load)
    }
  }
  for (const queue of queues) if (queue.into) for (const load of queue.loads) rootOf(queue).loads.push(load)
  return queues.filter(({ into }) => !into).map(({ loads }) => ({ entries: loads, next: 0 }))
}

function loadOf(progress: Progress): Load {
  return { value: progress.writes[progress.next]?.value, of: [progress] }
}

function rootOf(queue: Folding): Folding {
  let root = queue
  while (root.into) root = root.into
  return root
}
/** The later queue goes into the earlier one. */
function join(one: Folding, other: Folding): void {
  const first = rootOf(one)
  const second = rootOf(other)
  if (first !== second) second.into = first
}
