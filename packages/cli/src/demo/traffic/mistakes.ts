/** What real streams hold beside good messages. Each has to be counted, none may stop the rest. */
export const malformed: readonly unknown[] = [
  'no object at all',
  null,
  { type: 'track', event: 'Product Viewed', properties: {}, timestamp: '2026-10-02T08:00:00.000Z' },
  { type: 'track', userId: 42, event: 'Product Viewed', timestamp: '2026-10-03T08:00:00.000Z' },
  { type: 'track', userId: 'user-1', properties: {}, timestamp: '2026-10-04T08:00:00.000Z' },
  { type: 'track', userId: 'user-1', event: 'Product Viewed', timestamp: 'yesterday' },
  { type: 'trakc', userId: 'user-1', event: 'Product Viewed', timestamp: '2026-10-05T08:00:00.000Z' },
  {
    type: 'track',
    userId: 'user-1',
    event: 'Order Completed',
    properties: { order_id: 'order-x', total: '12.50', currency: 'EUR' },
    timestamp: '2026-10-06T08:00:00.000Z',
  },
]
