import { computeForProfile, runDueComputes } from '../audience/compute.ts'
import type { Context } from '../context.ts'
import { settleRegulations } from '../regulations.ts'
import type { Space, StoredMessage } from '../store-types.ts'
import { applyMessage } from './apply.ts'

/** Puts a message in line for a space: profiles show it `profileLagMs` later. */
export function enqueue({ store, account, clock }: Context, spaceId: string, message: StoredMessage): void {
  const space = store.spaces.get(spaceId)
  if (!space) return
  const dueAtMs = clock.now() + account.profileLagMs
  let position = space.pending.length
  // only after the lag was lowered is anything due later than the newest message
  while (position > space.nextPending && (space.pending[position - 1]?.dueAtMs ?? 0) > dueAtMs) position--
  if (position === space.pending.length) space.pending.push({ dueAtMs, message })
  else space.pending.splice(position, 0, { dueAtMs, message })
}

/** Brings regulations and all spaces up to now. Every read starts with it; nothing runs in the background. */
export function settleAll(state: Context): void {
  settleRegulations(state)
  for (const space of state.store.spaces.values()) settleSpace(state, space)
}

/** Applies what is due, messages and audience computations in the order of their times. */
export function settleSpace(state: Context, space: Space): void {
  const nowMs = state.clock.now()
  for (;;) {
    const head = space.pending[space.nextPending]
    const computeAtMs = space.nextComputeAtMs
    if (head && head.dueAtMs <= nowMs && head.dueAtMs <= computeAtMs) {
      space.nextPending++
      for (const profile of applyMessage(state, space, head.message, head.dueAtMs))
        computeForProfile(state, space, profile, head.dueAtMs)
    } else if (computeAtMs <= nowMs) runDueComputes(state, space, computeAtMs)
    else break
  }
  if (space.nextPending < space.pending.length / 2) return
  space.pending = space.pending.slice(space.nextPending)
  space.nextPending = 0
}
