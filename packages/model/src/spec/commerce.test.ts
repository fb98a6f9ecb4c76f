import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { commerceEvents, type CommerceType } from './commerce-events.ts'
import { parseMessage } from './parse-message.ts'

const shared = new URL('../../../../../shared/', import.meta.url)
const facts = new URL('specs/segment/semantic-events.json', shared)

type Facts = { readonly ecommerceV2: { readonly [event: string]: { readonly [property: string]: string } } }

/** The table's rows in the form of the facts: `products.$.price` → `Number`. */
function asFacts(): Facts['ecommerceV2'] {
  const names = { string: 'String', number: 'Number' } as const
  const rows = Object.entries(commerceEvents).map(([event, row]) => {
    const properties = Object.entries<CommerceType>(row).flatMap(([name, type]): [string, string][] =>
      typeof type === 'string'
        ? [[name, names[type]]]
        : [
            [name, 'Array'],
            ...Object.entries(type.each).map(([inner, innerType]): [string, string] => [
              `${name}.$.${inner}`,
              names[innerType],
            ]),
          ],
    )
    return [event, Object.fromEntries(properties)] as const
  })
  return Object.fromEntries(rows)
}

test('the table says what the spec says', (context) => {
  if (!existsSync(facts)) return context.skip('skipped: data not present')
  const { ecommerceV2 } = JSON.parse(readFileSync(facts, 'utf8')) as Facts
  const expected = Object.fromEntries(
    Object.entries(ecommerceV2).map(([event, row]) => [
      event,
      Object.fromEntries(Object.entries(row).map(([name, type]) => [name, type.replace(/<.*>/, '')])),
    ]),
  )
  const { 'Order Refunded': refunded, ...table } = asFacts()
  const { 'Order Refunded': statedRefunded, ...stated } = expected
  expect(table).toEqual(stated)
  expect(refunded).toMatchObject(statedRefunded ?? {})
})

test.for(['taobao-a', 'cdnow'])('every event of %s is accepted and keeps its ids', (folder, context) => {
  const file = new URL(`data/${folder}/events.ndjson.gz`, shared)
  if (!existsSync(file)) return context.skip('skipped: data not present')
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n')
  let same = 0
  for (const line of lines) {
    const message = JSON.parse(line) as { messageId: string; userId: string; timestamp: string }
    const parsed = parseMessage(message)
    const item = parsed.ok && parsed.notes.length === 0 ? parsed.items[0] : undefined
    if (item?.key === message.messageId && item.lane === message.userId && item.at === message.timestamp)
      same++
  }
  expect(same).toBe(lines.length)
})

describe('types of e-commerce properties', () => {
  const order = (properties: unknown) => ({
    type: 'track',
    messageId: 'm1',
    userId: 'u1',
    event: 'Order Completed',
    timestamp: '2026-11-01T10:00:00.000Z',
    properties,
  })

  test('a wrong type is a mistake at its place, and all of them are named', () => {
    const products = [{ price: 1 }, 'x', { price: '9.90', product_id: 7, quantity: null, extra: {} }]
    const parsed = parseMessage(
      order({ order_id: 1, total: '27.50', currency: true, coupon: null, products }),
    )
    expect(parsed).toMatchObject({
      ok: false,
      mistakes: [
        { path: 'properties.order_id', allowed: ['string'] },
        { path: 'properties.total', message: expect.stringContaining('written as text') as string },
        { path: 'properties.currency', message: 'is a boolean' },
        { path: 'properties.products[1]', allowed: ['object'] },
        { path: 'properties.products[2].price', allowed: ['number'] },
        { path: 'properties.products[2].product_id', allowed: ['string'] },
      ],
    })
    expect(parseMessage(order({ products: {} }))).toMatchObject({
      mistakes: [{ path: 'properties.products' }],
    })
  })

  test('coerceNumbers turns exact number text into numbers, with a note, and copies only then', () => {
    const properties = { total: '27.50', note: '5', products: [{ price: 1 }, { price: '9.90' }] }
    const parsed = parseMessage(order(properties), { coerceNumbers: true })
    expect(parsed).toMatchObject({
      items: [
        { event: { properties: { total: 27.5, note: '5', products: [{ price: 1 }, { price: 9.9 }] } } },
      ],
      notes: [
        { path: 'properties.total', kind: 'coerced' },
        { path: 'properties.products[1].price', kind: 'coerced' },
      ],
    })
    expect(properties.total).toBe('27.50')
    expect(properties.products[1]).toEqual({ price: '9.90' })
  })

  test.each(['', ' 5', '5 ', '0x10', '1,5', '05', 'NaN', 'Infinity', '9007199254740993', '1e400'])(
    'coerceNumbers does not take %j for a number',
    (total) => {
      expect(parseMessage(order({ total }), { coerceNumbers: true })).toMatchObject({
        mistakes: [{ path: 'properties.total' }],
      })
    },
  )

  test('unknown events and further properties pass', () => {
    expect(parseMessage(order({ gift: { wrap: true }, total: 1 }))).toMatchObject({ ok: true, notes: [] })
    expect(parseMessage({ ...order({ total: '5' }), event: 'Order Pondered' })).toMatchObject({ ok: true })
  })
})
