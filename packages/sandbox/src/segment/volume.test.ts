import { expect, test } from 'vitest'
import { segmentDefaults, startSegmentSandbox } from './index.ts'

test('60,000 events of 2,000 people through the wire, with an audience on them', async () => {
  const sandbox = await startSegmentSandbox()
  sandbox.seed({ audiences: [{ name: 'Buyers', query: "event('Order Completed').count() >= 30" }] })
  const batch = (from: number): object[] =>
    Array.from({ length: 1_500 }, (_, index) => ({
      type: 'track',
      messageId: `m${from + index}`,
      userId: `u${(from + index) % 2_000}`,
      anonymousId: `a${(from + index) % 2_000}`,
      event: 'Order Completed',
      properties: { order_id: `o${from + index}`, total: index % 90, currency: 'EUR' },
    }))
  try {
    for (let from = 0; from < 60_000; from += 1_500) {
      const reply = await fetch(`${sandbox.url}/v1/batch`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ writeKey: segmentDefaults.writeKey, batch: batch(from) }),
      })
      expect(reply.status).toBe(200)
    }
    sandbox.clock.advance(5_000)
    const { messages, profiles, audiences } = sandbox.inspect()
    expect([messages.length, profiles.length, audiences[0]?.members.length]).toEqual([60_000, 2_000, 2_000])
    expect(profiles.every(({ events }) => events.length === 30)).toBe(true)
  } finally {
    await sandbox.close()
  }
})
