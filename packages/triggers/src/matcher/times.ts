import type { Codec } from './codec.ts'
import { dropOld, removeRows, saveRows, usedIn, withRoom, type Rows } from './rows.ts'
import { readSlot, writeSlot, type NodeState } from './user.ts'

/** The n-th event in its own trailing window. */
export interface TimesRule {
  readonly slot: number
  readonly count: number
  readonly withinMs: number
}

/** Counts an event into its window and gives the number it is there, at most `count` + 1. Keeps the latest `count` times. */
export function countTime(state: NodeState, { slot, count, withinMs }: TimesRule, atMs: number): number {
  const found = readSlot(state, slot) as Rows<number> | undefined
  if (found === undefined) {
    writeSlot(state, slot, [atMs])
    return 1
  }
  let rows = dropOld(found, atMs - withinMs, 1)
  let used = usedIn(rows, 1)
  const number = countIn(rows, used, atMs - withinMs) + 1
  if (number > count) {
    removeRows(rows, 0, 1, 1)
    used--
  }
  rows = withRoom(rows, used, 1)
  rows[used] = atMs
  if (rows !== found) writeSlot(state, slot, rows)
  return number
}

/** How many of the rows are in the window: a long list may begin with some that are not. */
function countIn(rows: Rows<number>, used: number, outMs: number): number {
  let old = 0
  while (old < used && (rows[old] as number) <= outMs) old++
  return used - old
}

export const timesCodec: Codec = {
  save: (state) => saveRows(state as Rows<number>, 1),
  load: (saved) => (saved as Rows<number>).slice(),
}
