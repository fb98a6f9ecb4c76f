import type { WithoutOccasion } from '../definition/occasion.ts'
import type { Happened, Host, TimedNode } from './builder.ts'
import type { Codec } from './codec.ts'
import type { Anchor, MatcherEvent } from './event.ts'
import type { Key } from './key.ts'
import { enqueue } from './queue.ts'
import type { MatcherUser, NodeState } from './user.ts'

/**
 * The running waits of one `without`, as rows of three: when it is due, the value of `by` (`null` without), the anchor.
 * All waits of a node are equally long, so those that start later are due later: the rows are in order. The list is there
 * as long as the node stands in the queue, also when all its waits were cancelled.
 */
type Rows = (number | Key | null | Anchor)[]
const width = 3
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
  const node: TimedNode = host.addNode('wait', {
    due(state, user, atMs, out) {
      const rows = state.slots[slot] as Rows | undefined
      if (rows === undefined) return
      let end = 0
      while (end < rows.length && (rows[end] as number) <= atMs) end += width
      const ended = end === 0 ? [] : rows.splice(0, end)
      if (rows.length === 0) state.slots[slot] = undefined
      else enqueue(state.queue, rows[0] as number, node.number)
      for (let row = 0; row < ended.length; row += width) {
        const dueMs = ended[row] as number
        note?.(user, atMs, ended[row + 1] as Key | null, 'wait-ended', dueMs)
        happened(state, user, dueMs, ended[row + 2] as Anchor, dueMs, out)
      }
    },
    queuedMs: (state) => (state.slots[slot] as Rows | undefined)?.[0] as number | undefined,
  })
  return {
    start(state, user, atMs, anchor, key) {
      const dueMs = atMs + waitMs
      const rows = state.slots[slot] as Rows | undefined
      if (rows === undefined || rows.length === 0) {
        state.slots[slot] = [dueMs, key, anchor] satisfies Rows
        if (rows === undefined) enqueue(state.queue, dueMs, node.number)
        note?.(user, atMs, key, 'wait-started', dueMs)
        return
      }
      const row = mode === 'every' ? -1 : rowOf(rows, key)
      if (row >= 0 && mode === 'first') {
        note?.(user, atMs, key, 'wait-ignored', rows[row] as number)
        return
      }
      note?.(user, atMs, key, row < 0 ? 'wait-started' : 'wait-restarted', dueMs)
      if (row >= 0 && row === rows.length - width) {
        rows[row] = dueMs
        rows[row + 2] = anchor
        return
      }
      if (row >= 0) rows.splice(row, width)
      if (rows.length <= fewRows * width) state.slots[slot] = rows.concat([dueMs, key, anchor])
      else rows.push(dueMs, key, anchor)
    },
    cancel(state, user, event, key, suits) {
      const rows = state.slots[slot] as Rows | undefined
      if (rows === undefined || rows.length === 0) return
      let kept = 0
      for (let row = 0; row < rows.length; row += width) {
        if (rows[row + 1] === key && (suits === undefined || suits((rows[row + 2] as Anchor).values))) {
          note?.(user, event.atMs, key, 'wait-cancelled', rows[row] as number, event.messageId)
          continue
        }
        if (kept !== row) rows.copyWithin(kept, row, row + width)
        kept += width
      }
      if (kept < rows.length) rows.length = kept
    },
  }
}

function rowOf(rows: Rows, key: Key | null): number {
  for (let row = rows.length - width; row >= 0; row -= width) if (rows[row + 1] === key) return row
  return -1
}

const waitCodec: Codec = {
  save(state) {
    const rows = state as Rows
    if (rows.length === 0) return undefined
    const saved: unknown[] = []
    for (let row = 0; row < rows.length; row += width) {
      const { sequence, key, values } = rows[row + 2] as Anchor
      saved.push(rows[row], rows[row + 1], sequence, key, values)
    }
    return saved
  },
  load(saved) {
    const fields = saved as readonly unknown[]
    const rows: Rows = []
    for (let field = 0; field < fields.length; field += 5) {
      const [dueMs, key, sequence, anchorKey, values] = fields.slice(field, field + 5) as [
        number,
        Key | null,
        number,
        string,
        readonly unknown[],
      ]
      rows.push(dueMs, key, { sequence, key: anchorKey, values })
    }
    return rows
  },
}
