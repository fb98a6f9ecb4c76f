import type { Key, MatcherUser } from './user.ts'

/** State of one node per correlating value. */
export interface Keyed<State> extends Map<Key, State> {
  /** When states that say nothing any more were last looked for. */
  sweptMs?: number
}

/** The state at a slot, for the value if the node correlates; `undefined` when there is none. */
export function readSlot(user: MatcherUser, slot: number, key: Key | null): unknown {
  const state = user.slots.get(slot)
  return key === null ? state : (state as Keyed<unknown> | undefined)?.get(key)
}

/** When a state that nothing is added to says nothing any more. */
export interface Lifetime<State> {
  readonly atMs: number
  readonly windowMs: number
  readonly latestMs: (state: State) => number
}

/**
 * Puts the first state at a slot. Once per window all values are looked through and those without an event in it are
 * dropped: at most two windows are kept, and each state is looked at about twice. Without `lifetime` none is dropped.
 */
export function writeSlot<State>(
  user: MatcherUser,
  slot: number,
  key: Key | null,
  state: State,
  lifetime?: Lifetime<State>,
): void {
  if (key === null) {
    user.slots.set(slot, state)
    return
  }
  let keyed = user.slots.get(slot) as Keyed<State> | undefined
  if (keyed === undefined) {
    keyed = new Map()
    user.slots.set(slot, keyed)
    if (lifetime !== undefined) keyed.sweptMs = lifetime.atMs
  }
  keyed.set(key, state)
  if (lifetime === undefined || keyed.sweptMs === undefined) return
  const { atMs, windowMs, latestMs } = lifetime
  if (atMs - keyed.sweptMs <= windowMs) return
  keyed.sweptMs = atMs
  for (const [each, value] of keyed) if (atMs - latestMs(value) > windowMs) keyed.delete(each)
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
