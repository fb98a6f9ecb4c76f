import { readSlot, writeSlot } from './keyed.ts'
import type { Key, MatcherUser } from './user.ts'

/**
 * Counts an event into its trailing window and says whether it is exactly the `count`-th there. Keeps the times of the
 * latest `count` events: enough to tell the n-th from a later one.
 */
export function isNth(
  user: MatcherUser,
  slot: number,
  key: Key | null,
  atMs: number,
  count: number,
  withinMs: number,
): boolean {
  const times = readSlot(user, slot, key) as number[] | undefined
  if (times === undefined) {
    // A list that starts with its first element is as long as that; an empty one grows to 17 places at once.
    writeSlot(user, slot, key, [atMs], { atMs, windowMs: withinMs, latestMs })
    return count === 1
  }
  dropUntil(times, atMs - withinMs)
  const isIt = times.length + 1 === count
  if (times.length === count) times.shift()
  times.push(atMs)
  return isIt
}

/** Drops the times at or before `untilMs` from an ascending list. */
export function dropUntil(times: number[], untilMs: number): void {
  let old = 0
  while (old < times.length && (times[old] as number) <= untilMs) old++
  if (old === 0) return
  times.copyWithin(0, old)
  times.length -= old
}

function latestMs(times: readonly number[]): number {
  return times.at(-1) ?? Number.NEGATIVE_INFINITY
}
