import type { Value } from '@tripline/model'
import type { Aggregate } from '../definition/condition.ts'
import { canonical } from './canonical.ts'
import type { Codec } from './codec.ts'
import { add, toDecimal, toNumber, zero, type Decimal } from './decimal.ts'
import type { MatcherEvent } from './event.ts'

/** Type and name of the event that `first` and `latest` are of: the declared type may depend on it. */
export type Kind = Pick<MatcherEvent, 'type' | 'name'>

/** What is known of an aggregate. */
export interface Tallied {
  /** Number of values; 0: there is no value. */
  readonly count: number
  /** Of sums and averages. */
  readonly sum: Decimal
  /** Of `min` and `max` the number, of `first` and `latest` the values of the event. */
  readonly value: number | readonly Value[]
  readonly kind: Kind | undefined
  /** Of `distinct`. */
  readonly seen: { readonly size: number } | undefined
}

/** What has been seen so far; nothing leaves it. */
export interface Tally extends Tallied {
  count: number
  sum: Decimal
  value: number | readonly Value[]
  kind: Kind | undefined
  readonly seen: Set<string> | undefined
}

export function newTally(aggregate: Aggregate): Tally {
  return {
    count: 0,
    sum: zero,
    value: 0,
    kind: undefined,
    seen: aggregate === 'distinct' ? new Set() : undefined,
  }
}

/** Adds the values of one event; the events come in order. */
export function countValues(
  tally: Tally,
  aggregate: Aggregate,
  values: readonly Value[],
  kind: Kind | undefined,
): void {
  if (aggregate === 'first' || aggregate === 'latest') {
    if (values.length === 0 || (aggregate === 'first' && tally.count > 0)) return
    tally.count = 1
    tally.value = values
    tally.kind = kind
    return
  }
  for (const value of values) {
    if (aggregate === 'distinct') tally.seen?.add(canonical(value))
    else if (typeof value !== 'number') continue
    else if (aggregate === 'sum' || aggregate === 'average') tally.sum = add(tally.sum, toDecimal(value))
    else if (tally.count === 0) tally.value = value
    else tally.value = Math[aggregate](tally.value as number, value)
    tally.count++
  }
}

/** The value that is compared, as it is shown. */
export function valueOf({ count, sum, value, seen }: Tallied, aggregate: Aggregate): Value | undefined {
  if (count === 0) return undefined
  if (aggregate === 'sum') return toNumber(sum)
  if (aggregate === 'average') return toNumber(sum) / count
  if (aggregate === 'distinct') return seen?.size
  if (typeof value === 'number') return value
  return value.length === 1 ? value[0] : value
}

type Saved = readonly [
  count: number,
  mantissa: number | string,
  scale: number,
  value: Tally['value'],
  kind: Kind | null,
  seen: readonly string[] | null,
]

export const tallyCodec: Codec = {
  save(state): Saved {
    const { count, sum, value, kind, seen } = state as Tally
    const mantissa = typeof sum.mantissa === 'bigint' ? String(sum.mantissa) : sum.mantissa
    return [count, mantissa, sum.scale, value, kind ?? null, seen === undefined ? null : [...seen]]
  },
  load(saved): Tally {
    const [count, mantissa, scale, value, kind, seen] = saved as Saved
    return {
      count,
      sum: { mantissa: typeof mantissa === 'string' ? BigInt(mantissa) : mantissa, scale },
      value,
      kind: kind ?? undefined,
      seen: seen === null ? undefined : new Set(seen),
    }
  },
}
