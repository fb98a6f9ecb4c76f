import type { Codec } from './codec.ts'
import type { Key } from './key.ts'
import { dropOld, removeRows, saveRows, usedIn, withRoom, type Rows } from './rows.ts'
import type { NodeState } from './user.ts'

/** The n-th event in its own trailing window. */
export interface TimesRule {
  readonly slot: number
  readonly count: number
  readonly withinMs: number
}

/** Counts an event into its window and gives the number it is there, at most `count` + 1. Keeps the latest `count` times. */
export function countTime(state: NodeState, { slot, count, withinMs }: TimesRule, atMs: number): number {
  const found = state.slots[slot] as Rows<number> | undefined
  if (found === undefined) {
    state.slots[slot] = [atMs]
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
  if (rows !== found) state.slots[slot] = rows
  return number
}

/** How many of the rows are in the window: a long list may begin with some that are not. */
function countIn(rows: Rows<number>, used: number, outMs: number): number {
  let old = 0
  while (old < used && (rows[old] as number) <= outMs) old++
  return used - old
}

/** Beyond this many rows there is a map by value. */
const mostRows = 64

/** Per value the latest times; values without a time in the window are dropped once per window. */
interface ByKey {
  readonly times: Map<Key, number[]>
  sweptMs: number
}
/** As rows of time and key, while they are few. */
type Pairs = Rows<Key>

/** As `countTime`, per value of `by`. */
export function countKeyed(state: NodeState, rule: TimesRule, key: Key, atMs: number): number {
  const found = state.slots[rule.slot] as Pairs | ByKey | undefined
  if (found === undefined) {
    state.slots[rule.slot] = firstPair(atMs, key)
    return 1
  }
  if (!Array.isArray(found)) return countInMap(found, rule, key, atMs)
  let rows = dropOld(found, atMs - rule.withinMs, 2)
  let used = usedIn(rows, 2)
  let number = 1
  let oldest = -1
  for (let place = used - 1; place > 0; place -= 2) {
    if (rows[place] !== key || (rows[place - 1] as number) <= atMs - rule.withinMs) continue
    number++
    oldest = place - 1
  }
  if (number > rule.count) {
    removeRows(rows, oldest, oldest + 2, 2)
    used -= 2
  }
  if (used >= 2 * mostRows) {
    const large = toMap(rows, used)
    addTime(large, key, atMs)
    state.slots[rule.slot] = large
    return number
  }
  rows = withRoom(rows, used, 2)
  rows[used] = atMs
  rows[used + 1] = key
  if (rows !== found) state.slots[rule.slot] = rows
  return number
}

/** Written apart, so that lists of numbers are known as such from the start. */
export function firstPair(atMs: number, key: Key): Pairs {
  return typeof key === 'number' ? [atMs, key] : [atMs, key]
}

function toMap(rows: Pairs, used: number): ByKey {
  const large: ByKey = { times: new Map(), sweptMs: rows[used - 2] as number }
  for (let place = 0; place < used; place += 2) addTime(large, rows[place + 1] as Key, rows[place] as number)
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
  if (number > count) old++
  if (old > 0) own.splice(0, old)
  own.push(atMs)
  return number
}

export const timesCodec: Codec = {
  save: (state) => saveRows(state as Rows<number>, 1),
  load: (saved) => (saved as Rows<number>).slice(),
}

/** Saved as rows in order of time and key, without those outside the window, however they are kept. */
export function keyedCodec(withinMs: number): Codec {
  return {
    save(state) {
      const found = state as Pairs | ByKey
      const pairs: (readonly [number, Key])[] = []
      if (Array.isArray(found)) {
        const rows = saveRows(found, 2)
        for (let place = 0; place < rows.length; place += 2)
          pairs.push([rows[place] as number, rows[place + 1] as Key])
      } else for (const [key, times] of found.times) for (const atMs of times) pairs.push([atMs, key])
      const latestMs = pairs.reduce((latest, [atMs]) => Math.max(latest, atMs), 0)
      return pairs
        .filter(([atMs]) => atMs > latestMs - withinMs)
        .toSorted(([ms, key], [otherMs, other]) => ms - otherMs || compareKeys(key, other))
        .flat()
    },
    load(saved) {
      const rows = (saved as Pairs).slice()
      return rows.length <= 2 * mostRows ? rows : toMap(rows, rows.length)
    },
  }
}

function compareKeys(left: Key, right: Key): number {
  if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1
  return left < right ? -1 : left > right ? 1 : 0
}
