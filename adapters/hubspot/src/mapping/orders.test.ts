import type { Loss, Values } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { eventOf } from '../../fixtures/open-sandbox.ts'
import type { HubSpotOptions } from '../options.ts'
import { toHubSpotOrder } from './orders.ts'

const order = {
  order_id: 'o1',
  total: 30,
  currency: 'eur',
  coupon: 'X',
  products: [{ product_id: 'p1', price: 10 }, { sku: 's2' }, { product_id: 'p1' }],
} as const satisfies Values

function map(properties: Values, options: HubSpotOptions = {}) {
  const losses: Loss[] = []
  const item = eventOf('k', 'u1', {}, { event: { type: 'track', event: 'Order Completed', properties } })
  return {
    ...toHubSpotOrder(item, options, losses),
    losses: losses.map(({ path, kind }) => `${kind} ${path}`),
  }
}

describe('the ladder of an order', () => {
  test('a custom event, with the ids of its products', () => {
    const { products: _, ...rest } = order
    expect(map(order)).toEqual({
      form: 'event',
      properties: { ...rest, product_count: 3, product_ids: ['p1', 's2'] },
      losses: ['collapsed event.properties.products'],
    })
    expect(map({ total: 1 })).toEqual({ form: 'event', properties: { total: 1 }, losses: [] })
  })

  test.each<HubSpotOptions>([{ orders: 'properties' }, { eventFallback: 'properties' }])(
    'or last and total: %j',
    (options) => {
      expect(map(order, options)).toEqual({
        form: 'properties',
        order: { id: 'o1', value: 30, currency: 'EUR' },
        losses: ['dropped event.properties.coupon', 'dropped event.properties.products'],
      })
    },
  )

  test('or, without what an order needs, a counted event', () => {
    expect(map({ order_id: 'o1', total: 3 }, { orders: 'properties' })).toEqual({
      form: 'count',
      losses: ['coerced event.properties.currency'],
    })
    expect(map({ ...order, total: -3 }, { orders: 'properties' })).toMatchObject({ form: 'count' })
  })
})
