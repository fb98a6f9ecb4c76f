import type { MetricBucket, Store } from './state.ts'

const minuteMs = 60_000

/** Adds one message to the counts Delivery Overview reads. */
export function countDelivery(
  store: Store,
  atMs: number,
  bucket: Omit<MetricBucket, 'count' | 'minuteMs'>,
): void {
  const minute = Math.floor(atMs / minuteMs) * minuteMs
  const key = [bucket.stage, bucket.sourceId, minute, bucket.eventType, bucket.reason, bucket.eventName].join(
    '\u0000',
  )
  const found = store.metrics.get(key)
  if (found) found.count++
  else store.metrics.set(key, { ...bucket, minuteMs: minute, count: 1 })
}
