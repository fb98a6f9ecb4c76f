import type { Key, MatcherUser } from './user.ts'

/** State of one node per correlating value. `stale` ones are swept when the number has doubled. */
interface Keyed<State> extends Map<Key, State> {
  sweepAt?: number
}
const firstSweep = 16

/** The state at a slot, for the value if the node correlates; `undefined` when there is none. */
export function readSlot(user: MatcherUser, slot: number, key: Key | null): unknown {
  const state = user.slots.get(slot)
  return key === null ? state : (state as Keyed<unknown> | undefined)?.get(key)
}

/** Puts the state at a slot. `isStale` tells whether a state says nothing any more. */
export function writeSlot<State>(
  user: MatcherUser,
  slot: number,
  key: Key | null,
  state: State,
  isStale: (state: State) => boolean,
): void {
  if (key === null) {
    user.slots.set(slot, state)
    return
  }
  let keyed = user.slots.get(slot) as Keyed<State> | undefined
  if (keyed === undefined) {
    keyed = new Map()
    user.slots.set(slot, keyed)
  }
  keyed.set(key, state)
  if (keyed.size < (keyed.sweepAt ?? firstSweep)) return
  for (const [each, value] of keyed) if (isStale(value)) keyed.delete(each)
  keyed.sweepAt = Math.max(firstSweep, 2 * keyed.size)
}

export function clearSlot(user: MatcherUser, slot: number, key: Key | null): void {
  if (key === null) {
    user.slots.delete(slot)
    return
  }
  const keyed = user.slots.get(slot) as Keyed<unknown> | undefined
  keyed?.delete(key)
  if (keyed?.size === 0) user.slots.delete(slot)
}
