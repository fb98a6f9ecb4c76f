import type { Loss, Values } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { fields } from '../../fixtures/open-sandbox.ts'
import type { HubSpotOptions } from '../options.ts'
import { createProfileMapper, isStepBack } from './profiles.ts'

function put(set: Values, before?: Values, options: HubSpotOptions = { fields }) {
  const losses: Loss[] = []
  const properties = createProfileMapper(options).toProperties(set, before, losses)
  return { properties, losses: losses.map(({ path, kind }) => `${kind} ${path}`) }
}

describe('traits become properties', () => {
  test('HubSpot’s own names, the fold for the rest', () => {
    expect(
      put({
        firstName: 'Ada',
        address: { city: 'Turin', postalCode: '10121', floor: '3' },
        company: { name: 'Acme' },
        'Plan Tier': 'pro',
        '2fa': true,
      }),
    ).toEqual({
      properties: {
        firstname: 'Ada',
        city: 'Turin',
        zip: '10121',
        address_floor: '3',
        company: 'Acme',
        plan_tier: 'pro',
        p_2fa: 'true',
      },
      losses: [],
    })
  })

  test('addresses in lower case, phone numbers only as E.164', () => {
    expect(put({ email: ' Ada@X.test', phone: '0151 123' })).toEqual({
      properties: { email: 'ada@x.test' },
      losses: ['coerced set.email', 'dropped set.phone'],
    })
    expect(put({ email: null, phone: null }).properties).toEqual({ email: '', phone: '' })
    const declared = ['email', 'phone'].map((name) => ({ of: 'user', name, type: 'string' }) as const)
    expect(put({ email: ' Ada@X.test', phone: '0151 123' }, undefined, { fields: declared })).toEqual({
      properties: { email: 'ada@x.test' },
      losses: ['coerced set.email', 'dropped set.phone'],
    })
  })

  test('money is two properties, and both are cleared', () => {
    expect(put({ spent: { amount: 9.9, currency: 'EUR' } }).properties).toEqual({
      spent: '9.9',
      spent_currency: 'EUR',
    })
    expect(put({ spent: null }).properties).toEqual({ spent: '', spent_currency: '' })
  })

  test('what HubSpot sets itself, and our id, are never written', () => {
    expect(put({ createdate: 'x', hs_object_id: '1', tripline_user_id: 'u' })).toEqual({
      properties: {},
      losses: ['dropped set.createdate', 'dropped set.hs_object_id', 'dropped set.tripline_user_id'],
    })
  })

  test('two traits of one name: the first stays', () => {
    expect(put({ 'plan tier': 'a', 'plan-tier': 'b' })).toEqual({
      properties: { plan_tier: 'a' },
      losses: ['collapsed set.plan-tier'],
    })
  })

  test('a name of 100 characters stays, one of 101 is dropped', () => {
    expect(Object.keys(put({ ['n'.repeat(100)]: 'x' }).properties)).toHaveLength(1)
    expect(put({ ['n'.repeat(101)]: 'x' })).toMatchObject({ properties: {}, losses: [/dropped/] })
  })

  test('only differences are sent, at the resolution of HubSpot', () => {
    const before = { plan: 'pro', tags: ['a', 'b'], email: 'Ada@x.test', nick: '' }
    expect(
      put({ plan: 'pro', tags: ['b', 'a'], email: 'ada@X.test', nick: null }, before).properties,
    ).toEqual({})
    expect(put({ plan: 'gold', ltv: null }, before).properties).toEqual({ plan: 'gold' })
    expect(put({ plan: 'pro' }, before, { skipUnchanged: false }).properties).toEqual({ plan: 'pro' })
  })
})

describe('the registry is checked at start', () => {
  test.each<[string, HubSpotOptions]>([
    [
      '"plan-tier"',
      {
        fields: [
          { of: 'user', name: 'plan tier', type: 'string' },
          { of: 'user', name: 'plan-tier', type: 'string' },
        ],
      },
    ],
    ['101', { fields: [{ of: 'user', name: 'n'.repeat(101), type: 'string' }] }],
    ['reserved', { fields: [{ of: 'user', name: 'createdate', type: 'string' }] }],
    [
      'reserved',
      { fields: [{ of: 'user', name: 'x', type: 'string' }], fieldNames: { x: 'tripline_user_id' } },
    ],
    [
      'spent_currency',
      {
        fields: [
          { of: 'user', name: 'spent', type: 'money' },
          { of: 'user', name: 'spent_currency', type: 'string' },
        ],
      },
    ],
    ['firstname', { fieldNames: { vorname: 'firstname' } }],
  ])('%s', (_, options) => {
    expect(() => createProfileMapper(options)).toThrow(/rename|never cut|both become/)
  })
})

test('properties become traits of their declared types', () => {
  const mapper = createProfileMapper({ fields })
  const read = {
    plan: 'pro',
    ltv: '12.50',
    isvip: 'true',
    bornon: '2000-02-29',
    seenat: '2026-11-01T10:00:00Z',
    tags: 'a;b',
    spent: '9.9',
    spent_currency: 'EUR',
    prefs: '{"a":1}',
    firstname: 'Ada',
    city: null,
  }
  const wanted = [
    'plan',
    'ltv',
    'isVip',
    'bornOn',
    'seenAt',
    'tags',
    'spent',
    'prefs',
    'firstName',
    'address.city',
  ]
  expect(mapper.fromProperties(read, wanted)).toEqual({
    plan: 'pro',
    ltv: 12.5,
    isVip: true,
    bornOn: '2000-02-29',
    seenAt: '2026-11-01T10:00:00.000Z',
    tags: ['a', 'b'],
    spent: { amount: 9.9, currency: 'EUR' },
    prefs: { a: 1 },
    firstName: 'Ada',
  })
})

test('a step back is known between HubSpot’s own stages only', () => {
  expect(isStepBack('customer', 'lead')).toBe(true)
  expect(isStepBack('lead', 'customer')).toBe(false)
  expect(isStepBack('12345', 'lead')).toBe(false)
  expect(isStepBack('customer', undefined)).toBe(false)
})
