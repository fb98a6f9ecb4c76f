import type { EventMatch } from '../definition/event-match.ts'
import type { Builder, Host } from './builder.ts'
import { canonical } from './canonical.ts'
import type { Codec } from './codec.ts'
import { toKey, type Key } from './key.ts'
import { compilePath } from './path.ts'
import { compilePredicate } from './predicate.ts'
import { dropOld, removeRows, saveRows, usedIn, withRoom, type Rows } from './rows.ts'
import { readSlot, writeSlot, type NodeState } from './user.ts'

/** What is asked of a log: all that lies in the trailing window, of each value the latest `count`. */
export interface Wanted {
  readonly withinMs: number
  readonly count: number
}

/** The latest times of the events of a match per value of a property. An event is in it from its own place on. */
export interface KeyedLog {
  /** The value of the event that is worked on, which fits the match; `undefined`: it has none, and is not in the log. */
  readonly addedKey: () => Key | undefined
  /** As `count` in a trailing window, of that value. */
  readonly countAdded: (state: NodeState, key: Key, atMs: number, withinMs: number) => number
  /** How many of the value came after `outMs`, as far as they are kept. */
  readonly count: (state: NodeState, key: Key, outMs: number) => number
  /** As `count`, of all values that are accepted. */
  readonly countWhere: (state: NodeState, accepts: (key: Key) => boolean, outMs: number) => number
  /** `undefined`: none is kept. */
  readonly latestMs: (state: NodeState, key: Key) => number | undefined
}

/** What is kept; it grows while definitions are compiled, with every node that shares the log. */
interface Kept {
  withinMs: number
  count: number
}

/** Beyond this many rows there is a map by value. */
const mostRows = 64

/** Per value its times; values without a time in the window are dropped once per window. */
interface ByKey {
  readonly times: Map<Key, number[]>
  sweptMs: number
}
/** Rows of time and key, while they are few. */
type Pairs = Rows<Key>
const width = 2

/**
 * One log per host, match and property, shared by all nodes that ask for it. State: per value in the longest window asked
 * for as many times as the greatest count asked for, 2 numbers each.
 */
export function keyedLog(
  match: EventMatch,
  by: string,
  { withinMs, count }: Wanted,
  host: Host,
  builder: Builder,
): KeyedLog {
  const name = canonical({ match, by })
  let shared = host.logs.get(name)
  if (shared === undefined) {
    shared = makeLog(match, by, host, builder)
    host.logs.set(name, shared)
  }
  const { kept } = shared
  kept.withinMs = Math.max(kept.withinMs, withinMs)
  kept.count = Math.max(kept.count, count)
  return shared
}

/** A log as its host keeps it. */
export interface SharedLog extends KeyedLog {
  readonly kept: Kept
}

function makeLog(match: EventMatch, by: string, host: Host, builder: Builder): SharedLog {
  const kept: Kept = { withinMs: 0, count: 0 }
  const slot = host.newSlot(codecOf(kept))
  const read = compilePath(by)
  const accepts =
    match.where === undefined
      ? undefined
      : compilePredicate(match, builder.types, () => {
          throw new RangeError('a shared log names no anchor')
        })
  // Before anything happens at the event, so that all who ask see it.
  let added = 0
  let addedKey: Key | undefined
  host.onEvent('cancel', match, (state, _, event) => {
    if (accepts !== undefined && !accepts(event, [])) return
    addedKey = toKey(read(event.properties))
    if (addedKey !== undefined) added = addTime(state, slot, kept, addedKey, event.atMs)
  })
  return {
    kept,
    addedKey: () => addedKey,
    countAdded: (state, key, atMs, withinMs) =>
      withinMs === kept.withinMs ? added : countOf(readSlot(state, slot), key, atMs - withinMs),
    count: (state, key, outMs) => countOf(readSlot(state, slot), key, outMs),
    countWhere(state, isCounted, outMs) {
      const found = readSlot(state, slot) as Pairs | ByKey | undefined
      const pairs = found === undefined ? [] : pairsOf(found)
      return pairs.filter(([atMs, key]) => atMs > outMs && isCounted(key)).length
    },
    latestMs(state, key) {
      const found = readSlot(state, slot) as Pairs | ByKey | undefined
      if (found === undefined) return undefined
      if (!Array.isArray(found)) return found.times.get(key)?.at(-1)
      for (let row = usedIn(found, width) - width; row >= 0; row -= width) {
        if (found[row + 1] === key) return found[row] as number
      }
      return undefined
    },
  }
}

function countOf(state: unknown, key: Key, outMs: number): number {
  const found = state as Pairs | ByKey | undefined
  if (found === undefined) return 0
  if (!Array.isArray(found)) return countTimes(found.times.get(key), outMs)
  let number = 0
  for (let row = usedIn(found, width) - width; row >= 0 && (found[row] as number) > outMs; row -= width) {
    if (found[row + 1] === key) number++
  }
  return number
}

function countTimes(times: readonly number[] | undefined, outMs: number): number {
  if (times === undefined) return 0
  let inside = 0
  while (inside < times.length && (times[times.length - 1 - inside] as number) > outMs) inside++
  return inside
}

/** Gives the number of times of the value that are in the window now, at most `kept.count`. */
function addTime(state: NodeState, slot: number, kept: Kept, key: Key, atMs: number): number {
  const found = readSlot(state, slot) as Pairs | ByKey | undefined
  if (found === undefined) {
    // Written apart, so that lists of numbers are known as such from the start.
    writeSlot(state, slot, typeof key === 'number' ? [atMs, key] : [atMs, key])
    return 1
  }
  if (!Array.isArray(found)) {
    return addToMap(found, kept, key, atMs)
  }
  const outMs = atMs - kept.withinMs
  let rows = dropOld(found, outMs, width)
  let used = usedIn(rows, width)
  let number = 1
  let oldest = 0
  for (let row = used - width; row >= 0 && (rows[row] as number) > outMs; row -= width) {
    if (rows[row + 1] !== key) continue
    number++
    oldest = row
  }
  if (number > kept.count) {
    number--
    removeRows(rows, oldest, oldest + width, width)
    used -= width
  }
  if (used >= width * mostRows) {
    const large = toMap(rows, used)
    writeSlot(state, slot, large)
    return addToMap(large, kept, key, atMs)
  }
  rows = withRoom(rows, used, width)
  rows[used] = atMs
  rows[used + 1] = key
  if (rows !== found) writeSlot(state, slot, rows)
  return number
}

function toMap(rows: Pairs, used: number): ByKey {
  const times = new Map<Key, number[]>()
  for (let row = 0; row < used; row += width) {
    const [atMs, key] = [rows[row] as number, rows[row + 1] as Key]
    const own = times.get(key)
    if (own === undefined) times.set(key, [atMs])
    else own.push(atMs)
  }
  return { times, sweptMs: rows[used - width] as number }
}

function addToMap(large: ByKey, { withinMs, count }: Kept, key: Key, atMs: number): number {
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
  if (own.length - old >= count) old++
  if (old > 0) own.splice(0, old)
  return own.push(atMs)
}

function pairsOf(found: Pairs | ByKey): readonly (readonly [atMs: number, key: Key])[] {
  if (!Array.isArray(found)) {
    return [...found.times].flatMap(([key, times]) => times.map((atMs) => [atMs, key] as const))
  }
  const rows = saveRows(found, width)
  const places = Array.from({ length: rows.length / width }, (_, place) => place * width)
  return places.map((row) => [rows[row] as number, rows[row + 1] as Key])
}

/** Saved as rows in order of time and key, without those outside the window, however they are kept. */
function codecOf(kept: Kept): Codec {
  return {
    save(state) {
      const pairs = pairsOf(state as Pairs | ByKey)
      const latestMs = pairs.reduce((latest, [atMs]) => Math.max(latest, atMs), Number.NEGATIVE_INFINITY)
      return pairs
        .filter(([atMs]) => atMs > latestMs - kept.withinMs)
        .toSorted(([ms, key], [otherMs, other]) => ms - otherMs || compareKeys(key, other))
        .flat()
    },
    load(saved) {
      const rows = (saved as Pairs).slice()
      return rows.length <= width * mostRows ? rows : toMap(rows, rows.length)
    },
  }
}

function compareKeys(left: Key, right: Key): number {
  if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1
  return left < right ? -1 : left > right ? 1 : 0
}
