import type { EventItem, Identity, Item, Loss, ProfileItem, Values } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { comparePictures, expectations, type Delivered, type Difference } from './index.ts'

const at = '2026-01-02T03:04:05.678Z'
const who: Identity = { userId: 'u1' }
const base = { key: 'k-1', lane: 'u1', at }
const event = (properties: Values, name = 'Seen', more: Partial<EventItem> = {}): EventItem => ({
  ...base,
  kind: 'event',
  who,
  event: { type: 'track', event: name, properties },
  ...more,
})
const profile = (set: Values): ProfileItem => ({ ...base, kind: 'profile', who, set })
const sent = (item: Item, ...losses: readonly Loss[]): Delivered => ({
  item,
  result: { key: item.key, outcome: { status: 'sent', proof: 'stored' }, losses, done: [] },
})
const loss = (kind: Loss['kind'], path: string): Loss => ({ kind, path, because: 'test', source: 'test' })

type Vendor = Exclude<keyof typeof expectations, 'braze'>
function differences(vendor: Vendor, delivered: readonly Delivered[], state: object): readonly Difference[] {
  const { expect: should, observe } = expectations[vendor]
  return comparePictures(should(delivered, { groupKeys: ['company'] }), observe(state)).differences
}

describe('segment', () => {
  const message = {
    type: 'track',
    userId: 'u1',
    event: 'Seen',
    context: { library: {} },
    originalTimestamp: at,
  }
  const person = {
    id: 'p',
    collection: 'users',
    links: [],
    consent: {},
    externalIds: [{ type: 'user_id', id: 'u1' }],
  }
  const state = (properties: Values, traits: Values) => ({
    messages: [{ ...message, properties }],
    profiles: [{ ...person, traits }],
    audiences: [],
  })
  test('keeps everything as it is; a cleared trait is null', () => {
    const given = [sent(event({ a: 1 })), sent(profile({ plan: 'pro', gone: null }))]
    expect(differences('segment', given, state({ a: 1 }, { plan: 'pro', gone: null }))).toEqual([])
    expect(differences('segment', given, state({ a: '1' }, { Plan: 'pro' })).map(({ what }) => what)).toEqual(
      [`event "track Seen" at ${at}: a`, 'plan', 'Plan'],
    )
  })
  test('two ids in one message are one person, unless a user id is already there', () => {
    const link = (userId: string): Item => ({
      ...base,
      kind: 'link',
      known: { userId },
      other: { anonymousId: 'a1' },
    })
    const anonymous: Item = { ...profile({ seen: 1 }), who: { anonymousId: 'a1' } }
    const joined = { ...person, traits: { seen: 1 } }
    expect(
      differences('segment', [sent(anonymous), sent(link('u1')), sent(link('u2'))], {
        messages: [],
        audiences: [],
        profiles: [joined, { ...person, id: 'q', traits: {}, externalIds: [{ type: 'user_id', id: 'u2' }] }],
      }),
    ).toEqual([])
  })
})

describe('mixpanel', () => {
  const properties = { time: Date.parse(at), distinct_id: 'u1', $user_id: 'u1', $insert_id: 'k-1' }
  const state = (more: Values, profiles: Values = {}) => ({
    events: [{ event: 'Seen', properties: { ...properties, ...more } }],
    profiles: [{ distinctId: 'u1', properties: profiles }],
    groups: [],
    devices: [],
  })
  test('has names of its own, copies that queries remove, and texts of 255 bytes', () => {
    const given = [
      sent(event({ note: `${'x'.repeat(254)}é` }), loss('truncated', 'event.properties.note')),
      sent(profile({ firstName: 'Ada', address: { city: 'Riga' } })),
    ]
    const seen = state({ note: 'x'.repeat(254) }, { $first_name: 'Ada', $city: 'Riga', $last_seen: 'now' })
    expect(differences('mixpanel', given, { ...seen, events: [...seen.events, ...seen.events] })).toEqual([])
    expect(
      differences(
        'mixpanel',
        given.slice(0, 1).map(({ item }) => sent(item)),
        seen,
      ),
    ).not.toEqual([])
  })
  test('knows an event by its own key, or by the digest of one that it cannot hold', () => {
    expect(differences('mixpanel', [sent(event({}))], state({ $insert_id: 'other' }))).toMatchObject([
      { what: `event "Seen" at ${at}: $insert_id`, expected: 'k-1' },
    ])
    const digest = '8fa3aab2faa9b79e0a0398da5b5abd07' // sha256sum of it, first half
    expect(
      differences('mixpanel', [sent({ ...event({}), key: 'a key' })], state({ $insert_id: digest })),
    ).toEqual([])
  })
  test('gives the events of a device to the first user who claims it', () => {
    const link = (userId: string): Item => ({
      ...base,
      kind: 'link',
      known: { userId },
      other: { anonymousId: 'a1' },
    })
    const given = [
      sent(event({}, 'Seen', { who: { anonymousId: 'a1' } })),
      sent(link('u1')),
      sent(link('u2')),
    ]
    const seen = state({ distinct_id: '$device:a1', $user_id: null })
    expect(differences('mixpanel', given, { ...seen, devices: [{ deviceId: 'a1', userId: 'u1' }] })).toEqual(
      [],
    )
  })
})

describe('hubspot', () => {
  const contact = (properties: Readonly<Record<string, string>>) => ({
    id: '1',
    archived: false,
    properties: { tripline_user_id: 'u1', hs_object_id: '1', createdate: at, ...properties },
  })
  const state = (properties: Readonly<Record<string, string>>, events: readonly object[] = []) => ({
    contacts: [contact(properties)],
    companies: [],
    associations: [],
    lists: [{ listId: '7', processingType: 'MANUAL', members: ['1'] }],
    events,
    consent: [],
  })
  const member: Item = { ...base, kind: 'membership', who, segment: { form: 'list', id: '7' }, member: true }
  test('holds text, folded names and sets; an empty text clears', () => {
    const set = { firstName: 'Ada', 'Plan Tier': 3, tags: ['b', 'a', 'b'], vip: false, note: '' }
    const given = [
      sent(profile(set), loss('collapsed', 'set.tags'), loss('dropped', 'set.note')),
      sent(member),
    ]
    const held = { firstname: 'Ada', plan_tier: '3', tags: 'b;a', vip: 'false' }
    expect(differences('hubspot', given, state(held))).toEqual([])
    expect(differences('hubspot', given, state({ ...held, vip: 'true' })).map(({ what }) => what)).toEqual([
      'vip',
    ])
  })
  test('keeps of an order’s products their ids and number', () => {
    const order = event({ total: 1e-7, products: [{ product_id: 'p1' }, { sku: 'p2' }] }, 'Order Completed')
    const stored = { total: '0.0000001', product_count: '2', product_ids: 'p1;p2' }
    const events = [{ eventType: 'pe1_order_completed', objectId: '1', occurredAt: at, properties: stored }]
    const given = [sent(order, loss('collapsed', 'event.properties.products')), sent(member)]
    expect(differences('hubspot', given, state({}, events))).toEqual([])
  })
})

describe('intercom', () => {
  const contact = {
    id: 'c1',
    role: 'user',
    external_id: 'u1',
    standing: 'active',
    unsubscribed_from_emails: false,
    tags: [],
    companies: [],
    subscriptions: [],
  }
  const second = Math.floor(Date.parse(at) / 1_000)
  const stored = (created_at: number, metadata: Values) => ({
    event_name: 'seen',
    created_at,
    intercom_user_id: 'c1',
    metadata,
  })
  const state = (events: readonly object[], custom_attributes: Values = {}, name: string | null = null) => ({
    contacts: [{ ...contact, name, custom_attributes }],
    companies: [],
    events,
  })
  test('keeps one event per name and second: the next is moved, or ignored, with a word', () => {
    const rounded = loss('rounded', 'at')
    const moved = [sent(event({ a: 1 }), rounded), sent(event({ a: 2 }), rounded, loss('coerced', 'at'))]
    expect(
      differences('intercom', moved, state([stored(second, { a: 1 }), stored(second + 1, { a: 2 })])),
    ).toEqual([])
    const collapsed = [
      sent(event({ a: 1 }), rounded),
      sent(event({ a: 2 }), rounded, loss('collapsed', 'at')),
    ]
    expect(differences('intercom', collapsed, state([stored(second, { a: 1 })]))).toEqual([])
  })
  test('makes minor units by the currency, flat names and one name', () => {
    const money = event({ paid: { amount: 1.005, currency: 'EUR' }, yen: { amount: 12, currency: 'JPY' } })
    const metadata = { paid: { amount: 101, currency: 'eur' }, yen: { amount: 12, currency: 'jpy' } }
    const named = profile({ firstName: 'Ada', lastName: 'L', deep: { flag: true } })
    const losses = [loss('collapsed', 'set.firstName'), loss('renamed', 'set.deep.flag')]
    const given = [sent(money, loss('rounded', 'at')), sent(named, ...losses)]
    expect(
      differences('intercom', given, state([stored(second, metadata)], { deep_flag: true }, 'Ada L')),
    ).toEqual([])
  })
})

test('60,000 events are compared in one go', () => {
  const delivered = Array.from({ length: 60_000 }, (_, index) =>
    sent({
      ...event({ index, note: 'x'.repeat(50) }),
      key: `k-${index}`,
      who: { userId: `u${index % 2_000}` },
    }),
  )
  const { expect: should } = expectations.segment
  const messages = delivered.map(({ item }) => ({
    type: 'track',
    userId: (item as EventItem).who.userId,
    event: 'Seen',
    properties: (item as EventItem).event.properties,
    context: {},
    originalTimestamp: at,
  }))
  const { isEqual, counts } = comparePictures(
    should(delivered),
    expectations.segment.observe({ messages, profiles: [], audiences: [] }),
  )
  expect({ isEqual, ...counts }).toMatchObject({ isEqual: true, eventsExpected: 60_000, eventsFound: 60_000 })
})

test('as many differences as asked for are listed, and all are counted', () => {
  const delivered = Array.from({ length: 50 }, (_, index) => sent(event({ index })))
  const expected = expectations.segment.expect(delivered)
  const nothing = expectations.segment.observe({ messages: [], profiles: [], audiences: [] })
  const { differences: listed, total, isEqual } = comparePictures(expected, nothing, 7)
  expect([listed.length, total, isEqual]).toEqual([7, 50, false])
})
