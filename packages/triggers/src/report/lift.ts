/** Quantiles of the standard normal distribution: two-sided 5 %, and power 80 %. */
const zAlpha = 1.959963984540054
const zPower = 0.8416212335729143

export const testOfLift = { test: 'two-sided z-test of two proportions', alpha: 0.05, power: 0.8 } as const

export interface Arms {
  /** Share of the users that reach the goal without a message, 0 to 1. */
  readonly baseline: number
  /** Users that get messages. */
  readonly treated: number
  /** Users held out. */
  readonly heldOut: number
}

/**
 * The smallest rise of the goal rate over the baseline that a two-sided z-test of two proportions (alpha 0.05) finds
 * with power 0.8, as a share: 0.05 is five percentage points. `undefined` where no rise up to 100 % would be found.
 * A normal approximation: rough where an arm expects fewer than 5 users with or without the goal.
 * The formula is that of Fleiss, Levin, Paik, Statistical Methods for Rates and Proportions (3rd ed.), ch. 4, pooled
 * under the null hypothesis, for unequal arms, without correction for continuity.
 * @example smallestLift({ baseline: 0.1, treated: 686, heldOut: 686 }) // => 0.04998…
 */
export function smallestLift(arms: Arms): number | undefined {
  if (arms.treated === 0 || arms.heldOut === 0) return undefined
  let tooSmall = 0
  let found = 1 - arms.baseline
  if (found <= 0 || found < needed(arms, found)) return undefined
  for (let step = 0; step < bisections; step++) {
    const middle = (tooSmall + found) / 2
    if (middle < needed(arms, middle)) tooSmall = middle
    else found = middle
  }
  return found
}
/** Halves an interval of at most 1 below the precision of a double. */
const bisections = 60

/** The difference that has to be seen, were this one true. */
function needed({ baseline, treated, heldOut }: Arms, lift: number): number {
  const raised = baseline + lift
  const pooled = (raised * treated + baseline * heldOut) / (treated + heldOut)
  const underNull = Math.sqrt(pooled * (1 - pooled) * (1 / treated + 1 / heldOut))
  const underLift = Math.sqrt((raised * (1 - raised)) / treated + (baseline * (1 - baseline)) / heldOut)
  return zAlpha * underNull + zPower * underLift
}

/** Whether an arm expects fewer than 5 users with, or without, the goal. */
export function isRough({ baseline, treated, heldOut }: Arms): boolean {
  return Math.min(treated, heldOut) * Math.min(baseline, 1 - baseline) < 5
}
