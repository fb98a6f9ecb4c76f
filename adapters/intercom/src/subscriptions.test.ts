import type { Item } from '@tripline/model'
import { describe, expect, test } from 'vitest'
import { at, openIntercom, statuses } from '../fixtures/open-sandbox.ts'

describe('consent', () => {
  const consent = (state: 'granted' | 'denied', topic?: string, channel = 'email'): Item => ({
    kind: 'consent',
    key: `${state} ${topic} ${channel}`,
    lane: 'u1',
    at,
    who: { userId: 'u1' },
    channel,
    state,
    ...(topic !== undefined && { topic }),
  })
  const seed = {
    contacts: [{ external_id: 'u1' }],
    subscriptionTypes: [
      { id: '1', consent_type: 'opt_out' as const },
      { id: '2', consent_type: 'opt_in' as const },
    ],
  }
  test.each([
    ['1', 'denied', ['1']],
    ['1', 'granted', []],
    ['2', 'granted', ['2']],
    ['2', 'denied', []],
  ] as const)('type %s %s', async (topic, state, expected) => {
    const { sandbox, intercom } = await openIntercom({}, { seed })
    const opposite = state === 'granted' ? 'denied' : 'granted'
    expect(await statuses(intercom, [consent(opposite, topic), consent(state, topic)])).toEqual([
      'sent',
      'sent',
    ])
    expect(sandbox.inspect().contacts[0]?.subscriptions).toEqual(expected)
  })
  test('e-mail as a whole is a field of the contact', async () => {
    const { sandbox, intercom } = await openIntercom({}, { seed })
    await intercom.deliver([consent('denied')])
    expect(sandbox.inspect().contacts[0]?.unsubscribed_from_emails).toBe(true)
    await intercom.deliver([consent('granted')])
    expect(sandbox.inspect().contacts[0]?.unsubscribed_from_emails).toBe(false)
  })
  test('an unknown topic, and a channel without one', async () => {
    const { intercom } = await openIntercom({}, { seed })
    const report = await intercom.deliver([consent('denied', '3'), consent('denied', undefined, 'sms')])
    expect(report.results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'dead', fault: { code: 'not-found', path: 'topic' } },
      { status: 'skipped', because: 'unsupported' },
    ])
  })
})
