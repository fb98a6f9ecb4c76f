import { describe, expect, expectTypeOf, test } from 'vitest'
import { type Order, readOrder } from './order.ts'

const properties = {
  order_id: '00050',
  total: 27.5,
  revenue: 25,
  currency: 'usd',
  coupon: null,
  gift: true,
  products: [
    { product_id: 'p1', price: 19, quantity: 1, colour: 'red' },
    { product_id: 'p2', price: null },
  ],
}

describe('readOrder', () => {
  test('reads what is there, in Segment names, and invents nothing', () => {
    expect(readOrder(properties)).toEqual({
      ok: true,
      order: {
        order_id: '00050',
        total: 27.5,
        revenue: 25,
        currency: 'USD',
        products: [{ product_id: 'p1', price: 19, quantity: 1 }, { product_id: 'p2' }],
      },
    })
    expect(readOrder({})).toEqual({ ok: true, order: { products: [] } })
  })

  test('names every need that is not met', () => {
    expect(readOrder(properties, ['order_id', 'shipping', 'products.price', 'products.product_id'])).toEqual({
      ok: false,
      mistakes: [
        { path: 'event.properties.shipping', message: 'is missing' },
        { path: 'event.properties.products[1].price', message: 'is missing' },
      ],
    })
    expect(readOrder({}, ['products', 'products.price'])).toMatchObject({
      mistakes: [{ path: 'event.properties.products' }],
    })
  })

  test.each([
    [{ total: '5' }, 'event.properties.total'],
    [{ total: -1 }, 'event.properties.total'],
    [{ revenue: -0.01 }, 'event.properties.revenue'],
    [{ currency: 'XYZ' }, 'event.properties.currency'],
    [{ currency: 'XTS' }, 'event.properties.currency'],
    [{ currency: '' }, 'event.properties.currency'],
    [{ products: [null] }, 'event.properties.products[0]'],
    [{ products: [{}, { quantity: '1' }] }, 'event.properties.products[1].quantity'],
  ])('refuses %j', (wrong, path) => {
    expect(readOrder(wrong)).toMatchObject({ ok: false, mistakes: [{ path }] })
  })

  test('the order type has the names and types of the table', () => {
    expectTypeOf<Order['total']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<Order['products'][number]['product_id']>().toEqualTypeOf<string | undefined>()
    expect(readOrder({ total: 0 })).toMatchObject({ ok: true, order: { total: 0 } })
  })
})
