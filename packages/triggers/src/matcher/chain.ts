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
  /** Of many rows, how many match each step but the last: found again when it is absent, so it is not saved. */
  readonly countsSlot: number
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
  const firstMs = kept?.[0]
  let rows = kept === undefined ? undefined : dropOld(kept, atMs - rule.withinMs - 1, width)
  if (rows?.[0] !== firstMs) writeSlot(state, rule.countsSlot, undefined)
  const found = (steps & lastBit) === 0 ? undefined : findIn(state, rows, rule, own, atMs)
  if (found !== undefined && !rule.reuse && rows !== undefined) {
    // From the latest to the earliest, so that places stay right.
    for (const row of found) {
      countSteps(state, rule, rows[row + 1] as number, -1)
      removeRows(rows, row, row + width, width)
    }
  } else if (earlier !== 0) {
    countSteps(state, rule, earlier, 1)
    rows = addRow(rows, atMs, earlier, own)
  }
  if (rows !== kept) writeSlot(state, rule.slot, rows)
  return found !== undefined
}

const manyRows = 32

/** Looks for a chain, unless there are many rows and none is of some step. */
function findIn(
  state: NodeState,
  rows: Rows<Key> | undefined,
  rule: ChainRule,
  key: Key,
  atMs: number,
): number[] | undefined {
  if (rows === undefined) return undefined
  if (rows.length > manyRows * width && rule.length > 2) {
    if (readSlot(state, rule.countsSlot) === undefined) {
      writeSlot(
        state,
        rule.countsSlot,
        rule.gapsMs.slice(1).map(() => 0),
      )
      const used = usedIn(rows, width)
      for (let row = 0; row < used; row += width) countSteps(state, rule, rows[row + 1] as number, 1)
    }
    if ((readSlot(state, rule.countsSlot) as number[]).includes(0)) return undefined
  }
  return findChain(rows, rule, key, atMs)
}

/** Where it is counted. */
function countSteps(state: NodeState, { countsSlot }: ChainRule, steps: number, by: number): void {
  const counts = readSlot(state, countsSlot) as number[] | undefined
  if (counts === undefined) return
  for (const step of counts.keys()) if ((steps & (1 << step)) !== 0) counts[step] = (counts[step] ?? 0) + by
}

/** For what is found again. */
export const unsaved: Codec = { save: () => undefined, load: () => undefined }

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
