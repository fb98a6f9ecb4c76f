import type { WithoutOccasion } from '../definition/occasion.ts'
import type { Happened, Host, TimedNode } from './builder.ts'
import type { Codec } from './codec.ts'
import type { Anchor, MatcherEvent } from './event.ts'
import type { Key } from './key.ts'
import { enqueue } from './queue.ts'
import { readSlot, writeSlot, type MatcherUser, type NodeState } from './user.ts'

/**
 * The running waits of one `without`, as rows of five: when it is due, the value of `by` (`null` without), and sequence,
 * key and values of the anchor. All waits of a node are equally long, so those that start later are due later: the rows
 * are in order. The list is there as long as the node stands in the queue, also when all its waits were cancelled.
 */
type Rows = (number | Key | null | Anchor['values'])[]
const width = 5
/** Up to so many rows a list is made anew with every row, so that it has no empty places. */
const fewRows = 4

/** Told of what no fire shows. */
export type WaitNote = (
  user: MatcherUser,
  atMs: number,
  key: Key | null,
  what: 'wait-started' | 'wait-restarted' | 'wait-ignored' | 'wait-cancelled' | 'wait-ended',
  dueMs: number,
  by?: string,
) => void

export interface WaitNode {
  readonly start: (state: NodeState, user: MatcherUser, atMs: number, anchor: Anchor, key: Key | null) => void
  /** Ends those of the key whose anchor it suits. */
  readonly cancel: (
    state: NodeState,
    user: MatcherUser,
    event: MatcherEvent,
    key: Key | null,
    suits: ((anchor: readonly unknown[]) => boolean) | undefined,
  ) => void
}

export function makeWaits(
  host: Host,
  mode: WithoutOccasion['anchor'],
  waitMs: number,
  happened: Happened,
  note: WaitNote | undefined,
): WaitNode {
  const slot = host.newSlot(waitCodec)
  const rowsOf = (state: NodeState) => readSlot(state, slot) as Rows | undefined
  const node: TimedNode = host.addNode('wait', {
    due(state, user, atMs, out) {
      const rows = rowsOf(state)
      if (rows === undefined) return
      let end = 0
      while (end < rows.length && (rows[end] as number) <= atMs) end += width
      const ended = end === 0 ? [] : rows.splice(0, end)
      if (rows.length === 0) writeSlot(state, slot, undefined)
      else enqueue(state, rows[0] as number, node.number)
      for (let row = 0; row < ended.length; row += width) {
        const dueMs = ended[row] as number
        note?.(user, atMs, ended[row + 1] as Key | null, 'wait-ended', dueMs)
        happened(state, user, dueMs, anchorAt(ended, row), dueMs, out)
      }
    },
    slot,
  })
  return {
    start(state, user, atMs, anchor, key) {
      const dueMs = atMs + waitMs
      const rows = rowsOf(state)
      const row = rows === undefined || mode === 'every' ? -1 : rowOf(rows, key)
      if (rows !== undefined && row >= 0 && mode === 'first') {
        note?.(user, atMs, key, 'wait-ignored', rows[row] as number)
        return
      }
      note?.(user, atMs, key, row < 0 ? 'wait-started' : 'wait-restarted', dueMs)
      if (rows === undefined) enqueue(state, dueMs, node.number)
      const added = addWait(rows, row, dueMs, key, anchor)
      if (added !== rows) writeSlot(state, slot, added)
    },
    cancel(state, user, event, key, suits) {
      const rows = rowsOf(state)
      if (rows === undefined || rows.length === 0) return
      const tell =
        note && ((dueMs: number) => note(user, event.atMs, key, 'wait-cancelled', dueMs, event.messageId))
      removeWaits(rows, key, suits, tell)
    },
  }
}

/** The list with a wait more, or with the one at `row` in a new place, if that is not -1. */
function addWait(
  rows: Rows | undefined,
  row: number,
  dueMs: number,
  key: Key | null,
  { sequence, key: anchorKey, values }: Anchor,
): Rows {
  if (rows === undefined || rows.length === 0) return [dueMs, key, sequence, anchorKey, values]
  if (row >= 0 && row === rows.length - width) {
    rows[row] = dueMs
    rows[row + 2] = sequence
    rows[row + 3] = anchorKey
    rows[row + 4] = values
    return rows
  }
  if (row >= 0) rows.splice(row, width)
  if (rows.length <= fewRows * width) return [...rows, dueMs, key, sequence, anchorKey, values]
  rows.push(dueMs, key, sequence, anchorKey, values)
  return rows
}

/** Takes out the waits of the key that the event suits. */
function removeWaits(
  rows: Rows,
  key: Key | null,
  suits: ((anchor: readonly unknown[]) => boolean) | undefined,
  tell: ((dueMs: number) => void) | undefined,
): void {
  let kept = 0
  for (let row = 0; row < rows.length; row += width) {
    if (rows[row + 1] === key && (suits === undefined || suits(rows[row + 4] as Anchor['values']))) {
      tell?.(rows[row] as number)
      continue
    }
    if (kept !== row)
      for (let field = 0; field < width; field++) rows[kept + field] = rows[row + field] as Key
    kept += width
  }
  if (kept < rows.length) rows.length = kept
}

function rowOf(rows: Rows, key: Key | null): number {
  for (let row = rows.length - width; row >= 0; row -= width) if (rows[row + 1] === key) return row
  return -1
}

function anchorAt(rows: Rows, row: number): Anchor {
  return {
    sequence: rows[row + 2] as number,
    key: rows[row + 3] as string,
    values: rows[row + 4] as Anchor['values'],
  }
}

const waitCodec: Codec = {
  save(state) {
    const rows = state as Rows
    return rows.length === 0 ? undefined : rows.slice()
  },
  load: (saved) => (saved as Rows).slice(),
}
