import { describe, expect, test } from 'vitest'
import {
  at,
  contactOf,
  eventOf,
  openHubSpot,
  profileOf,
  results,
  settle,
  statuses,
} from '../fixtures/open-sandbox.ts'

const definitions = 'GET /events/custom/event-definitions'
const read = 'POST /crm/objects/{objectType}/batch/read'
const sendOne = 'POST /events/custom/send'
const sendMany = 'POST /events/custom/send/batch'
const people = (count: number) => ({
  contacts: Array.from({ length: count }, (_, index) => ({ properties: { tripline_user_id: `u${index}` } })),
})

describe('events', () => {
  test('by record id, with what the definition knows, once per key', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed: people(2) })
    const items = [
      eventOf('1', 'u0', { sku: 'x', price: 3.5, isGift: true, shipOn: '2026-11-02', unknown: 1 }),
      eventOf('2', 'u1', { sku: 'y' }),
    ]
    const done = await results(hubspot, items)
    expect(done).toMatchObject([
      {
        outcome: { status: 'sent', proof: 'accepted' },
        losses: [{ path: 'event.properties.unknown', kind: 'dropped' }],
      },
      { outcome: { status: 'sent' }, losses: [] },
    ])
    await hubspot.deliver(items)
    settle(sandbox)
    const { events, counters } = sandbox.inspect()
    expect(events).toMatchObject([
      {
        objectId: contactOf(sandbox, 'u0')?.id,
        occurredAt: at,
        properties: { sku: 'x', price: '3.5', isgift: 'true', shipon: '2026-11-02T00:00:00.000Z' },
      },
      { objectId: contactOf(sandbox, 'u1')?.id, properties: { sku: 'y' } },
    ])
    expect(counters).toMatchObject({ eventsDuplicate: 2, eventPropertiesDropped: 0, eventsWithoutObject: 0 })
  })

  test('a single one goes by the single call, and more by the batch', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot({}, { seed: people(2) })
    await hubspot.deliver([eventOf('1', 'u0', { sku: 'x' })])
    expect(requests()).toEqual([definitions, read, sendOne])
    await hubspot.deliver([eventOf('2', 'u0'), eventOf('3', 'u1')])
    expect(requests()).toEqual([read, sendMany])
    settle(sandbox)
    expect(sandbox.inspect().events).toHaveLength(3)
    expect(sandbox.inspect().events[0]).toMatchObject({ properties: { sku: 'x' }, occurredAt: at })
  })

  test.each([
    [499, 1],
    [500, 1],
    [501, 2],
  ])('%i events are %i calls', async (count, calls) => {
    const { hubspot } = await openHubSpot({}, { seed: people(10) })
    const items = Array.from({ length: count }, (_, index) => eventOf(`k${index}`, `u${index % 10}`))
    const { calls: made } = await hubspot.deliver(items)
    const sends = made.filter(({ purpose }) => purpose === 'write')
    expect(sends.reduce((sum, { count: each }) => sum + each, 0)).toBe(calls)
  })

  test('what HubSpot would lose without a word is a loss', async () => {
    const { sandbox, hubspot } = await openHubSpot({ fields: [] }, { seed: people(1) })
    const [done] = await results(hubspot, [
      eventOf('1', 'u0', { sku: 'x'.repeat(1_025), price: 'dear', isGift: 'maybe', shipAt: 'tomorrow' }),
    ])
    expect(done?.losses.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'truncated event.properties.sku',
      'dropped event.properties.price',
      'dropped event.properties.isGift',
      'dropped event.properties.shipAt',
    ])
    settle(sandbox)
    expect(sandbox.inspect()).toMatchObject({
      events: [{ properties: { sku: 'x'.repeat(1_024) } }],
      counters: { eventPropertiesDropped: 0 },
    })
  })

  test('a text is cut outside a code point; 1,024 characters stay', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed: people(1) })
    const [one, other] = await results(hubspot, [
      eventOf('1', 'u0', { sku: 'x'.repeat(1_024) }),
      eventOf('2', 'u0', { sku: `${'x'.repeat(1_023)}😀` }),
    ])
    expect([one?.losses.length, other?.losses.length]).toEqual([0, 1])
    settle(sandbox)
    expect(sandbox.inspect().events.map(({ properties }) => properties['sku']?.length)).toEqual([
      1_024, 1_023,
    ])
  })

  test('nobody and nothing unknown is sent; the rest arrives', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed: people(1) })
    const done = await results(hubspot, [
      eventOf('1', 'u0'),
      eventOf('2', 'stranger'),
      eventOf('3', 'u0', {}, { event: { type: 'track', event: 'Never Defined', properties: {} } }),
      eventOf('4', 'x', {}, { who: { anonymousId: 'a1' } }),
      eventOf('5', 'u0'),
    ])
    expect(done.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'sent' },
      {
        status: 'dead',
        fault: { code: 'not-found', path: 'who', message: expect.stringMatching(/missingContact/) as string },
      },
      {
        status: 'dead',
        fault: {
          code: 'not-found',
          path: 'event.event',
          message: expect.stringMatching(/never_defined.*fields apply/) as string,
        },
      },
      { status: 'skipped', because: 'unsupported' },
      { status: 'sent' },
    ])
    settle(sandbox)
    expect(sandbox.inspect().counters).toMatchObject({ eventsStored: 2, eventsWithoutObject: 0 })
  })

  test('… or a contact is made, by option', async () => {
    const { sandbox, hubspot } = await openHubSpot({ missingContact: 'create' })
    expect(await statuses(hubspot, [eventOf('1', 'new')])).toEqual(['sent'])
    settle(sandbox)
    expect(sandbox.inspect().events).toMatchObject([{ objectId: contactOf(sandbox, 'new')?.id }])
  })

  test('a profile written in the same call is known to the event behind it, without a look-up', async () => {
    const { sandbox, hubspot, requests } = await openHubSpot()
    expect(await statuses(hubspot, [profileOf('1', 'u1', { plan: 'x' }), eventOf('2', 'u1')])).toEqual([
      'sent',
      'sent',
    ])
    expect(requests()).not.toContain(read)
    settle(sandbox)
    expect(sandbox.inspect().events).toHaveLength(1)
  })

  test('look-ups are full: 1,000 people are ten calls, whatever the packing', async () => {
    const { hubspot } = await openHubSpot({}, { seed: people(1_000) })
    const items = Array.from({ length: 5_000 }, (_, index) => eventOf(`k${index}`, `u${index % 1_000}`))
    const { calls, results: done } = await hubspot.deliver(items)
    expect(done.every(({ outcome }) => outcome.status === 'sent')).toBe(true)
    expect(calls.find(({ purpose }) => purpose === 'lookup')?.count).toBeLessThanOrEqual(11)
    expect(calls.find(({ endpoint }) => endpoint === 'POST /events/send/batch')?.count).toBe(10)
  })

  test('addresses and cookies only where the account says so', async () => {
    const { sandbox, connect } = await openHubSpot({}, { seed: { ...people(1), cookies: {} } })
    const id = contactOf(sandbox, 'u0')?.id ?? ''
    sandbox.seed({ cookies: { 'cookie-1': id } })
    const hubspot = connect({ emailIdentifies: true, anonymousIdIsUtk: true })
    const items = [
      eventOf('1', 'a', {}, { who: { email: 'New@x.test' } }),
      eventOf('2', 'b', {}, { who: { anonymousId: 'cookie-1' } }),
      eventOf('3', 'c', {}, { who: { vendorIds: { hubspot: id } } }),
    ]
    expect(await statuses(hubspot, items)).toEqual(['sent', 'sent', 'sent'])
    settle(sandbox)
    const { events, contacts } = sandbox.inspect()
    expect(contacts.map(({ properties }) => properties['email'])).toEqual([undefined, 'new@x.test'])
    expect(events.map(({ objectId }) => objectId)).toEqual([contacts[1]?.id, id, id])
  })

  test('a malformed one is alone in its fate', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed: people(8) })
    const items = Array.from({ length: 8 }, (_, index) =>
      eventOf(`k${index}`, `u${index}`, {}, index === 5 ? { at: 'yesterday' } : {}),
    )
    expect(await statuses(hubspot, items)).toEqual([
      'sent',
      'sent',
      'sent',
      'sent',
      'sent',
      'dead',
      'sent',
      'sent',
    ])
    settle(sandbox)
    expect(sandbox.inspect().events).toHaveLength(7)
  })

  test('what HubSpot refuses with all others of a call is found by halving', async () => {
    const seed = { ...people(8), eventDefinitions: [{ name: 'old', id: '777' }] }
    const { sandbox, hubspot } = await openHubSpot({}, { seed })
    const old = (key: string) =>
      eventOf(key, 'u0', {}, { event: { type: 'track', event: 'Old', properties: {} } })
    expect(await statuses(hubspot, [old('0')])).toEqual(['sent'])
    await fetch(`${sandbox.url}/events/custom/2026-09/event-definitions/old`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer pat-na1-sandbox' },
    })
    const items = Array.from({ length: 8 }, (_, index) =>
      index === 5 ? old('x') : eventOf(`k${index}`, `u${index}`),
    )
    const done = await results(hubspot, items)
    expect(done.map(({ outcome }) => outcome.status)).toEqual([
      'sent',
      'sent',
      'sent',
      'sent',
      'sent',
      'dead',
      'sent',
      'sent',
    ])
    settle(sandbox)
    expect(sandbox.inspect().counters).toMatchObject({ eventsStored: 8, eventsDuplicate: 0 })
  })

  test('backfill: under a muted name, or not at all', async () => {
    const seed = {
      ...people(1),
      eventDefinitions: [{ name: 'product_added_backfill', properties: [{ name: 'sku', type: 'string' }] }],
    }
    const { sandbox, hubspot, connect } = await openHubSpot({}, { seed })
    const item = eventOf('1', 'u0', { sku: 'x' }, { backfill: true })
    expect(await statuses(hubspot, [item])).toEqual(['sent'])
    settle(sandbox)
    expect(sandbox.inspect().events).toMatchObject([{ eventType: 'pe24000001_product_added_backfill' }])
    expect(await statuses(connect({ backfill: 'refuse' }), [item])).toEqual(['skipped'])
  })

  test('a definition made after it was missed is seen within a minute', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed: people(1) })
    const item = eventOf('1', 'u0', {}, { event: { type: 'track', event: 'Late', properties: {} } })
    expect(await statuses(hubspot, [item])).toEqual(['dead'])
    sandbox.seed({ eventDefinitions: [{ name: 'late' }] })
    sandbox.clock.advance(60_001)
    expect(await statuses(hubspot, [item])).toEqual(['sent'])
  })
})

describe('an account without custom events', () => {
  test('halts events with the tier named; profiles go on', async () => {
    const { hubspot } = await openHubSpot({}, { account: { tier: 'professional' }, seed: people(1) })
    const report = await hubspot.deliver([eventOf('1', 'u0'), profileOf('2', 'u9', { plan: 'x' })])
    expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['retry', 'sent'])
    expect(report.halt).toMatchObject({
      what: 'event',
      fault: { code: 'forbidden', message: expect.stringMatching(/Enterprise.*eventFallback/) as string },
    })
  })

  const countedFields = ['last_product_added_at', 'product_added_count', 'last_product_added_key']
  async function openCounting() {
    const opened = await openHubSpot(
      { eventFallback: 'properties' },
      { account: { tier: 'starter' }, seed: people(2) },
    )
    await opened.hubspot.schema.ensure([{ of: 'event', event: 'Product Added', name: 'sku', type: 'string' }])
    opened.requests()
    return opened
  }

  test('counts them in properties, if asked; a repeat is not counted', async () => {
    const { sandbox, hubspot, requests } = await openCounting()
    const items = [
      eventOf('1', 'u0', { sku: 'x' }),
      eventOf('2', 'u0', {}, { at: '2026-11-01T12:00:00.000Z' }),
      eventOf('3', 'u1'),
    ]
    const done = await results(hubspot, items)
    expect(done).toMatchObject([
      {
        outcome: { status: 'sent', proof: 'stored' },
        losses: [{ path: 'event.properties.sku', kind: 'dropped' }],
      },
      { outcome: { status: 'sent' } },
      { outcome: { status: 'sent' } },
    ])
    expect(requests()).toEqual([read, read, 'POST /crm/objects/{objectType}/batch/upsert'])
    await hubspot.deliver(items)
    await hubspot.deliver([...items, eventOf('4', 'u0', {}, { at: '2026-11-01T11:00:00.000Z' })])
    const stored = contactOf(sandbox, 'u0')?.properties ?? {}
    expect(countedFields.slice(0, 2).map((name) => stored[name])).toEqual(['2026-11-01T12:00:00.000Z', '3'])
    expect(contactOf(sandbox, 'u1')?.properties['product_added_count']).toBe('1')
  })

  test('and keeps the last order and the sum of all', async () => {
    const { sandbox, hubspot } = await openCounting()
    const order = (key: string, order_id: string, total: number, currency = 'EUR') =>
      eventOf(
        key,
        'u0',
        {},
        { event: { type: 'track', event: 'Order Completed', properties: { order_id, total, currency } } },
      )
    const items = [order('1', 'o1', 0.1), order('2', 'o2', 0.2), order('3', 'o3', 5, 'USD')]
    const done = await results(hubspot, items)
    expect(done.map(({ losses }) => losses.length)).toEqual([1, 1, 1])
    await hubspot.deliver(items)
    expect(contactOf(sandbox, 'u0')?.properties).toMatchObject({
      last_order_id: 'o3',
      last_order_value: '5',
      last_order_currency: 'EUR',
      total_order_value: '0.3',
      order_count: '3',
    })
  })
})

test('an order is a custom event with the ids of its products', async () => {
  const seed = {
    ...people(1),
    eventDefinitions: [
      {
        name: 'order_completed',
        properties: [
          { name: 'order_id', type: 'string' },
          { name: 'total', type: 'number' },
          { name: 'product_ids', type: 'string' },
          { name: 'product_count', type: 'number' },
        ],
      },
    ],
  }
  const { sandbox, hubspot } = await openHubSpot({}, { seed })
  const properties = { order_id: 'o1', total: 30, products: [{ product_id: 'p1' }, { product_id: 'p2' }] }
  const item = eventOf('1', 'u0', {}, { event: { type: 'track', event: 'Order Completed', properties } })
  expect(await results(hubspot, [item])).toMatchObject([
    { outcome: { status: 'sent' }, losses: [{ kind: 'collapsed' }] },
  ])
  settle(sandbox)
  expect(sandbox.inspect().events).toMatchObject([
    { properties: { order_id: 'o1', total: '30', product_ids: 'p1;p2', product_count: '2' } },
  ])
})

test('a property that the definition lacks is named as it was given', async () => {
  const { hubspot } = await openHubSpot({}, { seed: people(1) })
  const [done] = await results(hubspot, [
    eventOf('1', 'u0', { sku: 'x', notDefined: 1, deep: { downThere: 'y' } }),
  ])
  expect(done?.losses.map(({ path }) => path)).toEqual([
    'event.properties.notDefined',
    'event.properties.deep.downThere',
  ])
})
