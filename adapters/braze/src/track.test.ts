import type { Batch } from '@tripline/kit'
import type { Item } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { at, eventOf, openBraze, profileOf } from '../fixtures/open-sandbox.ts'
import { maxOf } from './limits.ts'
import { trackBody, type TrackArray, type TrackValue } from './track.ts'

interface Body {
  readonly attributes?: readonly Readonly<Record<string, unknown>>[]
  readonly events?: readonly Readonly<Record<string, unknown>>[]
  readonly purchases?: readonly Readonly<Record<string, unknown>>[]
}
const sizeOf = ({ attributes = [], events = [], purchases = [] }: Body): number =>
  attributes.length + events.length + purchases.length
const orderOf = (userId: string, products: number, quantity = 1): Item =>
  eventOf(userId, 'Order Completed', {
    order_id: `order of ${userId}`,
    currency: 'EUR',
    total: products * 10,
    products: Array.from({ length: products }, (_, index) => ({
      product_id: `p${index}`,
      price: 10,
      quantity,
    })),
  })
const at_ = (array: TrackArray, index: number, type = `${array} ${index} is bad`) => ({
  type,
  input_array: array,
  index,
})

describe('errors of an answer', () => {
  /** Every item below in one request: attributes a1 a2, events e1 e2 e3, purchases of orders with 2, 1 and 3 products. */
  const items: readonly Item[] = [
    eventOf('e1', 'A'),
    orderOf('o1', 2),
    profileOf('a1', { plan: 'x' }),
    eventOf('e2', 'A'),
    orderOf('o2', 1),
    profileOf('a2', { plan: 'y' }),
    orderOf('o3', 3),
    eventOf('e3', 'A'),
  ]
  test.each([
    ['none', [], []],
    ['the first attributes', [at_('attributes', 0)], ['a1']],
    ['the second event', [at_('events', 1)], ['e2']],
    ['the last event', [at_('events', 2)], ['e3']],
    ['the first line of an order', [at_('purchases', 0)], ['o1']],
    ['the second line of an order', [at_('purchases', 1)], ['o1']],
    ['the only line of an order', [at_('purchases', 2)], ['o2']],
    ['the last line of the last order', [at_('purchases', 5)], ['o3']],
    ['several lines of one order are one dead item', [at_('purchases', 3), at_('purchases', 4)], ['o3']],
    ['one of each array', [at_('purchases', 2), at_('attributes', 1), at_('events', 0)], ['a2', 'e1', 'o2']],
    ['an index that was not sent, or text: nobody’s', [at_('events', 7), 'something'], []],
  ] as const)('%s', async (_name, errors, dead) => {
    const { sandbox, connect, bodies } = await openBraze({ orders: 'purchases' })
    const fetch: typeof globalThis.fetch = async (input, init) => {
      await (await sandbox.host.fetch(input, init)).text()
      return Response.json({ message: 'success', errors }, { status: 201 })
    }
    // `openBraze` notes bodies of its own fetch only, so this one asks the sandbox itself.
    const report = await connect({}, { fetch }).deliver(items)
    expect(bodies('/users/track')).toEqual([])
    expect(sandbox.requests()).toHaveLength(1)
    const lost = items.filter((_, index) => report.results[index]?.outcome.status === 'dead')
    expect(lost.map(({ lane }) => lane).toSorted()).toEqual(dead)
    const words = errors.map((error) => (typeof error === 'string' ? error : error.type)) as readonly string[]
    const outcomes = report.results.map(({ outcome }) => outcome)
    const told = outcomes.flatMap((outcome) => (outcome.status === 'dead' ? [outcome.fault.message] : []))
    expect(told.every((word) => words.includes(word))).toBe(true)
    const others = outcomes.filter(({ status }) => status !== 'dead')
    expect(others).toEqual(others.map(() => ({ status: 'sent', proof: 'accepted' })))
  })

  test('the three arrays stand as Braze works them off, each in the order of its items', () => {
    const value = (array: TrackArray, entries: number): TrackValue => ({
      array,
      entries: Array.from({ length: entries }, () => ({})),
      person: '',
      dataPoints: 0,
    })
    const batch: Batch<TrackValue> = {
      values: [value('purchases', 2), value('events', 1), value('attributes', 1), value('events', 1)],
      json: ['{"p":1},{"p":2}', '{"e":1}', '{"a":1}', '{"e":2}'],
      bytes: 0,
    }
    expect(trackBody(batch)).toBe(
      '{"attributes":[{"a":1}],"events":[{"e":1},{"e":2}],"purchases":[{"p":1},{"p":2}]}',
    )
    // An empty array is refused by Braze even beside full ones.
    expect(trackBody({ ...batch, values: batch.values.slice(1, 2), json: ['{"e":1}'] })).toBe(
      '{"events":[{"e":1}]}',
    )
  })
})

describe('packing', () => {
  test.each([
    [74, [74]],
    [75, [75]],
    [76, [75, 1]],
    [150, [75, 75]],
    [151, [75, 75, 1]],
  ])('%d events leave in requests of %j', async (count, sizes) => {
    const { braze, bodies } = await openBraze()
    await braze.deliver(Array.from({ length: count }, (_, index) => eventOf(`u${index}`, 'E')))
    expect(bodies('/users/track').map(sizeOf)).toEqual(sizes)
  })

  test.each([
    [74, [74]],
    [75, [75]],
    [76, [75, 1]],
    [160, [75, 75, 10]],
  ])('an order of %d products leaves in requests of %j and is one item', async (count, sizes) => {
    const { braze, bodies, sandbox } = await openBraze({ orders: 'purchases' })
    const report = await braze.deliver([orderOf('u1', count)])
    expect(report.results.map(({ outcome }) => outcome)).toEqual([{ status: 'sent', proof: 'accepted' }])
    expect(bodies('/users/track').map(sizeOf)).toEqual(sizes)
    sandbox.clock.advance(1_000)
    expect(sandbox.inspect().purchases.map((one) => one.product_id)).toEqual(
      Array.from({ length: count }, (_, index) => `p${index}`),
    )
  })

  test('an order that does not fit beside the others waits for the next request, whole', async () => {
    const { braze, bodies } = await openBraze({ orders: 'purchases' })
    await braze.deliver([
      ...Array.from({ length: 70 }, (_, index) => eventOf(`u${index}`, 'E')),
      orderOf('buyer', 6),
    ])
    expect(bodies('/users/track').map(sizeOf)).toEqual([70, 6])
  })

  test('a body never has more than 4 MB, and is nearly as large', async () => {
    const { braze, sandbox, bodies } = await openBraze()
    const properties = Object.fromEntries(
      Array.from({ length: 250 }, (_, index) => [`p${index}`, 'ä'.repeat(180)]),
    )
    const items = Array.from({ length: 60 }, (_, index) => eventOf(`u${index}`, 'Large', properties))
    const report = await braze.deliver(items)
    expect(report.results.every(({ outcome }) => outcome.status === 'sent')).toBe(true)
    const bytes = bodies('/users/track').map((body) => Buffer.byteLength(JSON.stringify(body)))
    expect(bytes).toHaveLength(2)
    expect(Math.max(...bytes)).toBeLessThanOrEqual(maxOf('body.bytes'))
    expect(bytes[0]).toBeGreaterThan(maxOf('body.bytes') - 100_000)
    expect(sandbox.requests().map(({ status }) => status)).toEqual([201, 201])
  })
})

describe('data points: the report says what Braze bills', () => {
  const base = { lane: 'u1', at, who: { userId: 'u1' } } as const
  test.each([
    [
      'traits of every kind',
      [profileOf('u1', { firstName: 'Ada', plan: 'pro', n: 1, vip: true, tags: ['a', 'b'] })],
    ],
    [
      'an object, key by key',
      [profileOf('u1', { address: { street: 'A', zip: '1', city: 'Ulm' }, o: { a: 1, b: 2 } })],
    ],
    ['an object in an object', [profileOf('u1', { o: { a: { b: 1, c: 2 }, d: 3 } })]],
    [
      'the same trait twice in one request',
      [profileOf('u1', { plan: 'a', n: 1 }), profileOf('u1', { plan: 'b' }, { key: 'again' })],
    ],
    ['a country and a language', [profileOf('u1', { address: { country: 'de' }, language: 'de' })]],
    ['a trait removed', [profileOf('u1', { plan: null }, { before: { plan: 'pro' } })]],
    ['someone anonymous', [profileOf('a1', { plan: 'pro' }, { who: { anonymousId: 'a1' } })]],
    ['events', [eventOf('u1', 'A'), eventOf('u1', 'B')]],
    ['pieces of a purchase', [orderOf('u1', 2, 3)]],
    ['more pieces than an entry holds', [orderOf('u1', 1, 250)]],
    ['more products than a request holds', [orderOf('u1', 80, 2)]],
    [
      'groups, memberships and consent',
      [
        {
          ...base,
          key: 'g1',
          kind: 'group',
          groupType: 'team',
          groupId: 'a',
          set: {},
          member: { userId: 'u1' },
        },
        {
          ...base,
          key: 'g2',
          kind: 'group',
          groupType: 'team',
          groupId: 'b',
          set: {},
          member: { userId: 'u1' },
        },
        {
          ...base,
          key: 'm',
          kind: 'membership',
          segment: { form: 'attribute', id: 'seg_vip' },
          member: true,
        },
        { ...base, key: 'c', kind: 'consent', channel: 'email', state: 'denied' },
      ],
    ],
  ] satisfies readonly (readonly [string, readonly Item[]])[])('%s', async (_name, items) => {
    const { braze, sandbox } = await openBraze({ orders: 'purchases' })
    const report = await braze.deliver(items)
    expect(report.results.every(({ outcome }) => outcome.status === 'sent')).toBe(true)
    sandbox.clock.advance(1_000)
    expect(report.cost).toEqual({ unit: 'dataPoints', amount: sandbox.inspect().data_points.total })
  })

  test('an ecommerce order is free, what is refused is not billed', async () => {
    const { braze, sandbox } = await openBraze({}, { account: { blockedExternalIds: ['bot'] } })
    const product = { product_id: 'p', name: 'P', variant: 'v', price: 1, quantity: 5 }
    const order = { order_id: 'o', currency: 'EUR', total: 5, products: [product] }
    const report = await braze.deliver([
      eventOf('u1', 'Order Completed', order),
      eventOf('bot', 'A'),
      eventOf('u2', 'A'),
    ])
    sandbox.clock.advance(1_000)
    expect(sandbox.inspect().data_points.total).toBe(1)
    expect(report.cost?.amount).toBe(1)
  })
})

test('attributes of a lost request come back as retry, the event beside them as unknown', async () => {
  const { braze, sandbox } = await openBraze({ maxAttempts: 1 })
  sandbox.chaos({ script: [{ kind: 'reset-after', times: 9 }] })
  const report = await braze.deliver([profileOf('u1', { plan: 'a' }), eventOf('u2', 'E'), orderOf('u3', 2)])
  expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'unknown', 'unknown'])
})
