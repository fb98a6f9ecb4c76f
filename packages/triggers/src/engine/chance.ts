import { hash } from 'node:crypto'

/** The user's place in an experiment, in [0, 1): the first 52 bits of SHA-256 of `experiment:userId`, over 2^52. */
export function bucketOf(experiment: string, userId: string): number {
  return Number.parseInt(hash('sha256', `${experiment}:${userId}`, 'hex').slice(0, 13), 16) / 2 ** 52
}

/** The arm of a split: the first i with bucket × Σweights < w1 + … + wi. */
export function armOf(bucket: number, weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let reached = 0
  for (const [arm, weight] of weights.entries()) {
    reached += weight
    if (bucket * total < reached) return arm
  }
  return weights.length - 1
}
