import type { Key } from './key.ts'
import type { NodeState } from './user.ts'

/**
 * Unused events of a sequence in its window, as rows of three: the time, as bits which steps but the last the event
 * matches, the value of `by` (`null` without). In order of time.
 */
type Rows = (number | string | null)[]
const width = 3

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
  const rows = state.slots[rule.slot] as Rows | undefined
  if (rows !== undefined) dropBefore(rows, atMs - rule.withinMs)
  const found = (steps & lastBit) !== 0 && rows !== undefined ? findChain(rows, rule, key, atMs) : undefined
  if (found !== undefined && !rule.reuse && rows !== undefined) {
    // From the latest to the earliest, so that places stay right.
    for (const row of found) rows.splice(row, width)
    return true
  }
  if (earlier !== 0) {
    if (rows === undefined || rows.length === 0) state.slots[rule.slot] = [atMs, earlier, key] satisfies Rows
    else rows.push(atMs, earlier, key)
  }
  return found !== undefined
}

const fewRows = 32

/** Drops what is out of the window: of a short list at once, of a long one when it is half of it. */
function dropBefore(rows: Rows, fromMs: number): void {
  if (rows.length === 0 || (rows[0] as number) >= fromMs) return
  const middle = Math.floor(rows.length / width / 2) * width
  if (rows.length > fewRows * width && (rows[middle] as number) >= fromMs) return
  let old = width
  while (old < rows.length && (rows[old] as number) < fromMs) old += width
  rows.splice(0, old)
}

/** Places of the chain's events from the last step but one back to the first. */
function findChain(rows: Rows, rule: ChainRule, key: Key | null, endMs: number): number[] | undefined {
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
  return search(rule.length - 2, rows.length, endMs)
}
