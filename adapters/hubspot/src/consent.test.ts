import type { ConsentItem } from '@tripline/model'
import type { HubspotSeed } from '@tripline/sandbox/hubspot'
import { describe, expect, test } from 'vitest'
import { at, openHubSpot, results, statuses } from '../fixtures/open-sandbox.ts'

const consentOf = (key: string, more: Partial<ConsentItem>): ConsentItem => ({
  kind: 'consent',
  key,
  lane: 'u1',
  at,
  who: { userId: 'u1' },
  channel: 'email',
  state: 'granted',
  ...more,
})
const subscription = {
  id: '7',
  name: 'News',
  description: 'News',
  purpose: 'Marketing',
  communicationMethod: 'Email',
  isActive: true,
  isDefault: false,
  isInternal: false,
  createdAt: at,
  updatedAt: at,
}
const seed: HubspotSeed = {
  contacts: [
    { properties: { tripline_user_id: 'u1', email: 'a@x.test' } },
    { properties: { tripline_user_id: 'u2' } },
  ],
  subscriptions: [subscription],
}

describe('consent', () => {
  test('is kept by address, with its legal basis', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { account: { gdprMode: true }, seed })
    const items = [
      consentOf('1', { topic: '7', basis: 'CONSENT_WITH_NOTICE' }),
      consentOf('2', { topic: '7', basis: 'CONSENT_WITH_NOTICE', who: { email: 'B@x.test' }, lane: 'b' }),
    ]
    expect(await statuses(hubspot, items)).toEqual(['sent', 'sent'])
    expect(sandbox.inspect().consent).toMatchObject([
      { subscriptionId: '7', status: 'SUBSCRIBED', legalBasis: 'CONSENT_WITH_NOTICE' },
      { subscriptionId: '7', status: 'SUBSCRIBED' },
    ])
    expect(
      sandbox
        .inspect()
        .consent.map(({ email }) => email)
        .toSorted(),
    ).toEqual(['a@x.test', 'b@x.test'])
  })

  test('a denial without a topic leaves everything', async () => {
    const { sandbox, hubspot } = await openHubSpot({}, { seed })
    expect(await statuses(hubspot, [consentOf('1', { state: 'denied' })])).toEqual(['sent'])
    expect(new Set(sandbox.inspect().consent.map(({ status }) => status))).toEqual(new Set(['UNSUBSCRIBED']))
  })

  test('who left himself stays out: the item is dead', async () => {
    const held = [
      { email: 'a@x.test', subscriptionId: '7', status: 'UNSUBSCRIBED', source: 'CONTACT' } as const,
    ]
    const { hubspot } = await openHubSpot({}, { seed: { ...seed, consent: held } })
    const [done] = await results(hubspot, [consentOf('1', { topic: '7' })])
    expect(done?.outcome).toMatchObject({ status: 'dead', fault: { code: 'invalid' } })
  })

  test('nobody without an address, and nothing but e-mail', async () => {
    const { hubspot } = await openHubSpot({}, { seed })
    const done = await results(hubspot, [
      consentOf('1', { who: { userId: 'u2' }, topic: '7', lane: 'u2' }),
      consentOf('2', { who: { userId: 'u3' }, topic: '7', lane: 'u3' }),
      consentOf('3', { channel: 'sms', topic: '7' }),
      consentOf('4', {}),
      consentOf('5', { topic: '99' }),
    ])
    expect(done.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'dead', fault: { code: 'not-found', path: 'who.email' } },
      { status: 'dead', fault: { code: 'not-found', path: 'who' } },
      { status: 'skipped', because: 'unsupported' },
      { status: 'skipped', because: 'unsupported' },
      { status: 'dead', fault: { code: 'invalid' } },
    ])
  })

  test('a free account has none: the ability is halted', async () => {
    const { hubspot } = await openHubSpot({}, { account: { tier: 'free' }, seed })
    const report = await hubspot.deliver([consentOf('1', { topic: '7' })])
    expect(report.halt).toMatchObject({
      what: 'consent',
      fault: { message: expect.stringMatching(/Starter/) as string },
    })
  })
})
