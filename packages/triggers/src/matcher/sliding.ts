import type { Value } from '@tripline/model'
import type { Aggregate } from '../definition/condition.ts'
import { canonical } from './canonical.ts'
import type { Codec } from './codec.ts'
import { add, subtract, toDecimal, zero, type Decimal } from './decimal.ts'
import type { Kind, Tallied } from './tally.ts'

/** What one event adds: its time, its values (never none), and its kind where that matters. */
type Entry = readonly [atMs: number, values: readonly Value[], kind?: Kind]

/**
 * A tally over a window that slides on: what comes is added and what goes is taken away, so that each event is looked at
 * twice in all. State: the entries of the window; of `min` and `max` only those that no later one outdoes.
 */
export class Sliding implements Tallied {
  readonly #aggregate: Aggregate
  #entries: Entry[] = []
  /** Entries before it have left. */
  #first = 0
  readonly #counts: Map<string, number> | undefined
  count = 0
  sum: Decimal = zero

  constructor(aggregate: Aggregate) {
    this.#aggregate = aggregate
    this.#counts = aggregate === 'distinct' ? new Map() : undefined
  }

  get seen(): { readonly size: number } | undefined {
    return this.#counts
  }

  /** Of `min` and `max` the number, of `first` and `latest` the values. */
  get value(): number | readonly Value[] {
    const entry = this.#compared()
    const values = entry?.[1] ?? []
    const isNumber = this.#aggregate === 'min' || this.#aggregate === 'max'
    return isNumber ? (values[0] as number) : values
  }

  get kind(): Kind | undefined {
    return this.#compared()?.[2]
  }

  /** Of the oldest event that is in; `undefined`: none is. */
  get oldestMs(): number | undefined {
    return this.#entries[this.#first]?.[0]
  }

  add(entry: Entry): void {
    const [atMs, values] = entry
    if (this.#aggregate === 'min' || this.#aggregate === 'max') {
      const best = Math[this.#aggregate](...(values as readonly number[]))
      this.#dropOutdone(best)
      this.#entries.push([atMs, [best]])
      this.count = this.#entries.length - this.#first
      return
    }
    this.#entries.push(entry)
    this.count += values.length
    for (const value of values) {
      if (this.#counts !== undefined) {
        const name = canonical(value)
        this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
      } else if (this.#isSum()) this.sum = add(this.sum, toDecimal(value as number))
    }
  }

  /** Takes away what came at or before. */
  leave(outMs: number): void {
    const entries = this.#entries
    while (this.#first < entries.length && (entries[this.#first] as Entry)[0] <= outMs) {
      this.#remove(entries[this.#first] as Entry)
      this.#first++
    }
    if (this.#first > 0 && 2 * this.#first >= entries.length) {
      this.#entries = entries.slice(this.#first)
      this.#first = 0
    }
    if (this.#entries.length === 0) this.sum = zero
  }

  /** The same as of a later time, apart: nothing is taken away here. */
  asOf(outMs: number): Sliding {
    const copy = new Sliding(this.#aggregate)
    for (const entry of this.#entries.slice(this.#first)) if (entry[0] > outMs) copy.add(entry)
    return copy
  }

  save(): readonly Entry[] {
    return this.#entries.slice(this.#first)
  }

  #isSum(): boolean {
    return this.#aggregate === 'sum' || this.#aggregate === 'average'
  }

  #compared(): Entry | undefined {
    return this.#aggregate === 'latest' ? this.#entries.at(-1) : this.#entries[this.#first]
  }

  /** Who is older and no better will never be the best again. */
  #dropOutdone(best: number): void {
    const entries = this.#entries
    while (entries.length > this.#first) {
      const last = (entries.at(-1) as Entry)[1][0] as number
      if (this.#aggregate === 'min' ? last < best : last > best) return
      entries.pop()
    }
  }

  #remove([, values]: Entry): void {
    this.count -= values.length
    for (const value of values) {
      if (this.#counts !== undefined) {
        const name = canonical(value)
        const left = (this.#counts.get(name) ?? 1) - 1
        if (left === 0) this.#counts.delete(name)
        else this.#counts.set(name, left)
      } else if (this.#isSum()) this.sum = subtract(this.sum, toDecimal(value as number))
    }
  }
}

export function slidingCodec(aggregate: Aggregate): Codec {
  return {
    save(state) {
      const entries = (state as Sliding).save()
      return entries.length === 0 ? undefined : entries
    },
    load(saved) {
      const sliding = new Sliding(aggregate)
      for (const entry of saved as readonly Entry[]) sliding.add(entry)
      return sliding
    },
  }
}
