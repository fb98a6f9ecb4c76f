import { describe, expect, test } from 'vitest'
import type { Identity } from '@tripline/model'
import { createIdentifier, identityOf, isRefused } from './identifier.ts'

const simplified = createIdentifier('simplified')
const original = createIdentifier('original')

describe('who is meant', () => {
  test('simplified: the user, else the device', () => {
    expect(simplified({ userId: '00001', anonymousId: 'a1' })).toEqual({
      distinctId: '00001',
      userId: '00001',
      deviceId: 'a1',
    })
    expect(simplified({ anonymousId: 'a1' })).toEqual({ distinctId: '$device:a1', deviceId: 'a1' })
    expect(simplified({ vendorIds: { mixpanel: 'u9' } })).toEqual({ distinctId: 'u9', userId: 'u9' })
    expect(simplified({ vendorIds: { mixpanel: '$device:a1' } })).toEqual({
      distinctId: '$device:a1',
      deviceId: 'a1',
    })
  })
  test('simplified: a vendor id from before a link does not win over the user', () => {
    expect(simplified({ userId: 'u1', vendorIds: { mixpanel: '$device:a1' } })).toMatchObject({
      distinctId: 'u1',
    })
  })
  test('original: Mixpanel’s own id first', () => {
    expect(original({ userId: 'u1', vendorIds: { mixpanel: 'canonical' } })).toEqual({
      distinctId: 'canonical',
    })
    expect(original({ userId: 'u1', anonymousId: 'a1' })).toEqual({ distinctId: 'u1' })
    expect(original({ anonymousId: 'a1' })).toEqual({ distinctId: 'a1' })
  })
  test.each([simplified, original])('e-mail and phone are nobody', (identify) => {
    expect(identify({ email: 'ada@example.com', phone: '+4915112345678' })).toMatchObject({
      code: 'invalid',
      path: 'who',
    })
  })
})

describe('ids that Mixpanel refuses or changes', () => {
  test.each([
    'null',
    'NULL',
    ' undefined ',
    '0',
    '-1',
    '[]',
    '',
    '   ',
    '\u00a0',
    '00000000-0000-0000-0000-000000000000',
    'LMY47D',
  ])('"%s"', (id) => {
    expect(isRefused(id)).toBe(true)
    expect(simplified({ userId: id })).toMatchObject({ code: 'invalid', path: 'who.userId' })
  })
  test.each(['nullable', '00', 'anonymous1', '00000000-0000-0000-0000-000000000001', '1'])(
    '"%s" is fine',
    (id) => {
      expect(simplified({ userId: id })).toMatchObject({ distinctId: id })
    },
  )
  test('a prefix that it takes off', () => {
    expect(simplified({ anonymousId: '$device:a1' })).toMatchObject({
      code: 'invalid',
      path: 'who.anonymousId',
    })
  })
  test.each([{ userId: 7 }, { anonymousId: 7 }, { vendorIds: { mixpanel: 7 } }, { userId: 'half \ud83e' }])(
    'no id: %j',
    (who) => {
      for (const identify of [simplified, original])
        expect(identify(who as unknown as Identity)).toMatchObject({ code: 'invalid' })
    },
  )
  test.each([
    [254, false],
    [255, false],
    [256, true],
  ])('%i bytes', (bytes, isTooLong) => {
    expect('code' in simplified({ userId: 'x'.repeat(bytes) })).toBe(isTooLong)
    expect('code' in simplified({ anonymousId: 'x'.repeat(bytes - 8) })).toBe(isTooLong)
  })
})

test('read ids come back in canonical words', () => {
  expect(identityOf('u1', 'simplified')).toEqual({ userId: 'u1', vendorIds: { mixpanel: 'u1' } })
  expect(identityOf('$device:a1', 'simplified')).toEqual({
    anonymousId: 'a1',
    vendorIds: { mixpanel: '$device:a1' },
  })
  expect(identityOf('u1', 'original')).toEqual({ vendorIds: { mixpanel: 'u1' } })
})
