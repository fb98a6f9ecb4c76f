import { fc, test as fcTest } from '@fast-check/vitest'
import type { EventItem, Values } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { accountOptions, eventItem } from '../../fixtures/sandbox-account.ts'
import type { MixpanelOptions } from '../options.ts'
import { createEventMapper, insertIdOf, toLinkEvent } from './events.ts'
import { isFault } from './identifier.ts'
import type { Findings } from './values.ts'

const at = '2026-11-01T10:00:00.000Z'
const nowMs = Date.parse(at)
function mapped(
  event: Partial<EventItem['event']>,
  options: Partial<MixpanelOptions> = {},
  item: Partial<EventItem> = {},
) {
  const findings: Findings = { losses: [] }
  const mapper = createEventMapper({ ...accountOptions, ...options })
  const whole = eventItem('key-1', at, {
    ...item,
    event: { type: 'track', event: 'Test', properties: {}, ...event },
  })
  const made = mapper.toMixpanelEvent(whole, { distinctId: 'u1', userId: 'u1' }, nowMs, findings)
  return {
    fault: isFault(made) ? made : undefined,
    event: isFault(made) ? undefined : made.event,
    properties: isFault(made) ? {} : made.properties,
    losses: findings.losses.map(({ kind, path }) => `${kind} ${path}`),
  }
}
const numbered = (count: number): Values =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, index]))

describe('what every event has', () => {
  test('time in ms, ids, our key, and no address but the person’s', () => {
    expect(mapped({}).properties).toEqual({
      time: nowMs,
      distinct_id: 'u1',
      $insert_id: 'key-1',
      ip: 0,
      $user_id: 'u1',
    })
    expect(mapped({ context: { ip: '198.51.100.7' } }).properties['ip']).toBe('198.51.100.7')
  })
  test.each([
    ['a'.repeat(36), 'a'.repeat(36)],
    ['0b0c6d3e-8f5c-4a46-9a62-3a1c40c5a6c1', '0b0c6d3e-8f5c-4a46-9a62-3a1c40c5a6c1'],
    ['käse', '28f37578d68271283cefa0f170127d2e'],
  ])('%s is the key %s', (key, insertId) => {
    expect(insertIdOf(key)).toBe(insertId)
  })
  test.each(['a'.repeat(37), 'a_b', 'evt 1', 'Null', '0', 'undefined'])('%s becomes 32 hex digits', (key) => {
    expect(insertIdOf(key)).toMatch(/^[0-9a-f]{32}$/)
  })
  fcTest.prop([fc.string({ minLength: 1, unit: 'binary' })])(
    'every key has one that Mixpanel takes, always the same',
    (key) => {
      expect(insertIdOf(key)).toMatch(/^[A-Za-z0-9-]{1,36}$/)
      expect(insertIdOf(key)).toBe(insertIdOf(key))
    },
  )
})

describe('time', () => {
  const timed = (offsetMs: number) => mapped({}, {}, { at: new Date(nowMs + offsetMs).toISOString() })
  test.each([
    [0, undefined, []],
    [3_599_999, undefined, ['coerced at']],
    [3_600_000, undefined, ['coerced at']],
    [3_600_001, 'at', []],
  ])('%i ms ahead', (offsetMs, path, losses) => {
    const { fault, losses: found } = timed(offsetMs)
    expect(fault?.path).toBe(path)
    expect(found).toEqual(losses)
  })
  test('before 1971 and no instant at all are dead', () => {
    expect(mapped({}, {}, { at: '1970-12-31T23:59:59.999Z' }).fault?.code).toBe('invalid')
    expect(mapped({}, {}, { at: '1971-01-01T00:00:00.000Z' }).fault).toBeUndefined()
    expect(mapped({}, {}, { at: 'yesterday' }).fault?.message).toBe('not an instant')
  })
})

describe('names', () => {
  test('pages and screens are viewed; an account renames', () => {
    expect(mapped({ type: 'page', event: 'Pricing' }).event).toBe('Viewed Pricing Page')
    expect(mapped({ type: 'screen', event: 'Home' }).event).toBe('Viewed Home Screen')
    expect(mapped({ event: 'Test' }, { eventNames: { Test: 'Checked' } }).event).toBe('Checked')
  })
  test.each(['$identify', '$create_alias', '$merge', ''])(
    '"%s" would void the batch or is none: dead',
    (event) => {
      expect(mapped({ event }).fault).toMatchObject({ code: 'invalid', path: 'event.event' })
    },
  )
  test('what means something else to Mixpanel is renamed or left out, with a loss', () => {
    const properties = {
      time: 1,
      ip: 2,
      bucket: 3,
      distinct_id: 4,
      token: 5,
      $ignore: true,
      $bucket: 6,
      mp_lib: 'x',
      $insert_id: 'y',
      kept: 7,
    }
    const { properties: made, losses } = mapped({ properties })
    expect(made).toMatchObject({
      property_time: 1,
      property_ip: 2,
      property_bucket: 3,
      kept: 7,
      $insert_id: 'key-1',
    })
    expect(Object.keys(made)).not.toContain('$ignore')
    expect(losses).toEqual([
      'renamed event.properties.time',
      'renamed event.properties.ip',
      'renamed event.properties.bucket',
      'renamed event.properties.distinct_id',
      'renamed event.properties.token',
      'dropped event.properties.$ignore',
      'dropped event.properties.$bucket',
      'dropped event.properties.mp_lib',
      'dropped event.properties.$insert_id',
    ])
  })
  test.each([
    [254, 'kept'],
    [255, 'kept'],
    [256, 'gone'],
  ])('of %i characters are %s, and never cut', (length, fate) => {
    const { properties, losses } = mapped({ properties: { ['n'.repeat(length)]: 1 } })
    expect(Object.hasOwn(properties, 'n'.repeat(length)) ? 'kept' : 'gone').toBe(fate)
    expect(losses).toHaveLength(fate === 'kept' ? 0 : 1)
    expect(mapped({ event: 'N'.repeat(length) }).fault?.code).toBe(fate === 'kept' ? undefined : 'too-large')
  })
  test('a declared name of Mixpanel’s own is an error at start', () => {
    const fields = [{ of: 'event', name: 'time', type: 'instant' }] as const
    expect(() => createEventMapper({ ...accountOptions, fields })).toThrow(/"time" means something else/)
    expect(() => createEventMapper({ ...accountOptions, groupKeys: ['mp_company'] })).toThrow(/mp_company/)
    expect(() => createEventMapper({ ...accountOptions, eventNames: { a: 'X', b: 'X' } })).toThrow(
      /both become "X"/,
    )
  })
})

describe('how many', () => {
  test.each([
    [248, 0],
    [249, 0],
    [250, 1],
    [300, 51],
  ])('%i properties beside our five lose %i', (count, lost) => {
    const { properties, losses } = mapped({ properties: numbered(count) })
    expect(Object.keys(properties)).toHaveLength(Math.min(254, count + 5))
    expect(losses).toHaveLength(lost)
  })
  test('the registry’s order decides which stay, and the context gives way first', () => {
    const fields = [{ of: 'event', name: 'p299', type: 'number' }] as const
    const { properties, losses } = mapped(
      { properties: numbered(300), context: { locale: 'de' } },
      { fields },
    )
    expect(properties['p299']).toBe(299)
    expect(losses).toContain('dropped event.context.locale')
  })
})

describe('context', () => {
  test('goes into default properties; the event’s own value wins; the rest is a loss', () => {
    const context = {
      locale: 'de',
      page: { url: 'https://shop.example/', title: 'Shop' },
      campaign: { source: 'mail' },
      library: { name: 'x' },
    }
    const { properties, losses } = mapped({ properties: { utm_source: 'own' }, context })
    expect(properties).toMatchObject({
      $locale: 'de',
      $current_url: 'https://shop.example/',
      utm_source: 'own',
    })
    expect(losses).toEqual([
      'dropped event.context.page.title',
      'dropped event.context.campaign.source',
      'dropped event.context.library.name',
    ])
  })
  test('a value that is cut says where', () => {
    const context = { page: { url: `https://shop.example/${'x'.repeat(300)}` } }
    expect(mapped({ context }).losses).toEqual(['truncated event.context.page.url'])
  })
  test('its group goes into the only group key', () => {
    const context = { groupId: 'acme' }
    expect(mapped({ context }, { groupKeys: ['company'] }).properties['company']).toEqual(['acme'])
    expect(mapped({ context }).losses).toEqual(['dropped event.context.groupId'])
    expect(mapped({ context }, { groupKeys: ['company', 'team'] }).losses).toEqual([
      'dropped event.context.groupId',
    ])
  })
})

test('a group key holds a list', () => {
  const options = { groupKeys: ['company'] }
  expect(mapped({ properties: { company: 'acme' } }, options)).toMatchObject({
    properties: { company: ['acme'] },
    losses: ['coerced event.properties.company'],
  })
  expect(mapped({ properties: { company: ['a', 'b'] } }, options).losses).toEqual([])
  expect(mapped({ properties: { company: 7 } }, options).losses).toEqual(['dropped event.properties.company'])
  const crowd = Array.from({ length: 301 }, (_, index) => `g${index}`)
  expect(mapped({ properties: { company: crowd } }, options)).toMatchObject({
    properties: { company: crowd.slice(0, 254) },
    losses: ['truncated event.properties.company'],
  })
})

describe('orders', () => {
  const order = {
    order_id: 'o1',
    currency: 'eur',
    total: 120,
    products: [{ product_id: 'p1', price: 60, quantity: 2 }],
  }
  test('stay one event with their products; the currency is written in upper case', () => {
    const { properties, losses } = mapped({ event: 'Order Completed', properties: order })
    expect(properties).toMatchObject({ ...order, currency: 'EUR' })
    expect(losses).toEqual(['coerced event.properties.currency'])
  })
  test('lose what is no amount', () => {
    const { properties, losses } = mapped({
      event: 'Order Completed',
      properties: { ...order, currency: 'EUR', total: -5, revenue: 'many' },
    })
    expect(Object.keys(properties)).not.toContain('total')
    expect(losses.toSorted()).toEqual(['dropped event.properties.revenue', 'dropped event.properties.total'])
  })
})

test('a link of an original project never says $merge', () => {
  const link = {
    kind: 'link',
    key: 'k',
    lane: 'u1',
    at,
    known: { userId: 'u1' },
    other: { anonymousId: 'a1' },
  } as const
  const original = { ...accountOptions, identityMode: 'original' } as const
  expect(toLinkEvent(link, 'u1', 'a1', original)).toMatchObject({
    event: '$create_alias',
    properties: { distinct_id: 'u1', alias: 'a1', token: accountOptions.projectToken },
  })
  expect(toLinkEvent(link, 'u1', 'a1', accountOptions)).toMatchObject({
    event: 'Identity Linked',
    properties: { distinct_id: 'u1', $user_id: 'u1', $device_id: 'a1' },
  })
})
