import type { Codec } from './codec.ts'
import type { Key } from './key.ts'
import type { NodeState } from './user.ts'

/** The n-th event in its own trailing window. */
export interface TimesRule {
  readonly slot: number
  readonly count: number
  readonly withinMs: number
}

/** Counts an event into its window and gives the number it is there, at most `count` + 1. Keeps the latest `count` times. */
export function countTime(state: NodeState, { slot, count, withinMs }: TimesRule, atMs: number): number {
  const times = state.slots[slot] as number[] | undefined
  if (times === undefined) {
    // A list that starts with its first element is as long as that; an empty one grows to 17 places at once.
    state.slots[slot] = [atMs]
    return 1
  }
  const outMs = atMs - withinMs
  let old = 0
  while (old < times.length && (times[old] as number) <= outMs) old++
  const number = times.length - old + 1
  if (number > count) old = 1
  if (old > 0) {
    times.copyWithin(0, old)
    times.length -= old
  }
  times.push(atMs)
  return number
}

/** Beyond this many rows there is a map by value. */
const mostRows = 64

/** Per value the latest times; values without a time in the window are dropped once per window. */
interface ByKey {
  readonly times: Map<Key, number[]>
  sweptMs: number
}
/** Pairs (time, key) in order of time, while they are few. */
type Rows = (number | string)[]

/** As `countTime`, per value of `by`. */
export function countKeyed(state: NodeState, rule: TimesRule, key: Key, atMs: number): number {
  const found = state.slots[rule.slot] as Rows | ByKey | undefined
  if (found === undefined) {
    state.slots[rule.slot] = [atMs, key] satisfies Rows
    return 1
  }
  if (!Array.isArray(found)) return countInMap(found, rule, key, atMs)
  const outMs = atMs - rule.withinMs
  let old = 0
  while (old < found.length && (found[old] as number) <= outMs) old += 2
  if (old > 0) found.splice(0, old)
  let number = 1
  let oldest = -1
  for (let place = found.length - 1; place > 0; place -= 2) {
    if (found[place] !== key) continue
    number++
    oldest = place - 1
  }
  if (number > rule.count) found.splice(oldest, 2)
  if (found.length < 2 * mostRows) found.push(atMs, key)
  else {
    const large = toMap(found)
    state.slots[rule.slot] = large
    addTime(large, key, atMs)
  }
  return number
}

function toMap(rows: Rows): ByKey {
  const large: ByKey = { times: new Map(), sweptMs: (rows.at(-2) as number | undefined) ?? 0 }
  for (let place = 0; place < rows.length; place += 2)
    addTime(large, rows[place + 1] as Key, rows[place] as number)
  return large
}

function addTime({ times }: ByKey, key: Key, atMs: number): void {
  const own = times.get(key)
  if (own === undefined) times.set(key, [atMs])
  else own.push(atMs)
}

function countInMap(large: ByKey, { count, withinMs }: TimesRule, key: Key, atMs: number): number {
  const outMs = atMs - withinMs
  if (large.sweptMs <= outMs) {
    large.sweptMs = atMs
    for (const [each, times] of large.times) if ((times.at(-1) as number) <= outMs) large.times.delete(each)
  }
  const own = large.times.get(key)
  if (own === undefined) {
    large.times.set(key, [atMs])
    return 1
  }
  let old = 0
  while (old < own.length && (own[old] as number) <= outMs) old++
  const number = own.length - old + 1
  own.splice(0, number > count ? 1 : old)
  own.push(atMs)
  return number
}

/** Saved as rows in order of time and key, without those outside the window, however they are kept. */
export function keyedCodec(withinMs: number): Codec {
  return {
    save(state) {
      const found = state as Rows | ByKey
      const pairs: (readonly [number, Key])[] = []
      if (Array.isArray(found)) {
        for (let place = 0; place < found.length; place += 2)
          pairs.push([found[place] as number, found[place + 1] as Key])
      } else for (const [key, times] of found.times) for (const atMs of times) pairs.push([atMs, key])
      const latestMs = Math.max(...pairs.map(([atMs]) => atMs))
      return pairs
        .filter(([atMs]) => atMs > latestMs - withinMs)
        .toSorted(([ms, key], [otherMs, other]) => ms - otherMs || compareKeys(key, other))
        .flat()
    },
    load(saved) {
      const rows = (saved as Rows).slice()
      return rows.length <= 2 * mostRows ? rows : toMap(rows)
    },
  }
}

function compareKeys(left: Key, right: Key): number {
  if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1
  return left < right ? -1 : left > right ? 1 : 0
}
