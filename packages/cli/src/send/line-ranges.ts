/** Ranges of line numbers, both ends included, ascending and apart: `[[1, 4000], [4002, 4100]]`. */
export type Ranges = readonly (readonly [number, number])[]

/** A set of line numbers that costs its gaps, not its members. */
export interface LineRanges {
  add(line: number): void
  has(line: number): boolean
  readonly ranges: Ranges
}

export function createLineRanges(given: Ranges = []): LineRanges {
  const ranges: [number, number][] = given.map(([from, to]) => [from, to])
  /** Index of the last range that begins at or before the line; -1 without one. */
  const findAt = (line: number): number => {
    let low = 0
    for (let high = ranges.length; low < high;) {
      const middle = (low + high) >> 1
      if ((ranges[middle]?.[0] ?? Infinity) <= line) low = middle + 1
      else high = middle
    }
    return low - 1
  }
  return {
    ranges,
    has: (line) => (ranges[findAt(line)]?.[1] ?? -1) >= line,
    add(line) {
      const index = findAt(line)
      const before = ranges[index]
      const after = ranges[index + 1]
      if (before && before[1] >= line) return
      const joinsBefore = before?.[1] === line - 1
      const joinsAfter = after?.[0] === line + 1
      if (before && joinsBefore) before[1] = after && joinsAfter ? after[1] : line
      if (after && joinsAfter && !joinsBefore) after[0] = line
      if (joinsBefore && joinsAfter) ranges.splice(index + 1, 1)
      if (!joinsBefore && !joinsAfter) ranges.splice(index + 1, 0, [line, line])
    },
  }
}
