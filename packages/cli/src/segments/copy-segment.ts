import type { Connector, Identity, ItemResult, MembershipItem, SegmentRef } from '@tripline/model'
import { isPlaceholder } from './ensure-segment.ts'
import type { SegmentDiff } from './diff-segments.ts'

export interface CopyOptions {
  readonly connector: Connector
  readonly segment: SegmentRef
  readonly diff: Pick<SegmentDiff, 'entering' | 'leaving'>
  /** Now, by the host's clock. */
  readonly at: string
  readonly dryRun: boolean
  readonly signal: AbortSignal
  readonly onProgress: (done: number) => void
}
export interface CopyResult {
  readonly sent: number
  readonly skipped: number
  readonly planned: number
  /** Memberships that were not written, with the reason. */
  readonly failed: readonly {
    readonly userId: string
    readonly member: boolean
    readonly status: string
    readonly message: string
  }[]
  readonly calls: number
}

const batchItems = 2_000

/** Writes who enters and who leaves, in batches. */
export async function copySegment(options: CopyOptions): Promise<CopyResult> {
  const items = [
    ...options.diff.entering.map((who) => membership(options, who, true)),
    ...options.diff.leaving.map((who) => membership(options, who, false)),
  ]
  // There is no segment yet that the adapter could write the request for.
  if (options.dryRun && isPlaceholder(options.segment))
    return { sent: 0, skipped: 0, planned: items.length, failed: [], calls: 0 }
  const counts = { sent: 0, skipped: 0, planned: 0, calls: 0 }
  const failed: CopyResult['failed'][number][] = []
  for (let from = 0; from < items.length; from += batchItems) {
    const batch = items.slice(from, from + batchItems)
    const report = await options.connector.deliver(batch, { dryRun: options.dryRun, signal: options.signal })
    for (const { count } of report.calls) counts.calls += count
    for (const [index, { outcome }] of report.results.entries()) {
      if (outcome.status === 'sent' || outcome.status === 'skipped' || outcome.status === 'planned')
        counts[outcome.status]++
      else failed.push(failure(batch[index] as MembershipItem, outcome))
    }
    options.onProgress(from + batch.length)
  }
  return { ...counts, failed }
}

type Failed = Extract<ItemResult['outcome'], { readonly fault: unknown }>
const failure = (
  { lane, member }: MembershipItem,
  { status, fault }: Failed,
): CopyResult['failed'][number] => ({
  userId: lane,
  member,
  status,
  message: fault.message,
})

function membership({ segment, at }: CopyOptions, who: Identity, member: boolean): MembershipItem {
  const lane = who.userId ?? who.anonymousId ?? ''
  const key = `segment ${segment.form} ${segment.id} ${lane} ${member ? 'in' : 'out'} ${at}`
  return { kind: 'membership', key, lane, at, who, segment, member }
}
