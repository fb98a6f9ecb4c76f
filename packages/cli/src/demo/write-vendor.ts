import type { EnsuredField, EnsuredSegment, Field, Instant } from '@tripline/model'
import { peopleOf, type Assignment } from './assign.ts'
import { deliverAll, type Delivery } from './deliver-all.ts'
import { membershipItems, type Vips } from './vip.ts'
import type { Place } from './world.ts'

/** What was written at one vendor. */
export interface Written {
  readonly delivery: Delivery
  readonly ensured: readonly EnsuredField[]
  readonly segment: EnsuredSegment
  /** Memberships of people of whom the vendor was to get nothing else. */
  readonly strangers: number
  readonly seconds: number
}
export interface WriteOptions {
  readonly assignment: Assignment
  readonly fields: readonly Field[]
  readonly vips: Vips
  readonly newestAt: Instant
  readonly signal: AbortSignal
  readonly onProgress: (settled: number) => void
}
/** Large batches leave few half-full requests; together they bound what is under way. */
export const batchItems = 5_000

/** Makes the fields and the segment, then delivers the items and after them the memberships. */
export async function writeVendor(place: Place, options: WriteOptions): Promise<Written> {
  const { connector, counter } = place
  const { assignment, vips, newestAt, signal } = options
  const startedAt = performance.now()
  const ensured = await connector.schema.ensure(options.fields, { signal })
  const segment = await connector.segments.ensure('VIP', { signal })
  counter.phase = 'deliver'
  const people = peopleOf(assignment.items)
  const all = membershipItems(vips, segment.segment, newestAt)
  const memberships = all.filter(({ who }) => people.has(who.userId ?? ''))
  const delivery = await deliverAll(connector, [...assignment.items, ...memberships], {
    batchItems,
    signal,
    onProgress: options.onProgress,
  })
  return {
    delivery,
    ensured,
    segment,
    strangers: all.length - memberships.length,
    seconds: (performance.now() - startedAt) / 1_000,
  }
}
