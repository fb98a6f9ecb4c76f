import type { Item } from '@tripline/model'

/**
 * Gives the items of one anonymous person and of the known person they are linked to one lane, so that their order is
 * kept: events before the link must reach the vendor before it, those after it after. Batches of a vendor follow each
 * other, so a link holds within its batch and nothing has to be remembered between batches.
 */
export function joinLanes(items: readonly Item[]): readonly Item[] {
  const knownAs = new Map<string, string>()
  for (const item of items) {
    if (item.kind !== 'link') continue
    const other = item.other.anonymousId ?? item.other.userId
    if (other !== undefined && other !== item.lane) knownAs.set(other, item.lane)
  }
  if (knownAs.size === 0) return items
  return items.map((item) => {
    const lane = last(knownAs, item.lane)
    return lane === item.lane ? item : { ...item, lane }
  })
}

/** Follows links of links; a circle ends where it began. */
function last(knownAs: ReadonlyMap<string, string>, lane: string): string {
  const seen = new Set([lane])
  for (let at = lane; ;) {
    const next = knownAs.get(at)
    if (next === undefined || seen.has(next)) return at
    seen.add(next)
    at = next
  }
}

/** Every id whose order an item touches: its lane, and both ends of a link. */
export function idsOf(item: Item): readonly string[] {
  const ids = item.kind === 'link' ? [item.known, item.other] : 'who' in item ? [item.who] : []
  return [item.lane, ...ids.flatMap(({ userId, anonymousId }) => [userId, anonymousId])].filter(
    (id) => id !== undefined,
  )
}
