import { clearSlot, readSlot, writeSlot } from './keyed.ts'
import type { Anchor, Emit } from './event.ts'
import type { Happened } from './occasion.ts'
import { dequeue, enqueue } from './queue.ts'
import type { Key, MatcherUser, Wait } from './user.ts'

/** A `without` of a program: where its waits are kept, and what happens when one ends. */
export interface WaitNode {
  readonly slot: number
  readonly happened: Happened
}
export interface WaitStart {
  readonly node: number
  readonly slot: number
  readonly key: Key | null
  readonly anchor: Anchor
}

/** The base fired: starts a wait, or starts it anew, or leaves the running one. */
export function startWait(
  user: MatcherUser,
  { node, slot, key, anchor }: WaitStart,
  dueMs: number,
  mode: 'last' | 'every' | 'first',
): void {
  const waits = readSlot(user, slot, key) as Wait[] | undefined
  const [running] = waits ?? []
  if (running !== undefined && mode !== 'every') {
    if (mode === 'first' && running.dueMs !== Number.POSITIVE_INFINITY) return
    // Its place in the queue stays, and is put right when it is reached: starting anew costs nothing.
    running.anchor = anchor
    running.dueMs = dueMs
    return
  }
  const wait: Wait = { node, key, anchor, dueMs, queuedMs: dueMs, queuedSequence: anchor.sequence }
  if (waits === undefined) writeSlot(user, slot, key, [wait])
  else waits.push(wait)
  enqueue(user.queue, wait)
}

/** Ends the waits that the event cancels. They leave the queue when they are reached. */
export function cancelWaits(
  user: MatcherUser,
  slot: number,
  key: Key | null,
  cancels: (anchorValues: readonly unknown[]) => boolean,
): void {
  const waits = readSlot(user, slot, key) as Wait[] | undefined
  if (waits === undefined) return
  for (const wait of waits) {
    if (wait.dueMs !== Number.POSITIVE_INFINITY && cancels(wait.anchor.values)) {
      wait.dueMs = Number.POSITIVE_INFINITY
    }
  }
}

/** Ends all waits that are due before `untilMs`, in order. */
export function endWaits(user: MatcherUser, nodes: readonly WaitNode[], untilMs: number, emit: Emit): void {
  for (;;) {
    const wait = user.queue[0]
    if (wait === undefined || wait.queuedMs >= untilMs) return
    dequeue(user.queue)
    const cancelled = wait.dueMs === Number.POSITIVE_INFINITY
    const isPutOff = wait.dueMs > wait.queuedMs || wait.anchor.sequence !== wait.queuedSequence
    if (!cancelled && isPutOff) {
      enqueue(user.queue, wait)
      continue
    }
    const { slot, happened } = nodes[wait.node] as WaitNode
    forget(user, slot, wait)
    if (!cancelled) happened(user, wait.dueMs, wait.anchor, true, emit)
  }
}

function forget(user: MatcherUser, slot: number, wait: Wait): void {
  const waits = readSlot(user, slot, wait.key) as Wait[] | undefined
  if (waits === undefined) return
  if (waits.length === 1) clearSlot(user, slot, wait.key)
  else waits.splice(waits.indexOf(wait), 1)
}
