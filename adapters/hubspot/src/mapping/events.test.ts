import type { EventItem, Field, Loss, Values } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { at, eventOf, fields } from '../../fixtures/open-sandbox.ts'
import type { HubSpotOptions } from '../options.ts'
import { createEventMapper } from './events.ts'
import { isFault } from './identifier.ts'

const nowMs = Date.parse('2026-11-01T11:00:00.000Z')

function map(properties: Values, more: Partial<EventItem> = {}, options: HubSpotOptions = { fields }) {
  const losses: Loss[] = []
  const made = createEventMapper(options).toHubSpotEvent(eventOf('k', 'u1', properties, more), nowMs, losses)
  if (isFault(made)) throw new Error(made.message)
  return { ...made, losses: losses.map(({ path, kind }) => `${kind} ${path}`) }
}
const named = (event: string, type: EventItem['event']['type'] = 'track') =>
  map({}, { event: { type, event, properties: {} } }).name

describe('events', () => {
  test('names are folded', () => {
    expect(named('Product Added')).toBe('product_added')
    expect(named('cart-abandoned')).toBe('cart-abandoned')
    expect(named('3D View')).toBe('e_3d_view')
    expect(named('Pricing', 'page')).toBe('viewed_pricing_page')
    expect(named('Home', 'screen')).toBe('viewed_home_screen')
  })

  test('the uuid comes from the key alone, and is the same for ever', () => {
    expect(map({}).uuid).toBe(map({ sku: 'x' }, { at: '2026-10-01T00:00:00.000Z' }).uuid)
    expect(map({}).uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(map({}, { key: 'other' }).uuid).not.toBe(map({}).uuid)
  })

  test('values become text, days midnight UTC, nested names one level', () => {
    expect(
      map({
        sku: 'x',
        price: 3.5,
        isGift: false,
        shipOn: '2026-11-02',
        shipAt: '2026-11-02T10:00:00+01:00',
        box: { size: { w: 2 } },
      }).properties,
    ).toEqual({
      sku: 'x',
      price: '3.5',
      isgift: 'false',
      shipon: '2026-11-02T00:00:00.000Z',
      shipat: '2026-11-02T09:00:00.000Z',
      box_size_w: '2',
    })
  })

  test('empty values are dropped: an event cannot hold them', () => {
    expect(map({ sku: '', price: null })).toMatchObject({
      properties: {},
      losses: ['dropped event.properties.sku', 'dropped event.properties.price'],
    })
  })

  test('a property name of 50 characters stays, one of 51 is dropped', () => {
    expect(Object.keys(map({ ['n'.repeat(50)]: 'x' }).properties)).toHaveLength(1)
    expect(map({ ['n'.repeat(51)]: 'x' }).losses).toHaveLength(1)
  })

  test('two properties of one name: the first stays', () => {
    expect(map({ 'a b': '1', 'a-b': '2' })).toMatchObject({
      properties: { a_b: '1' },
      losses: ['collapsed event.properties.a-b'],
    })
  })

  test('the future becomes now, with a loss', () => {
    expect(map({}, { at: '2026-11-01T12:00:00.000Z' })).toMatchObject({
      occurredAt: '2026-11-01T11:00:00.000Z',
      losses: ['coerced at'],
    })
    expect(map({})).toMatchObject({ occurredAt: at, losses: [] })
  })

  test('backfill goes under a muted name', () => {
    expect(map({}, { backfill: true })).toMatchObject({
      name: 'product_added_backfill',
      losses: ['renamed event.event'],
    })
  })

  test('an event name of 100 characters stays, one of 101 is dead', () => {
    expect(named('n'.repeat(100))).toHaveLength(100)
    expect(() => named('n'.repeat(101))).toThrow(/never cut/)
  })

  test.each<[string, readonly Field[], HubSpotOptions['eventNames']]>([
    ['two events of one name', [field('A B', 'x'), field('a_b', 'x')], undefined],
    ['two properties of one name', [field('A', 'x y'), field('A', 'x_y')], undefined],
    ['a property name that is too long', [field('A', 'n'.repeat(51))], undefined],
    ['a rename that meets another event', [field('A', 'x')], { B: 'a' }],
  ])('%s are found at start', (_, registry, eventNames) => {
    expect(() => createEventMapper({ fields: registry, ...(eventNames && { eventNames }) })).toThrow(
      /rename|never cut/,
    )
  })
})
function field(event: string, name: string): Field {
  return { of: 'event', event, name, type: 'string' }
}
