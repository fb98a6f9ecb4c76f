import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { type Context, toIso } from '../context.ts'
import { publicInvalid, publicNotFound } from '../errors.ts'
import { listOf, page } from '../paging.ts'
import { publicRoute } from '../public-route.ts'
import type { MetricBucket } from '../state.ts'
import { parseInstant } from '../timestamps.ts'

const hourMs = 3_600_000
/** How long a query may reach, and how far back. https://docs.segmentapis.com/tag/Delivery-Overview */
const granularities = {
  MINUTE: { stepMs: 60_000, maxRangeMs: 4 * hourMs, maxAgeMs: 48 * hourMs },
  HOUR: { stepMs: hourMs, maxRangeMs: 14 * 24 * hourMs, maxAgeMs: 30 * 24 * hourMs },
  DAY: { stepMs: 24 * hourMs, maxRangeMs: 30 * 24 * hourMs, maxAgeMs: 30 * 24 * hourMs },
} as const
const groups = ['discardReason', 'eventName', 'eventType'] as const
type Group = (typeof groups)[number]

export const deliveryOverviewRoutes = (state: Context): Route[] =>
  (['failed-on-ingest', 'successfully-received'] as const).map((stage) =>
    publicRoute(state, `GET /delivery-overview/${stage}`, (request) => read(state, stage, request)),
  )

const fieldOf = (bucket: MetricBucket, group: Group): string =>
  group === 'discardReason' ? bucket.reason : group === 'eventName' ? bucket.eventName : bucket.eventType

function read(state: Context, stage: MetricBucket['stage'], request: SimRequest): SimReply {
  const { query } = request
  const sourceId = query.get('sourceId') ?? ''
  const granularity = query.get('granularity') ?? ''
  const [startMs, endMs] = [parseInstant(query.get('startTime')), parseInstant(query.get('endTime'))]
  const groupBy = listOf(query, 'groupBy')
  if (!isGranularity(granularity))
    return publicInvalid([{ field: 'granularity', message: 'must be MINUTE, HOUR or DAY' }])
  if (startMs === undefined || endMs === undefined || endMs <= startMs)
    return publicInvalid([
      { field: 'startTime', message: 'startTime and endTime must be ISO 8601, the start first' },
    ])
  if (!groupBy.every((group) => (groups as readonly string[]).includes(group)))
    return publicInvalid([{ field: 'groupBy', message: `must be some of ${groups.join(', ')}` }])
  const nowMs = state.clock.now()
  const rule = granularities[granularity]
  if (endMs - startMs > rule.maxRangeMs || startMs < nowMs - rule.maxAgeMs)
    return publicInvalid([{ field: 'startTime', message: `is out of range for ${granularity}` }])
  if (!state.store.sources.has(sourceId)) return publicNotFound()
  const visibleMs = Math.min(endMs, nowMs - state.account.metricsLagMs)
  const buckets = [...state.store.metrics.values()].filter(
    (bucket) =>
      bucket.stage === stage &&
      bucket.sourceId === sourceId &&
      bucket.minuteMs >= startMs &&
      bucket.minuteMs < visibleMs &&
      groups.every((group) => isWanted(query, group, fieldOf(bucket, group))),
  )
  return answer(request, buckets, groupBy as Group[], rule.stepMs)
}

const isGranularity = (name: string): name is keyof typeof granularities => name in granularities
function isWanted(query: URLSearchParams, group: Group, value: string): boolean {
  const wanted = [...listOf(query, `filter.${group}`), ...listOf(query, `filter[${group}]`)]
  return wanted.length === 0 || wanted.includes(value)
}

function answer(
  request: SimRequest,
  buckets: readonly MetricBucket[],
  groupBy: readonly Group[],
  stepMs: number,
): SimReply {
  const rows = new Map<string, { fields: Record<string, string>; series: Map<number, number> }>()
  for (const bucket of buckets) {
    const fields = Object.fromEntries(groupBy.map((group) => [group, fieldOf(bucket, group)]))
    const row = rows.get(JSON.stringify(fields)) ?? { fields, series: new Map<number, number>() }
    const atMs = Math.floor(bucket.minuteMs / stepMs) * stepMs
    row.series.set(atMs, (row.series.get(atMs) ?? 0) + bucket.count)
    rows.set(JSON.stringify(fields), row)
  }
  const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0)
  const reply = page(request, 'dataset', [...rows.values()], ({ fields, series }) => ({
    ...fields,
    total: sum(series.values()),
    series: [...series].sort(([a], [b]) => a - b).map(([atMs, count]) => ({ time: toIso(atMs), count })),
  }))
  if (reply.status !== 200) return reply
  const { data } = reply.body as { readonly data: object }
  return { ...reply, body: { data: { total: sum(buckets.map(({ count }) => count)), ...data } } }
}
