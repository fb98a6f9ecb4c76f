import { foldRuns, toLoad, type Load, type Queue } from './fold.ts'
import type { Operation } from './operation.ts'
import type { Progress } from './progress.ts'
import type { WavePart } from './waves.ts'

/** A value as it goes into a request. */
export interface Parcel extends Readonly<Load> {
  readonly json: string
  readonly bytes: number
}
/** What leaves in one request. */
export interface Packed {
  readonly parcels: readonly Parcel[]
  /** Queues that go on only when this request is back. */
  readonly parked: readonly Queue[]
}
/** Hands out the requests of one wave part, each when it is asked for: only what is under way is held as JSON. */
export interface Packer {
  /** The next request, or undefined: nothing is left, or what is left must wait for `release`. */
  next(): Packed | undefined
  /** The request is settled: the lanes that waited for it go on, but for those with an item that came back `retry`. */
  release(packed: Packed): void
  /** Everything that is not under way, because nothing more is to leave. */
  drain(): readonly Progress[]
}

/**
 * Packs greedily: lane by lane in the order of their first items, a request is closed when the next value does not fit
 * in count or bytes. Requests under way never share a lane, so they may run side by side. One that is not full leaves
 * only when nothing under way could still bring more to it.
 * @param refuse called with a value that no request can hold, and the bytes that one may have
 */
export function createPacker(
  { operation, runs }: Pick<WavePart, 'operation' | 'runs'>,
  refuse: (parcel: Parcel, maxBytes: number) => void,
): Packer {
  return new QueuePacker(operation, foldRuns(operation, runs), refuse)
}

class QueuePacker implements Packer {
  readonly #operation: Operation<unknown>
  readonly #refuse: (parcel: Parcel, maxBytes: number) => void
  readonly #queues: readonly Queue[]
  /** Queues that go on, the next one last. */
  #released: Queue[] = []
  #nextQueue = 0
  /** Queues parked behind requests that are under way. */
  #parkedAway = 0
  #draft: Draft
  /** What did not fit into the request before. */
  readonly #encoded = new Map<Queue, Parcel>()

  constructor(
    operation: Operation<unknown>,
    queues: readonly Queue[],
    refuse: (parcel: Parcel, maxBytes: number) => void,
  ) {
    this.#operation = operation
    this.#queues = queues
    this.#refuse = refuse
    this.#draft = createDraft(operation)
  }

  next(): Packed | undefined {
    for (let queue = this.#head(); queue; queue = this.#head()) {
      const before = this.#draft.parcels.length
      const filled = this.#fill(queue)
      if (filled === 'full' && this.#draft.parcels.length === before) return this.#close()
      this.#dropHead()
      if (filled !== 'emptied') this.#draft.parked.push(queue)
      if (filled === 'full') return this.#close()
    }
    return this.#parkedAway === 0 || this.#draft.isFull() ? this.#close() : undefined
  }
  release({ parcels, parked }: Packed): void {
    this.#parkedAway -= parked.length
    const held = retriedLanes(parcels)
    for (const queue of parked.toReversed()) if (!isHeld(queue, held)) this.#released.push(queue)
  }
  drain(): readonly Progress[] {
    const queues = [...this.#draft.parked, ...this.#released, ...this.#queues.slice(this.#nextQueue)]
    const loads = [...this.#draft.parcels, ...queues.flatMap(rest)]
    this.#released = []
    this.#nextQueue = this.#queues.length
    this.#draft = createDraft(this.#operation)
    return loads.flatMap(({ of }) => of)
  }

  #head(): Queue | undefined {
    return this.#released.at(-1) ?? this.#queues[this.#nextQueue]
  }
  #dropHead(): void {
    if (this.#released.length > 0) this.#released.pop()
    else this.#nextQueue++
  }
  /** Puts the queue's values into the draft until one is refused by it. */
  #fill(queue: Queue): 'emptied' | 'full' | 'clash' {
    for (; queue.next < queue.entries.length; queue.next++) {
      const entry = queue.entries[queue.next]
      const parcel = this.#encoded.get(queue) ?? (entry && encode(this.#operation, toLoad(entry)))
      if (!parcel) continue
      const { maxItemBytes } = this.#draft
      if (parcel.bytes > maxItemBytes) {
        this.#refuse(parcel, maxItemBytes)
        continue
      }
      const fit = this.#draft.add(parcel)
      if (fit !== 'added') {
        this.#encoded.set(queue, parcel)
        return fit
      }
      this.#encoded.delete(queue)
    }
    return 'emptied'
  }
  #close(): Packed | undefined {
    if (this.#draft.parcels.length === 0) return undefined
    const { parcels, parked } = this.#draft
    this.#parkedAway += parked.length
    this.#draft = createDraft(this.#operation)
    return { parcels, parked }
  }
}

/** The lanes with an item that came back `retry`. */
export function retriedLanes(parcels: readonly Parcel[]): ReadonlySet<string> {
  const lanes = new Set<string>()
  for (const { of } of parcels)
    for (const { item, outcome } of of) if (outcome?.status === 'retry') lanes.add(item.lane)
  return lanes
}
const rest = (queue: Queue): readonly Load[] => queue.entries.slice(queue.next).map(toLoad)
const isHeld = (queue: Queue, held: ReadonlySet<string>): boolean =>
  held.size > 0 && rest(queue).some(({ of }) => of.some(({ item }) => held.has(item.lane)))

/** A load as it goes into a request. */
export function encode(operation: Operation<unknown>, { value, of }: Load): Parcel {
  const json = operation.encode ? operation.encode(value) : JSON.stringify(value)
  return { value, json, bytes: Buffer.byteLength(json), of }
}

/** A request that is being filled. */
interface Draft {
  readonly parcels: Parcel[]
  readonly parked: Queue[]
  readonly maxItemBytes: number
  /** `clash`: the vendor would mix it up with a value that is inside. */
  add(parcel: Parcel): 'added' | 'full' | 'clash'
  isFull(): boolean
}
function createDraft(operation: Operation<unknown>): Draft {
  const room = operation.maxBytes - operation.frameBytes
  const parcels: Parcel[] = []
  const inside = new Set<string>()
  let bytes = 0
  let weight = 0
  return {
    parcels,
    parked: [],
    maxItemBytes: Math.min(room, operation.maxItemBytes ?? room),
    isFull: () => weight >= operation.maxItems,
    add(parcel) {
      const weighs = operation.weigh?.(parcel.value) ?? 1
      const isFull = weight + weighs > operation.maxItems || bytes + parcel.bytes > room
      if (parcels.length > 0 && isFull) return 'full'
      const apart = operation.apartOf?.(parcel.value)
      if (apart !== undefined) {
        if (inside.has(apart)) return 'clash'
        inside.add(apart)
      }
      parcels.push(parcel)
      bytes += parcel.bytes + 1 // the comma between two values
      weight += weighs
      return 'added'
    },
  }
}
