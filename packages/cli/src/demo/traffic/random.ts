import { mulberry32 } from '@tripline/sandbox'

/** Chance that is the same on every machine: equal seeds give equal choices. */
export interface Random {
  /** From 0 up to, but not, 1. */
  share(): number
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  /** True so often, from 0 to 1. */
  chance(share: number): boolean
  pick<const List extends readonly [unknown, ...unknown[]]>(list: List): List[number]
}

export function createRandom(seed: number): Random {
  const share = mulberry32(seed)
  return {
    share,
    between: (least, most) => least + Math.floor(share() * (most - least + 1)),
    chance: (often) => share() < often,
    pick: (list) => list[Math.floor(share() * list.length)],
  }
}
