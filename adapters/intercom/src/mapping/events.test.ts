import type { Field, Loss, Values } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { at, eventOf, second } from '../../fixtures/open-sandbox.ts'
import type { IntercomOptions } from '../options.ts'
import { createEventMapper, type IntercomEvent } from './events.ts'
import { createSecondBook } from './same-second.ts'

function map(properties: Values, options: IntercomOptions = {}, event = 'Ordered', more: object = {}) {
  const losses: Loss[] = []
  const item = eventOf('k', 'u1', event, properties, more)
  const made = createEventMapper(options).toIntercomEvent(item, 'user u1', createSecondBook(), losses)
  if ('code' in made) throw new Error(made.message)
  return { ...made, losses: losses.map(({ path, kind }) => `${kind} ${path}`) }
}
const keys = ({ metadata = {} }: IntercomEvent): readonly string[] => Object.keys(metadata)
const numbered = (count: number): Values =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, index]))

test('whole seconds', () => {
  expect(map({}, {}, 'Ordered', { at: '2026-11-01T10:00:00.999Z' })).toEqual({
    event_name: 'Ordered',
    created_at: second,
    losses: ['rounded at'],
  })
})

describe('names', () => {
  test('"." and "$" become "-", as Intercom itself would do', () => {
    expect(map({}, {}, 'cart.added$')).toMatchObject({
      event_name: 'cart-added-',
      losses: ['renamed event.event'],
    })
  })
  test('renames of the account win; a page is an event with its name', () => {
    expect(map({}, { eventNames: { Ordered: 'placed-order' } }).event_name).toBe('placed-order')
    expect(map({}, {}, '', { event: { type: 'page', event: 'Pricing', properties: {} } }).event_name).toBe(
      'Viewed Pricing Page',
    )
  })
  test('old events go under a muted name', () => {
    expect(map({}, {}, 'Ordered', { backfill: true })).toMatchObject({
      event_name: 'Ordered (backfill)',
      losses: ['renamed event.event'],
    })
  })
  test.each([
    [{ eventNames: { A: 'x', B: 'X' } }],
    [
      {
        fields: [
          { of: 'event', event: 'a.b', name: 'p', type: 'string' },
          { of: 'event', event: 'A-B', name: 'p', type: 'string' },
        ] as const,
      },
    ],
  ])('two that become one are an error at creation: %o', (options: IntercomOptions) => {
    expect(() => createEventMapper(options)).toThrow(/both become/)
  })
})

describe('properties', () => {
  test.each([9, 10, 11])('%i properties', (count) => {
    const made = map(numbered(count))
    expect(keys(made)).toHaveLength(Math.min(10, count))
    expect(made.losses).toEqual(count > 10 ? ['dropped event.properties.p10'] : [])
  })
  test('beyond ten the registry says what matters, and goes first', () => {
    const fields: readonly Field[] = [{ of: 'event', name: 'p11', type: 'number' }]
    const made = map(numbered(12), { fields })
    expect(keys(made)[0]).toBe('p11')
    expect(made.losses).toEqual(['dropped event.properties.p9', 'dropped event.properties.p10'])
  })
  test('flat; lists as text or not at all; no value, no property', () => {
    const properties = { cart: { id: 'c1', total: 3 }, tags: ['a', 'b'], rows: [{ a: 1 }], nothing: null }
    expect(map(properties)).toMatchObject({
      metadata: { cart_id: 'c1', cart_total: 3, tags: 'a, b' },
      losses: [
        'renamed event.properties.cart.id',
        'renamed event.properties.cart.total',
        'coerced event.properties.tags',
        'dropped event.properties.rows',
        'dropped event.properties.nothing',
      ],
    })
    expect(map(properties, { lists: 'drop' }).losses).toContain('dropped event.properties.tags')
  })
  test('two paths to one name: the last is kept, and it is said', () => {
    expect(map({ cart: { id: 1 }, cart_id: 2 })).toMatchObject({
      metadata: { cart_id: 2 },
      losses: ['renamed event.properties.cart.id', 'collapsed event.properties.cart_id'],
    })
  })
  test('rich values: a link with its text, money in minor units of its currency', () => {
    const link = { url: 'https://example.com', value: 'here' }
    expect(
      map({
        link,
        eur: { amount: 19.99, currency: 'EUR' },
        yen: { amount: 1_200, currency: 'JPY' },
        dinar: { amount: 1.5, currency: 'KWD' },
      }),
    ).toMatchObject({
      metadata: {
        link,
        eur: { amount: 1_999, currency: 'eur' },
        yen: { amount: 1_200, currency: 'jpy' },
        dinar: { amount: 1_500, currency: 'kwd' },
      },
      losses: [],
    })
    expect(
      map({
        free: { amount: 0, currency: 'EUR' },
        odd: { amount: 1.005, currency: 'EUR' },
        gold: { amount: 1, currency: 'XAU' },
      }),
    ).toMatchObject({
      metadata: { odd: { amount: 101 } },
      losses: [
        'dropped event.properties.free',
        'rounded event.properties.odd',
        'dropped event.properties.gold',
      ],
    })
  })
  test('times by their declared type only, under a name that Intercom takes for a time', () => {
    const fields: readonly Field[] = [
      { of: 'event', name: 'due', type: 'date' },
      { of: 'event', event: 'Ordered', name: 'paid_date', type: 'instant' },
    ]
    const properties = { due: '2026-11-01', paid_date: at, note: at }
    expect(map(properties, { fields })).toMatchObject({
      metadata: { due_date: 1_793_491_200, paid_date: second, note: at },
      losses: ['renamed event.properties.due'],
    })
    expect(map({ due: 'soon' }, { fields }).losses).toEqual(['dropped event.properties.due'])
  })
})

describe('orders', () => {
  const order = {
    order_id: 'o1',
    total: 27.5,
    revenue: 25,
    currency: 'USD',
    products: [{ product_id: 'p1' }],
  }
  test('the amount as price, products dropped', () => {
    expect(map(order, {}, 'Order Completed')).toMatchObject({
      metadata: { price: { amount: 2_750, currency: 'usd' }, order_id: 'o1', revenue: 25 },
      losses: ['dropped event.properties.products'],
    })
  })
  test('revenue where there is no total; no currency, no money', () => {
    const { total: _, ...without } = order
    expect(map(without, {}, 'Order Completed').metadata).toMatchObject({ price: { amount: 2_500 } })
    expect(map({ order_id: 'o1', total: 5 }, {}, 'Order Completed')).toMatchObject({
      metadata: { order_id: 'o1', total: 5 },
      losses: ['coerced event.properties.currency'],
    })
  })
  test('the price is kept before what the registry does not name', () => {
    expect(keys(map({ ...numbered(12), total: 1, currency: 'EUR' }, {}, 'Order Completed'))[0]).toBe('price')
  })
})
