import type { ConsentItem, Loss } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { at } from '../../fixtures/open-sandbox.ts'
import type { HubSpotOptions } from '../options.ts'
import { listIdOf, toSubscription } from './segments.ts'

test('a list id is digits as text', () => {
  expect(listIdOf({ segment: { form: 'list', id: '12' } })).toBe('12')
  expect(listIdOf({ segment: { form: 'list', id: 'VIP' } })).toMatchObject({
    code: 'invalid',
    path: 'segment.id',
  })
  expect(listIdOf({ segment: { form: 'tag', id: '12' } })).toBeUndefined()
})

describe('consent', () => {
  const map = (more: Partial<ConsentItem>, options: HubSpotOptions = {}) => {
    const losses: Loss[] = []
    const item: ConsentItem = {
      kind: 'consent',
      key: 'k',
      lane: 'u',
      at,
      who: {},
      channel: 'email',
      state: 'granted',
      ...more,
    }
    return { made: toSubscription(item, options, losses), losses: losses.map(({ path }) => path) }
  }
  test('by subscription, with the legal basis', () => {
    expect(map({ topic: '7', basis: 'CONSENT_WITH_NOTICE' }).made).toEqual({
      subscriptionId: 7,
      statusState: 'SUBSCRIBED',
      legalBasis: 'CONSENT_WITH_NOTICE',
      legalBasisExplanation: 'CONSENT_WITH_NOTICE',
    })
    expect(
      map({ topic: '7', basis: 'ticked a box' }, { legalBasis: 'PROCESS_AND_STORE' }).made,
    ).toMatchObject({
      legalBasis: 'PROCESS_AND_STORE',
      legalBasisExplanation: 'ticked a box',
    })
    expect(map({ topic: '7', basis: 'ticked a box' })).toEqual({
      made: { subscriptionId: 7, statusState: 'SUBSCRIBED' },
      losses: ['basis'],
    })
  })
  test('without a topic only a denial of everything exists', () => {
    expect(map({ state: 'denied' }).made).toEqual({ statusState: 'UNSUBSCRIBED' })
    expect(map({ state: 'denied', basis: 'x' }).losses).toEqual(['basis'])
    expect(map({}).made).toBeUndefined()
  })
  test('only e-mail, and a topic is an id', () => {
    expect(map({ channel: 'sms', topic: '7' }).made).toBeUndefined()
    expect(map({ topic: 'news' }).made).toMatchObject({ code: 'invalid', path: 'topic' })
  })
})
