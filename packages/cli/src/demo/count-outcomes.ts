import type { ItemResult } from '@tripline/model'
import type { Delivered } from './deliver-all.ts'

/** How many, by reason. */
export type Reasons = Readonly<Record<string, number>>
/** What became of the items of one vendor: the sum of `stored`, `unchanged`, `lost`, `unknown`, `dead`, `undelivered` is all. */
export interface Outcomes {
  /** Acknowledged by the vendor. */
  readonly stored: number
  /** Of these: an answer was lost, so it may be there twice. */
  readonly maybeTwice: number
  /** Nothing to write. */
  readonly unchanged: number
  /** Whole items that the vendor has no place for. */
  readonly lost: Reasons
  readonly unknown: number
  readonly dead: Reasons
  /** Came back as `retry` to the end. */
  readonly undelivered: Reasons
  /** Parts of stored items that were dropped, cut or written otherwise. */
  readonly values: Reasons
}

export function countOutcomes(delivered: readonly Delivered[]): Outcomes {
  let [stored, maybeTwice, unchanged, unknown] = [0, 0, 0, 0]
  const [lost, dead, undelivered, values] = [createTally(), createTally(), createTally(), createTally()]
  for (const { item, result } of delivered) {
    const { outcome } = result
    if (outcome.status === 'sent') {
      stored++
      if (outcome.maybeTwice) maybeTwice++
      for (const { kind, because } of result.losses) values.add(`${kind}: ${because}`)
    } else if (outcome.status === 'unknown') unknown++
    else if (outcome.status === 'dead')
      dead.add(`${item.kind}: ${outcome.fault.code}: ${outcome.fault.message}`)
    else if (outcome.status === 'retry') undelivered.add(`${outcome.fault.code}: ${outcome.fault.message}`)
    else if (isUnchanged(result)) unchanged++
    else lost.add(lostBecause(item.kind, result))
  }
  return {
    stored,
    maybeTwice,
    unchanged,
    unknown,
    lost: lost.counts,
    dead: dead.counts,
    undelivered: undelivered.counts,
    values: values.counts,
  }
}

const isUnchanged = ({ outcome }: ItemResult): boolean =>
  outcome.status === 'skipped' && outcome.because === 'unchanged'

function lostBecause(kind: string, { outcome }: ItemResult): string {
  if (outcome.status !== 'skipped') return `${kind}: ${outcome.status}`
  return `${kind}: ${outcome.detail ?? outcome.because}`
}

function createTally(): { add(reason: string): void; readonly counts: Reasons } {
  const counts: Record<string, number> = {}
  return { counts, add: (reason) => (counts[reason] = (counts[reason] ?? 0) + 1) }
}

export const sum = (reasons: Reasons): number => Object.values(reasons).reduce((all, count) => all + count, 0)
