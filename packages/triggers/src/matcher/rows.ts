/**
 * Rows of `width` values in one flat list. The first value of each is a time, and the rows are in order of time; rows at
 * the end whose time is `empty` are free. Lists are made so that little is free: most users have short ones.
 */
export type Rows<Value = number | string> = (number | Value)[]

/** Later than any time, so it is never out of a window. */
export const empty = Number.POSITIVE_INFINITY

/** A long list is left to grow as lists do, one free row at a time. */
const longRows = 32

/** Free rows for a list of so many, which is full. A list of numbers stays one, which takes less room. */
const free = Array.from({ length: longRows }, (_, rows) => (rows < 4 ? 1 : 2))
const freeByWidth = [1, 2, 3].map((width) => free.map((rows) => emptyRows(rows, width)))

function emptyRows(rows: number, width: number): number[] {
  return Array.from({ length: rows * width }, (_, place) => (place % width === 0 ? empty : 0))
}

/** Where the free rows begin. */
export function usedIn(rows: Rows<unknown>, width: number): number {
  let used = rows.length
  while (used > 0 && rows[used - width] === empty) used -= width
  return used
}

/** The list with room for one row more at `used`: the same one, or a longer one in its place. */
export function withRoom<Value>(rows: Rows<Value>, used: number, width: number): Rows<Value> {
  if (used < rows.length) return rows
  const count = used / width
  if (count < longRows) return rows.concat(freeByWidth[width - 1]?.[count] ?? emptyRows(1, width))
  for (let place = 0; place < width; place++) rows.push(place === 0 ? empty : 0)
  return rows
}

/** Drops rows from the front whose time is at or before `outMs`; of a long list only when they are half of it. */
export function dropOld<Value>(rows: Rows<Value>, outMs: number, width: number): Rows<Value> {
  if (rows.length === 0 || (rows[0] as number) > outMs) return rows
  const used = usedIn(rows, width)
  const isLong = used > longRows * width
  if (isLong && (rows[Math.floor(used / width / 2) * width] as number) > outMs) return rows
  let old = width
  while (old < used && (rows[old] as number) <= outMs) old += width
  if (isLong) return rows.slice(old, used)
  removeRows(rows, 0, old, width)
  return rows
}

/** Removes what lies from `from` up to `to`; the room becomes free. */
export function removeRows<Value>(rows: Rows<Value>, from: number, to: number, width: number): void {
  const { length } = rows
  const moved = to - from
  if (length - to > longRows * width) {
    rows.splice(from, moved)
    return
  }
  for (let place = to; place < length; place++) rows[place - moved] = rows[place] as Value
  for (let place = length - moved; place < length; place++) rows[place] = place % width === 0 ? empty : 0
  // What fell out of the window need not be kept in mind: a list that is mostly free gives its room back.
  const used = usedIn(rows, width)
  if (length - used > 8 * width) rows.length = used + 4 * width
}

/** The rows alone, as they are saved. */
export function saveRows<Value>(rows: Rows<Value>, width: number): Rows<Value> {
  return rows.slice(0, usedIn(rows, width))
}
