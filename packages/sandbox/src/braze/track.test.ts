import { describe, expect, test } from 'vitest'
import { openBraze } from './test-client.ts'

const noValid = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields."
const noIdentifier = "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required"
const time = '2026-01-02T03:04:05+01:00'
const events = (count: number): object[] =>
  Array.from({ length: count }, (_, n) => ({ external_id: `u${n}`, name: 'seen', time }))
const attributes = (count: number): object[] =>
  Array.from({ length: count }, (_, n) => ({ external_id: `u${n}`, n }))

describe('the answer', () => {
  test('counts what was queued, and only for the arrays that were sent', async () => {
    await using braze = await openBraze()
    const reply = await braze.post('/users/track', { attributes: attributes(2), events: events(1) })
    expect([reply.status, reply.body]).toEqual([
      201,
      { message: 'success', attributes_processed: 2, events_processed: 1 },
    ])
  })

  test('names a bad object by its array and its place, and stores the rest', async () => {
    await using braze = await openBraze()
    const reply = await braze.post('/users/track', {
      events: [...events(1), { name: 'seen', time }, { external_id: 'x', time }],
      purchases: [{ external_id: 'u0', product_id: 'p', currency: 'USD', price: 1, quantity: 101, time }],
    })
    expect(reply.body).toEqual({
      message: 'success',
      events_processed: 1,
      purchases_processed: 0,
      errors: [
        { type: noIdentifier, input_array: 'events', index: 1 },
        { type: "'name' is not valid", input_array: 'events', index: 2 },
        { type: "'quantity' is not valid", input_array: 'purchases', index: 0 },
      ],
    })
    expect(braze.sandbox.inspect().events).toHaveLength(1)
  })

  test('is 400 when nothing is valid, with the same items', async () => {
    await using braze = await openBraze()
    const reply = await braze.post('/users/track', { events: [{ name: 'seen', time }] })
    expect([reply.status, reply.body]).toEqual([
      400,
      { message: noValid, errors: [{ type: noIdentifier, input_array: 'events', index: 0 }] },
    ])
  })

  test.each([{}, { attributes: [] }, { attributes: [], events: events(1) }])(
    'is 400 for %j',
    async (body) => {
      await using braze = await openBraze()
      const reply = await braze.post('/users/track', body)
      expect([reply.status, reply.body]).toEqual([400, { message: noValid }])
    },
  )

  test.each(['{"events":', '[]', '{"events":{}}'])('is the framework refusal for %s', async (body) => {
    await using braze = await openBraze()
    const reply = await braze.post('/users/track', body)
    expect([reply.status, reply.body]).toEqual([
      400,
      { error: 'message body does not match declared format' },
    ])
  })
})

describe('how many', () => {
  test('75 objects over all arrays, 76 are too many', async () => {
    await using braze = await openBraze()
    expect(
      (await braze.post('/users/track', { attributes: attributes(40), events: events(35) })).status,
    ).toBe(201)
    const reply = await braze.post('/users/track', { attributes: attributes(40), events: events(36) })
    expect([reply.status, reply.body]).toEqual([400, { message: 'Max Input Length Exceeded' }])
  })

  test('an older contract counts each array', async () => {
    await using braze = await openBraze({ account: { trackLimit: 'per-array' } })
    expect(
      (await braze.post('/users/track', { attributes: attributes(75), events: events(75) })).status,
    ).toBe(201)
    expect((await braze.post('/users/track', { attributes: attributes(1), events: events(76) })).status).toBe(
      400,
    )
  })

  test('bulk takes 1,000 objects, 100 of one person, 2 MB', async () => {
    await using braze = await openBraze()
    expect((await braze.post('/users/track/bulk', { events: events(1_000) })).status).toBe(201)
    expect((await braze.post('/users/track/bulk', { events: events(1_001) })).status).toBe(400)
    const one = { external_id: 'one', name: 'seen', time }
    expect(
      (await braze.post('/users/track/bulk', { events: Array.from({ length: 100 }, () => one) })).status,
    ).toBe(201)
    expect(
      (await braze.post('/users/track/bulk', { events: Array.from({ length: 101 }, () => one) })).status,
    ).toBe(400)
    const padding = 'x'.repeat(2_000_001)
    expect((await braze.post('/users/track/bulk', { events: [{ ...one, padding }] })).status).toBe(400)
  })

  test('sync takes one object and shows what became of it', async () => {
    await using braze = await openBraze()
    const set = await braze.post('/users/track/sync', {
      attributes: [{ external_id: 'u', plan: 'pro', first_name: 'Ann' }],
    })
    expect(set.body).toEqual({
      users: [{ external_id: 'u', custom_attributes: { plan: 'pro' } }],
      message: 'success',
    })
    const seen = { user_alias: { alias_name: 'a', alias_label: 'l' }, name: 'seen', time }
    expect((await braze.post('/users/track/sync', { events: [seen] })).body).toEqual({
      users: [],
      message: 'success',
    })
    const bought = await braze.post('/users/track/sync', {
      purchases: [{ external_id: 'u', product_id: 'p', currency: 'EUR', price: 2, quantity: 3, time }],
    })
    const at = '2026-01-02T02:04:05.000Z'
    expect(bought.body['users']).toEqual([
      { external_id: 'u', purchase_events: [{ product_id: 'p', first: at, last: at, count: 3 }] },
    ])
    expect((await braze.post('/users/track/sync', { events: events(2) })).status).toBe(400)
    braze.sandbox.configure({ trackBetas: false })
    expect((await braze.post('/users/track/sync', { events: events(1) })).status).toBe(403)
  })
})

describe('who is meant', () => {
  test('two primary identifiers refuse the object', async () => {
    await using braze = await openBraze()
    const reply = await braze.post('/users/track', {
      attributes: [{ external_id: 'u', braze_id: 'b', plan: 'x' }, { external_id: 'v' }],
    })
    expect(reply.body['errors']).toMatchObject([{ index: 0 }])
  })

  test('an external id has up to 987 bytes, counted as UTF-8', async () => {
    await using braze = await openBraze()
    const fits = 'é'.repeat(493) + 'a'
    expect((await braze.post('/users/track', { attributes: [{ external_id: fits }] })).status).toBe(201)
    const reply = await braze.post('/users/track', { attributes: [{ external_id: `${fits}a` }] })
    expect(reply.body['errors']).toEqual([
      { type: "'external_id' must be fewer than 988 bytes", input_array: 'attributes', index: 0 },
    ])
  })

  test('an unknown external_id with a known e-mail makes a second profile', async () => {
    await using braze = await openBraze()
    await braze.post('/users/track', {
      attributes: [
        { external_id: 'a', email: 'x@y.test' },
        { external_id: 'b', email: 'x@y.test' },
      ],
    })
    expect(braze.sandbox.inspect().profiles.map((profile) => profile.external_id)).toEqual(['a', 'b'])
  })

  test('by e-mail alone: the identified profile that was updated last, else a new one without id', async () => {
    await using braze = await openBraze()
    await braze.post('/users/track', {
      attributes: [
        { external_id: 'a', email: 'x@y.test' },
        { external_id: 'b', email: 'x@y.test' },
        { external_id: 'a', n: 1 },
      ],
    })
    await braze.post('/users/track', {
      attributes: [
        { email: 'x@y.test', hit: true },
        { email: 'new@y.test', hit: true },
      ],
    })
    const { profiles } = braze.sandbox.inspect()
    expect(
      profiles.filter((profile) => profile.custom_attributes['hit']).map((profile) => profile.external_id),
    ).toEqual(['a', undefined])
    expect(profiles[2]).toMatchObject({ user_aliases: [], standard: { email: 'new@y.test' } })
  })

  test('an alias makes a profile only with _update_existing_only false; an id only without true', async () => {
    await using braze = await openBraze()
    const alias = (name: string): object => ({ user_alias: { alias_name: name, alias_label: 'anonymous' } })
    await braze.post('/users/track', {
      attributes: [
        { ...alias('a'), n: 1 },
        { ...alias('b'), n: 1, _update_existing_only: false },
        { external_id: 'c', _update_existing_only: true },
      ],
    })
    expect(braze.sandbox.inspect().profiles.map((profile) => profile.user_aliases)).toEqual([
      [{ alias_name: 'b', alias_label: 'anonymous' }],
    ])
  })

  test('spam blocking refuses a dummy user', async () => {
    await using braze = await openBraze({ account: { blockedExternalIds: ['0'] } })
    const reply = await braze.post('/users/track', { events: [{ external_id: '0', name: 'seen', time }] })
    expect(reply.body['errors']).toMatchObject([
      { type: 'provided external_id is blacklisted and disallowed' },
    ])
  })
})

describe('events and purchases', () => {
  test('attributes come first, then events, then purchases, whatever the order in the body', async () => {
    await using braze = await openBraze()
    await braze.post('/users/track', {
      purchases: [{ email: 'a@b.test', product_id: 'p', currency: 'USD', price: 2.5, quantity: 4, time }],
      events: [{ email: 'a@b.test', name: 'seen', time, properties: { a: 1 } }],
      attributes: [{ external_id: 'u', email: 'a@b.test' }],
    })
    const state = braze.sandbox.inspect()
    expect(state.profiles).toHaveLength(1)
    expect(state.profiles[0]).toMatchObject({
      external_id: 'u',
      total_revenue: 10,
      purchases: [{ name: 'p', count: 4 }],
      custom_events: [{ name: 'seen', count: 1 }],
    })
    expect(state.events[0]).toEqual({
      braze_id: state.profiles[0]?.braze_id,
      external_id: 'u',
      name: 'seen',
      time: '2026-01-02T02:04:05.000Z',
      properties: { a: 1 },
    })
  })

  test('a time to come becomes now, and a repeat counts again', async () => {
    await using braze = await openBraze()
    const event = { external_id: 'u', name: 'seen', time: '2999-01-01T00:00:00Z' }
    await braze.post('/users/track', { events: [event, event] })
    const state = braze.sandbox.inspect()
    expect(state.events.map((stored) => Date.parse(stored.time) <= braze.sandbox.clock.now() + 50)).toEqual([
      true,
      true,
    ])
    expect(state.profiles[0]?.custom_events[0]?.count).toBe(2)
  })

  test.each([
    ['a reserved key', { time: 'x' }, { price: 1 }],
    ['a key with $', { $a: 1 }, { $a: 1 }],
    ['null', { a: null }, { a: null }],
    ['text of 256 characters', { a: 'x'.repeat(256) }, { a: 'x'.repeat(256) }],
    ['no object', 'text', []],
    [
      '257 keys',
      Object.fromEntries(Array.from({ length: 257 }, (_, n) => [`k${n}`, n])),
      { product_id: 'p' },
    ],
  ])('properties with %s refuse the object', async (_what, ofEvent, ofPurchase) => {
    await using braze = await openBraze()
    const reply = await braze.post('/users/track', {
      attributes: attributes(1),
      events: [{ external_id: 'u', name: 'seen', time, properties: ofEvent }],
      purchases: [
        { external_id: 'u', product_id: 'p', currency: 'USD', price: 1, time, properties: ofPurchase },
      ],
    })
    expect((reply.body['errors'] as { type: string }[]).map((error) => error.type)).toEqual([
      "Invalid 'properties' field",
      "Invalid 'properties' field",
    ])
  })

  test.each([
    ['text for a price', { price: '1.00' }],
    ['an unknown currency', { currency: 'usd' }],
    ['a quantity of 0', { quantity: 0 }],
    ['no time', { time: 'yesterday' }],
  ])('a purchase with %s is refused, quantity 100 is not', async (_what, change) => {
    await using braze = await openBraze()
    const purchase = { external_id: 'u', product_id: 'p', currency: 'USD', price: 1, quantity: 100, time }
    const reply = await braze.post('/users/track', { purchases: [purchase, { ...purchase, ...change }] })
    expect(reply.body).toMatchObject({ purchases_processed: 1, errors: [{ index: 1 }] })
  })
})

describe('recommended ecommerce events', () => {
  const product = { product_id: 'p', product_name: 'P', variant_id: 'v', quantity: 1, price: 5 }
  const order = { order_id: 'o', total_value: 5, currency: 'EUR', products: [product], source: 'web' }
  const placed = (properties: object): object => ({
    events: [{ external_id: 'u', name: 'ecommerce.order_placed', time, properties }],
  })

  test('a good one is stored and costs nothing', async () => {
    await using braze = await openBraze()
    expect((await braze.post('/users/track', placed({ ...order, metadata: { coupon: 'x' } }))).body).toEqual({
      message: 'success',
      events_processed: 1,
    })
    expect(braze.sandbox.inspect()).toMatchObject({
      events: [{ properties: { order_id: 'o' } }],
      data_points: { total: 0 },
    })
  })

  test.each([
    [{ ...order, currency: 'XX' }, "'currency' must be an ISO 4217 currency"],
    [{ ...order, total_value: '5' }, "'total_value' is not valid"],
    [{ ...order, coupon: 'x' }, "'coupon' is not an allowed property"],
    [{ ...order, products: [{ ...product, variant_id: undefined }] }, "'variant_id' is required"],
  ])('a bad one is dropped with success: %#', async (properties, type) => {
    await using braze = await openBraze()
    const reply = await braze.post('/users/track', placed(properties))
    expect([reply.status, reply.body]).toEqual([
      201,
      { message: 'success', events_processed: 0, errors: [{ type, input_array: 'events', index: 0 }] },
    ])
    expect(braze.sandbox.inspect().events).toEqual([])
  })

  test('another name is an ordinary event without checks', async () => {
    await using braze = await openBraze()
    await braze.post('/users/track', {
      events: [{ external_id: 'u', name: 'ecommerce.order_paid', time, properties: { any: 1 } }],
    })
    expect(braze.sandbox.inspect()).toMatchObject({
      events: [{ name: 'ecommerce.order_paid' }],
      data_points: { events: 1 },
    })
  })
})

test('fields Braze does not know are passed over and noted', async () => {
  await using braze = await openBraze()
  await braze.post('/users/track', { events: events(1), partner: 'x' })
  expect(braze.sandbox.inspect().ignored_fields).toEqual({ 'POST /users/track': ['partner'] })
})

test('30,000 events are taken and can be seen', async () => {
  await using braze = await openBraze()
  for (let sent = 0; sent < 30_000; sent += 75)
    await braze.post('/users/track', {
      events: Array.from({ length: 75 }, (_, n) => ({
        external_id: `u${(sent + n) % 500}`,
        name: 'seen',
        time,
        properties: { n },
      })),
    })
  const state = braze.sandbox.inspect()
  expect([state.events.length, state.profiles.length, state.data_points.events]).toEqual([
    30_000, 500, 30_000,
  ])
})
