import type { Codec } from './codec.ts'
import type { Key } from './key.ts'
import { dropOld, removeRows, saveRows, usedIn, withRoom, type Rows } from './rows.ts'
import { readSlot, writeSlot, type NodeState } from './user.ts'

/**
 * Unused events of a sequence in its window, as rows of three: the time, as bits which steps but the last the event
 * matches, the value of `by`.
 */
const width = 3
/** In place of a value of `by` where there is none: no key is a fraction. */
const noKey = 0.5

export interface ChainRule {
  readonly slot: number
  /** Number of steps, 2 to 31. */
  readonly length: number
  readonly withinMs: number
  /** Greatest distance of each step from the one before; `Infinity` where there is no limit. */
  readonly gapsMs: readonly number[]
  readonly reuse: boolean
}

/**
 * Reads an event that matches the steps given as bits, and says whether it completes a chain. Of several chains the one
 * latest read from the end is used up.
 */
export function completes(
  state: NodeState,
  rule: ChainRule,
  key: Key | null,
  atMs: number,
  steps: number,
): boolean {
  const lastBit = 1 << (rule.length - 1)
  const earlier = steps & (lastBit - 1)
  const own = key ?? noKey
  const kept = readSlot(state, rule.slot) as Rows<Key> | undefined
  let rows = kept === undefined ? undefined : dropOld(kept, atMs - rule.withinMs - 1, width)
  const found = (steps & lastBit) !== 0 && rows !== undefined ? findChain(rows, rule, own, atMs) : undefined
  if (found !== undefined && !rule.reuse && rows !== undefined) {
    // From the latest to the earliest, so that places stay right.
    for (const row of found) removeRows(rows, row, row + width, width)
  } else if (earlier !== 0) rows = addRow(rows, atMs, earlier, own)
  if (rows !== kept) writeSlot(state, rule.slot, rows)
  return found !== undefined
}

function addRow(rows: Rows<Key> | undefined, atMs: number, steps: number, key: Key): Rows<Key> {
  // Written apart, so that lists of numbers are known as such from the start.
  if (rows === undefined) return typeof key === 'number' ? [atMs, steps, key] : [atMs, steps, key]
  const used = usedIn(rows, width)
  const roomy = withRoom(rows, used, width)
  roomy[used] = atMs
  roomy[used + 1] = steps
  roomy[used + 2] = key
  return roomy
}

export const chainCodec: Codec = {
  save(state) {
    const rows = saveRows(state as Rows<Key>, width)
    return rows.length === 0 ? undefined : rows
  },
  load: (saved) => (saved as Rows<Key>).slice(),
}

/** Places of the chain's events from the last step but one back to the first. */
function findChain(rows: Rows<Key>, rule: ChainRule, key: Key, endMs: number): number[] | undefined {
  // A place that leads to no chain for a step leads to none however it was reached.
  const barren = new Set<number>()
  const search = (step: number, before: number, nextMs: number): number[] | undefined => {
    if (step < 0) return []
    const gapMs = rule.gapsMs[step + 1] ?? Number.POSITIVE_INFINITY
    for (let row = before - width; row >= 0; row -= width) {
      const atMs = rows[row] as number
      if (nextMs - atMs > gapMs || endMs - atMs > rule.withinMs) return undefined
      if (rows[row + 2] !== key || ((rows[row + 1] as number) & (1 << step)) === 0) continue
      if (barren.has(row * 32 + step)) continue
      const rest = search(step - 1, row, atMs)
      if (rest !== undefined) return [row, ...rest]
      barren.add(row * 32 + step)
    }
    return undefined
  }
  return search(rule.length - 2, usedIn(rows, width), endMs)
}
