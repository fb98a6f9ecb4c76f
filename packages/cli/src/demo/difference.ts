import type { Value } from '@tripline/model'

/** Something that is not at a vendor as it has to be, and that no loss, `unknown` or `maybeTwice` explains. */
export interface Difference {
  /** How it was seen: in the simulator's own state, or through the vendor's API. */
  readonly seenBy: 'inspection' | 'profiles' | 'members' | 'delivery'
  /** About whom: an id, no personal data. */
  readonly person: string
  readonly what: string
  readonly expected: Value | undefined
  readonly found: Value | undefined
}
/** The first differences, and how many there are. */
export interface Differences {
  readonly total: number
  readonly listed: readonly Difference[]
}
const maxListed = 100

export function createDifferences(): Differences & {
  add(difference: Difference): void
  skip(count: number): void
} {
  const listed: Difference[] = []
  let total = 0
  return {
    listed,
    get total() {
      return total
    },
    add(difference) {
      total++
      if (listed.length < maxListed) listed.push(difference)
    },
    skip: (count) => void (total += count),
  }
}
