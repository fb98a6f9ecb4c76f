import { describe, expect, test } from 'vitest'
import type { Identity } from '../identity.ts'
import { checkIdentity } from './check-identity.ts'
import { foldCollisions } from './fold-collisions.ts'

describe('checkIdentity', () => {
  test('accepts ids as opaque text and plausible addresses', () => {
    expect(
      checkIdentity({
        userId: '00001',
        anonymousId: ' -1 ',
        email: "o'neil+x@mail.example.co",
        phone: '+4915112345678',
        vendorIds: { hubspot: '1234' },
      }),
    ).toEqual([])
    expect(checkIdentity({})).toEqual([])
  })

  test('names every mistake', () => {
    const who = {
      userId: 1,
      anonymousId: '',
      email: 'a@b',
      phone: '0151 1234',
      vendorIds: { hubspot: 7, 'my crm': 'x' },
    } as unknown as Identity
    expect(checkIdentity(who).map((mistake) => mistake.path)).toEqual([
      'userId',
      'anonymousId',
      'email',
      'phone',
      'vendorIds.hubspot',
    ])
  })

  test.each([
    '',
    '@b.example',
    'a@',
    'a@b',
    'a@b..example',
    'a b@c.example',
    'a@b@c.example',
    `${'a'.repeat(250)}@b.example`,
  ])('refuses the e-mail %j', (email) => {
    expect(checkIdentity({ email })).toMatchObject([{ path: 'email' }])
  })

  test.each(['', '+', '+0123', '4915112345678', '+49 151', '+1234567890123456', '+49151a'])(
    'refuses the phone %j',
    (phone) => {
      expect(checkIdentity({ phone })).toMatchObject([{ path: 'phone' }])
    },
  )
})

test('foldCollisions finds names that become one, and no repeats', () => {
  const lower = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '_')
  expect(foldCollisions(['Plan', 'age', 'plan', 'a.b', 'age', 'a b', 'A_B'], lower)).toEqual([
    { folded: 'plan', names: ['Plan', 'plan'] },
    { folded: 'a_b', names: ['a.b', 'a b', 'A_B'] },
  ])
  expect(foldCollisions(['a', 'a', 'b'], lower)).toEqual([])
})
