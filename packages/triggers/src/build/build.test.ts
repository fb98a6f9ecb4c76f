import { describe, expect, test } from 'vitest'
import { normalise, type TriggerInput } from '../index.ts'
import * as build from '../index.ts'

const { above, all, anchor, atLeast, did, ending, inSegment, is, isNot, not, on, send, sequence, trigger } =
  build
const plan = build.definePlan({
  events: {
    'Product Viewed': { product_id: 'string' },
    'Product Added': { product_id: 'string', price: 'number' },
    'Order Completed': { 'products[].product_id': 'string', revenue: 'number' },
  },
  traits: { lifetimeValue: 'number', birthday: 'date' },
})
const viewed = plan.event('Product Viewed')
const added = plan.event('Product Added')
const ordered = plan.event('Order Completed')
const order = { type: 'track', name: 'Order Completed' } as const
const add = { type: 'track', name: 'Product Added' } as const

describe('the builder only builds JSON', () => {
  test('a whole trigger has the normal form of the JSON that says the same', () => {
    const json: TriggerInput = {
      specVersion: 1,
      id: 'abandoned-cart',
      when: { kind: 'without', base: { kind: 'on', event: add }, event: order, for: '1h' },
      who: {
        kind: 'and',
        conditions: [
          { kind: 'trait', trait: 'lifetimeValue', op: 'gt', value: 100 },
          { kind: 'not', condition: { kind: 'inSegment', segment: 'staff' } },
        ],
      },
      cooldown: '1d',
      atMost: [{ count: 1, per: '7d' }],
      quietHours: { from: '21:00', to: '08:00' },
      holdout: { share: 0.1 },
      goals: [{ event: order, within: '7d' }],
      journey: [
        {
          kind: 'send',
          channel: 'email',
          content: { braze: { kind: 'canvas', id: 'c1' } },
          data: { item: { anchor: 'product_id' } },
        },
        { kind: 'wait', for: '48h' },
      ],
    }
    const built = trigger('abandoned-cart', {
      when: on(added).without(ordered, { for: '1h' }),
      who: all(plan.trait('lifetimeValue', above(100)), not(inSegment('staff'))),
      limits: { cooldown: '24h', atMost: [[1, '7d']] },
      quietHours: { from: '21:00', to: '08:00' },
      holdout: 0.1,
      goals: [ending(ordered, { within: '7d' })],
      journey: [
        send('email', { braze: { kind: 'canvas', id: 'c1' } }, { item: anchor('product_id') }),
        build.wait('48h'),
      ],
    })
    expect(built).toEqual(normalise(json))
    expect(JSON.parse(JSON.stringify(built))).toEqual(built)
  })

  test('checks in one `where` must all fit, of several any', () => {
    const { match } = added.where({ price: above(1), product_id: isNot('p1') }, { price: is(0) })
    const { when } = trigger('t', { when: on({ ...added, match }) })
    const price = { kind: 'property', property: 'price' }
    expect(when).toEqual({
      kind: 'on',
      event: {
        ...add,
        where: {
          kind: 'or',
          predicates: [
            {
              kind: 'and',
              predicates: [
                { ...price, op: 'gt', value: 1 },
                { kind: 'property', property: 'product_id', op: 'neq', value: 'p1' },
              ],
            },
            { ...price, op: 'eq', value: 0 },
          ],
        },
      },
    })
  })

  test('several checks of one property, and events of which no plan speaks', () => {
    const { match } = build.event('Page Left').where({ seconds: [atLeast(10), build.below(60)] })
    const seconds = { kind: 'property', property: 'seconds' }
    expect(
      trigger('t', { when: on({ ...added, match }), who: build.trait('tier', is('gold')) }),
    ).toMatchObject({
      when: {
        event: {
          name: 'Page Left',
          where: {
            kind: 'and',
            predicates: [
              { ...seconds, op: 'gte', value: 10 },
              { ...seconds, op: 'lt', value: 60 },
            ],
          },
        },
      },
      who: { kind: 'trait', trait: 'tier', op: 'eq', value: 'gold' },
    })
    const moved = build.identified().where({ city: build.exists() })
    expect(trigger('t', { when: on(moved) }).when).toMatchObject({ event: { type: 'identify' } })
  })

  test('the same product: by, and the anchor', () => {
    const sameProduct = added.where({ product_id: is(anchor('product_id')) })
    const when = on(viewed)
      .times(3, { within: '24h' })
      .by('product_id')
      .given(not(did(sameProduct, { within: '1d' })))
    expect(trigger('t', { when }).when).toEqual({
      kind: 'given',
      base: {
        kind: 'times',
        by: 'product_id',
        event: { type: 'track', name: 'Product Viewed' },
        count: 3,
        within: '1d',
      },
      condition: {
        kind: 'not',
        condition: {
          kind: 'did',
          event: {
            ...add,
            where: { kind: 'property', property: 'product_id', op: 'eq', anchor: 'product_id' },
          },
          count: { op: 'gte', value: 1 },
          within: '1d',
        },
      },
    })
  })

  test.each([
    ['inactive', build.inactive('48h')],
    ['enters', build.enters('s')],
    ['leaves', build.leaves('s')],
    ['changes', build.changes('plan', { to: null })],
    ['at', build.at('birthday', { time: '09:00', repeat: 'yearly' })],
    ['schedule', build.schedule('0 9 * * 1', { zone: 'Europe/Berlin', segment: 's' })],
    ['sequence', sequence([viewed, { event: added, gap: '5m' }], { within: '30m' })],
  ])('%s', (kind, when) => {
    expect(trigger('t', { when }).when).toMatchObject({ kind })
  })

  test('every step', () => {
    const mail = send('email', { braze: { kind: 'canvas', id: 'c1' } })
    const journey = [
      mail,
      build.fallback([mail, send('sms', {})], { ifNotEngagedIn: '1d' }),
      build.wait('1h'),
      build.waitUntil('09:00'),
      build.waitFor(on(ordered), { timeout: '1d', yes: [build.exit()] }),
      build.branch(did(ordered, { count: atLeast(2) }), { yes: [mail] }),
      build.split([
        [1, [mail]],
        [1, []],
      ]),
      build.setTrait('vip', { value: true }),
      build.addTo('s'),
      build.removeFrom('s'),
      build.emit('Reminded', { product: anchor('product_id') }),
      build.webhook('https://example.com/hook'),
      build.exit(),
    ]
    const built = trigger('t', { when: on(added), journey })
    expect(built.journey.map(({ kind }) => kind)).toEqual(journey.map(({ kind }) => kind))
    expect(normalise(built)).toEqual(built)
  })

  test('every condition', () => {
    const condition = all(
      build.total(ordered, 'revenue', 'sum', atLeast(100), { within: '180d' }),
      build.any(build.quietFor('7d'), build.inSession(did(build.anyEvent()))),
      plan.trait('birthday', build.withinNext('7d')),
    )
    expect(build.segment('s', condition)).toMatchObject({
      kind: 'dynamic',
      condition: { kind: 'and', conditions: [{ kind: 'total' }, { kind: 'or' }, { op: 'withinNext' }] },
    })
  })

  test('mistakes that types cannot see throw with their path', () => {
    expect(() => trigger('t', { when: on(added).without(ordered, { for: 'soon' }) })).toThrow(/when\.for/)
  })
})
