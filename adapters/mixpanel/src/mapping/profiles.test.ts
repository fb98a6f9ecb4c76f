import type { Values } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { accountOptions } from '../../fixtures/sandbox-account.ts'
import type { MixpanelOptions } from '../options.ts'
import { createProfileMapper } from './profiles.ts'
import { segmentAttribute, toConsent, toMembership } from './segments.ts'
import type { Findings } from './values.ts'

const change = (set: Values, before?: Values, options: Partial<MixpanelOptions> = {}) => {
  const findings: Findings = { losses: [] }
  const made = createProfileMapper({ ...accountOptions, ...options }).toChange(set, before, findings)
  return { ...made, losses: findings.losses.map(({ kind, path }) => `${kind} ${path}`) }
}

test('Mixpanel’s own names, and everything else as it is', () => {
  const set = {
    email: 'Ada@Example.com',
    firstName: 'Ada',
    createdAt: '2026-11-01T10:00:00.000Z',
    address: { city: 'Riga', country: 'LV', street: 'Brivibas 1' },
    plan: 'pro',
  }
  expect(change(set)).toEqual({
    set: {
      $email: 'Ada@Example.com',
      $first_name: 'Ada',
      $created: '2026-11-01T10:00:00.000Z',
      $city: 'Riga',
      $country_code: 'LV',
      address: { street: 'Brivibas 1' },
      plan: 'pro',
    },
    unset: [],
    losses: [],
  })
})
test('an address in another case is no change, nor is the rest of an address that stays', () => {
  const before = { email: 'ada@example.com', address: { city: 'Riga', street: 'Brivibas 1' } }
  const after = { email: 'Ada@Example.com ', address: { city: 'Jelgava', street: 'Brivibas 1' } }
  expect(change(after, before)).toMatchObject({ set: { $city: 'Jelgava' }, unset: [] })
})
test('a phone of a group is E.164, too', () => {
  const findings: Findings = { losses: [] }
  const groups = createProfileMapper(accountOptions, 'group')
  expect(groups.toChange({ phone: '0151 1', name: 'Acme' }, undefined, findings).set).toEqual({
    $name: 'Acme',
  })
  expect(findings.losses).toMatchObject([{ path: 'set.phone', kind: 'dropped' }])
})
test('null clears by Mixpanel’s name; what was clear stays unsent', () => {
  expect(change({ email: null, plan: null })).toMatchObject({ set: {}, unset: ['$email', 'plan'] })
  expect(change({ email: null, plan: null }, { email: 'a@b.example' })).toMatchObject({ unset: ['$email'] })
})
test('unchanged values by their declared type; all of them when the account wants', () => {
  const fields = [{ of: 'user', name: 'seenAt', type: 'instant' }] as const
  const set = { seenAt: '2026-11-01T12:00:00+02:00' }
  const before = { seenAt: '2026-11-01T10:00:00.000Z' }
  expect(change(set, before, { fields }).set).toEqual({})
  expect(change(set, before, { fields, skipUnchanged: false }).set).toEqual(set)
})
test('what only Mixpanel writes, and what is no phone number, is lost with a reason', () => {
  const { set, losses } = change({
    $last_seen: 'x',
    ip: '1.2.3.4',
    mp_lib: 'y',
    phone: '0151 123',
    $email: 'a',
    email: 'b',
  })
  expect(set).toEqual({ $email: 'a' })
  expect(losses).toEqual([
    'dropped set.$last_seen',
    'dropped set.ip',
    'dropped set.mp_lib',
    'dropped set.phone',
    'dropped set.email',
  ])
})
test.each([
  [255, []],
  [256, [`dropped set.${'n'.repeat(256)}`]],
])('a name of %i characters', (length, losses) => {
  expect(change({ ['n'.repeat(length)]: 1 }).losses).toEqual(losses)
})
test.each([
  [{ fields: [{ of: 'user', name: 'ip', type: 'string' }] }, /only Mixpanel writes/],
  [
    { fieldNames: { plan: '$last_seen' }, fields: [{ of: 'user', name: 'plan', type: 'string' }] },
    /\$last_seen/,
  ],
  [{ fieldNames: { mail: '$email' } }, /both become/],
] as const)('%o is an error at start', (options, message) => {
  expect(() => createProfileMapper({ ...accountOptions, ...options })).toThrow(message)
})

describe('reading', () => {
  const fields = [
    { of: 'user', name: 'createdAt', type: 'instant' },
    { of: 'user', name: 'age', type: 'integer' },
    { of: 'user', name: 'tags', type: 'strings' },
  ] as const
  const profiles = createProfileMapper({ ...accountOptions, fields })
  test('a moment without a zone is UTC; a value of another type is missing; undeclared ones come as they are', () => {
    const properties = {
      $created: '2026-11-01T10:00:00',
      age: '41',
      tags: ['a', 'a', 'b'],
      plan: 7,
      $email: 'a@b.example',
    }
    expect(profiles.fromProfile(properties, ['createdAt', 'age', 'tags', 'plan', 'email', 'absent'])).toEqual(
      {
        createdAt: '2026-11-01T10:00:00.000Z',
        tags: ['a', 'b'],
        plan: 7,
        email: 'a@b.example',
      },
    )
  })
})

describe('segments and consent', () => {
  const item = { key: 'k', lane: 'u1', at: '2026-11-01T10:00:00.000Z', who: { userId: 'u1' } } as const
  test('a flag’s name', () => {
    expect(segmentAttribute('VIP Customers!')).toBe('seg_vip_customers')
    expect(segmentAttribute('老客户')).toBe('seg_老客户')
  })
  test('leaving unsets', () => {
    const segment = { form: 'attribute', id: 'seg_vip' } as const
    expect(toMembership({ ...item, kind: 'membership', segment, member: false })).toEqual({
      set: {},
      unset: ['seg_vip'],
    })
  })
  test('an act without a basis takes an older basis away', () => {
    expect(toConsent({ ...item, kind: 'consent', channel: 'sms', state: 'denied' })).toEqual({
      set: { consent_sms: 'denied', consent_sms_at: item.at },
      unset: ['consent_sms_basis'],
    })
  })
})
