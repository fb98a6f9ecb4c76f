import type { Operation } from './operation.ts'
import type { Progress } from './progress.ts'
import type { WavePart } from './waves.ts'

/** One value to send and the items that it stands for (more than one after folding). */
export interface Parcel {
  readonly value: unknown
  readonly json: string
  readonly bytes: number
  readonly of: readonly Progress[]
}
export interface Packed {
  readonly requests: readonly (readonly Parcel[])[]
  /** Larger than one request may be. */
  readonly oversize: readonly Parcel[]
}

/** Folds, encodes and packs greedily in order: a request is closed when the next value does not fit in count or bytes. */
export function pack({ operation, members }: WavePart): Packed {
  const requests: Parcel[][] = []
  const oversize: Parcel[] = []
  const room = operation.maxBytes - operation.frameBytes
  const maxItemBytes = Math.min(room, operation.maxItemBytes ?? room)
  let current: Parcel[] = []
  let bytes = 0
  let weight = 0
  const inside = new Set<string>()
  for (const { value, of } of foldValues(operation, members)) {
    const json = operation.encode ? operation.encode(value) : JSON.stringify(value)
    const parcel: Parcel = { value, json, bytes: byteLength(json), of }
    if (parcel.bytes > maxItemBytes) {
      oversize.push(parcel)
      continue
    }
    const weighs = operation.weigh?.(value) ?? 1
    const added = parcel.bytes + 1 // the comma between two values
    const apart = operation.apartOf?.(value)
    const clash = apart !== undefined && inside.has(apart)
    if (current.length > 0 && (clash || weight + weighs > operation.maxItems || bytes + parcel.bytes > room)) {
      requests.push(current)
      current = []
      bytes = 0
      weight = 0
      inside.clear()
    }
    current.push(parcel)
    if (apart !== undefined) inside.add(apart)
    bytes += added
    weight += weighs
  }
  if (current.length > 0) requests.push(current)
  return { requests, oversize }
}

interface Folded {
  value: unknown
  of: Progress[]
}
function foldValues(operation: Operation<unknown>, members: readonly Progress[]): readonly Folded[] {
  const folded: Folded[] = []
  const byKey = new Map<string, Folded>()
  for (const progress of members) {
    const value = progress.writes[progress.next]?.value
    const key = operation.foldOf?.(value)
    const earlier = key === undefined ? undefined : byKey.get(key)
    if (earlier && operation.fold) {
      earlier.value = operation.fold(earlier.value, value)
      earlier.of.push(progress)
      continue
    }
    const entry: Folded = { value, of: [progress] }
    if (key !== undefined) byKey.set(key, entry)
    folded.push(entry)
  }
  return folded
}

/** UTF-8 bytes; for text without surprises this is its length, which V8 answers without a scan of our own. */
export const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8')
