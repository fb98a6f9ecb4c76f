import { clearSlot, readSlot, writeSlot } from './keyed.ts'
import type { Key, MatcherUser } from './user.ts'

/** Unused events of a sequence in its window: their times, and as bits which steps but the last they match. */
export interface Chain {
  readonly at: number[]
  readonly steps: number[]
}

export interface ChainRule {
  readonly slot: number
  /** Number of steps, 2 to 31. */
  readonly length: number
  readonly withinMs: number
  /** Greatest distance of each step from the one before; `Infinity` where there is no limit. */
  readonly gapsMs: readonly number[]
  readonly reuse: boolean
}

/**
 * Reads an event that matches the steps given as bits, and says whether it completes a chain. Of several chains the one
 * latest read from the end is used up.
 */
export function completes(
  user: MatcherUser,
  rule: ChainRule,
  key: Key | null,
  atMs: number,
  steps: number,
): boolean {
  const lastBit = 1 << (rule.length - 1)
  const earlier = steps & (lastBit - 1)
  const chain = readSlot(user, rule.slot, key) as Chain | undefined
  if (chain !== undefined) dropBefore(chain, atMs - rule.withinMs)
  const found = (steps & lastBit) !== 0 && chain !== undefined ? findChain(chain, rule, atMs) : undefined
  if (found !== undefined && !rule.reuse && chain !== undefined) {
    for (const index of found.toSorted((left, right) => right - left)) {
      chain.at.splice(index, 1)
      chain.steps.splice(index, 1)
    }
    if (chain.at.length === 0) clearSlot(user, rule.slot, key)
    return true
  }
  if (earlier !== 0) {
    if (chain === undefined) {
      const begun: Chain = { at: [atMs], steps: [earlier] }
      writeSlot(user, rule.slot, key, begun, { atMs, windowMs: rule.withinMs, latestMs })
    } else {
      chain.at.push(atMs)
      chain.steps.push(earlier)
    }
  }
  return found !== undefined
}

function dropBefore(chain: Chain, fromMs: number): void {
  let old = 0
  while (old < chain.at.length && (chain.at[old] as number) < fromMs) old++
  if (old === 0) return
  chain.at.splice(0, old)
  chain.steps.splice(0, old)
}

/** Indexes of the chain's events from the last step but one back to the first. All events are within the span already. */
function findChain(chain: Chain, rule: ChainRule, endMs: number): number[] | undefined {
  // A place that leads to no chain for a step leads to none however it was reached.
  const barren = new Set<number>()
  const search = (step: number, before: number, nextMs: number): number[] | undefined => {
    if (step < 0) return []
    const gapMs = rule.gapsMs[step + 1] ?? Number.POSITIVE_INFINITY
    for (let index = before - 1; index >= 0; index--) {
      const atMs = chain.at[index] as number
      if (nextMs - atMs > gapMs) return undefined
      if (((chain.steps[index] as number) & (1 << step)) === 0 || barren.has(index * 32 + step)) continue
      const rest = search(step - 1, index, atMs)
      if (rest !== undefined) return [index, ...rest]
      barren.add(index * 32 + step)
    }
    return undefined
  }
  return search(rule.length - 2, chain.at.length, endMs)
}

function latestMs({ at }: Chain): number {
  return at.at(-1) ?? Number.NEGATIVE_INFINITY
}
