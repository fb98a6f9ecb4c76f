import type { Limit } from '@tripline/model'

/** One write of an item, as a packer sees it. */
export interface PlannedWrite {
  /** Endpoint by its name in `Report.calls`. */
  readonly endpoint: string
  /** Writes of different groups never share a request. @default '' */
  readonly group?: string
  /** Bytes of it inside a request body. */
  readonly bytes: number
  /** What it counts against the number of items. @default 1 */
  readonly weight?: number
  /** Writes of one wave with the same key are one. */
  readonly foldKey?: string
}
export interface PlannedItem {
  readonly lane: string
  /** In their order: an item may be several writes. */
  readonly writes: readonly PlannedWrite[]
}
/** What a request of one endpoint may hold. */
export interface RequestRoom {
  readonly maxItems: number
  readonly maxBytes: number
  /** Bytes of a body around its writes. */
  readonly frameBytes: number
}

/**
 * The fewest requests for writing these items, by endpoint: the greedy, in-order packing of what may leave together.
 *
 * Written from the contract, not from the connectors' packer: order inside a lane is kept, so of each lane the items at
 * its head leave together as long as they go to the same endpoint and group; an item with further writes is the last of
 * its lane to join; the rest waits for the next wave. In a wave equal writes fold into one. A request is closed when the
 * next write does not fit in number or bytes.
 * @example leastCalls(items, () => ({ maxItems: 75, maxBytes: 4_000_000, frameBytes: 44 })).get('POST /users/track')
 */
export function leastCalls(
  items: readonly PlannedItem[],
  roomOf: (endpoint: string) => RequestRoom,
): ReadonlyMap<string, number> {
  const lanes = new Map<string, { readonly item: PlannedItem; done: number }[]>()
  for (const item of items) {
    const lane = lanes.get(item.lane) ?? []
    if (item.writes.length > 0) lane.push({ item, done: 0 })
    lanes.set(item.lane, lane)
  }
  const calls = new Map<string, number>()
  for (;;) {
    const wave = new Map<string, PlannedWrite[]>()
    for (const lane of lanes.values()) {
      let place: string | undefined
      while (lane[0]) {
        const head = lane[0]
        const write = head.item.writes[head.done]
        if (!write) break
        const here = `${write.endpoint}\n${write.group ?? ''}`
        place ??= here
        if (here !== place) break
        wave.set(here, [...(wave.get(here) ?? []), write])
        head.done++
        if (head.done < head.item.writes.length) break
        lane.shift()
      }
    }
    if (wave.size === 0) return calls
    for (const writes of wave.values()) {
      const endpoint = writes[0]?.endpoint ?? ''
      calls.set(endpoint, (calls.get(endpoint) ?? 0) + packed(foldEqual(writes), roomOf(endpoint)))
    }
  }
}

/** The last of equal writes counts, at the place of the first. */
function foldEqual(writes: readonly PlannedWrite[]): readonly PlannedWrite[] {
  const places = new Map<string, number>()
  const folded: PlannedWrite[] = []
  for (const write of writes) {
    const place = write.foldKey === undefined ? undefined : places.get(write.foldKey)
    if (place === undefined) {
      if (write.foldKey !== undefined) places.set(write.foldKey, folded.length)
      folded.push(write)
    } else folded[place] = write
  }
  return folded
}

function packed(writes: readonly PlannedWrite[], { maxItems, maxBytes, frameBytes }: RequestRoom): number {
  let requests = 0
  let [items, bytes] = [Infinity, Infinity]
  for (const write of writes) {
    const weight = write.weight ?? 1
    const comma = items === 0 ? 0 : 1
    if (items + weight > maxItems || bytes + comma + write.bytes > maxBytes) {
      requests++
      items = 0
      bytes = frameBytes
    }
    bytes += write.bytes + (items === 0 ? 0 : 1)
    items += weight
  }
  return requests
}

/** Room of a request by the limits table. @param frameBytes bytes of a body around its writes @default 0 */
export function roomOf(limits: readonly Limit[], endpoint: string, frameBytes = 0): RequestRoom {
  const least = (of: 'items' | 'bytes'): number =>
    Math.min(
      Infinity,
      ...limits.flatMap((limit) =>
        limit.kind === 'size' &&
        limit.of === of &&
        (limit.endpoints.includes(endpoint) || limit.endpoints.includes('*'))
          ? [limit.max]
          : [],
      ),
    )
  return { maxItems: least('items'), maxBytes: least('bytes'), frameBytes }
}
