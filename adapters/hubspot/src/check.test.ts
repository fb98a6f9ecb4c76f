import { hubspotDefaults } from '@tripline/sandbox/hubspot'
import { describe, expect, test } from 'vitest'
import { openHubSpot } from '../fixtures/open-sandbox.ts'

describe('check', () => {
  test('tells the account, and what is sure', async () => {
    const { hubspot } = await openHubSpot()
    const report = await hubspot.check()
    expect(report).toMatchObject({
      account: { id: '24000001', region: 'na1', timeZone: 'UTC' },
      faults: [],
      abilities: {
        event: { confidence: 'inferred' },
        'read.all': { confidence: 'verified' },
        profile: { confidence: 'inferred' },
        start: { confidence: 'assumed' },
        link: { support: 'unsupported' },
      },
    })
    expect(report.clockSkewMs).toBeTypeOf('number')
  })

  test('a lower tier takes events away', async () => {
    const { hubspot } = await openHubSpot({}, { account: { tier: 'free' } })
    const { abilities, faults } = await hubspot.check()
    expect(abilities.event).toMatchObject({
      support: 'unsupported',
      confidence: 'verified',
      because: expect.stringMatching(/Enterprise/) as string,
    })
    expect(abilities.consent).toMatchObject({ support: 'unsupported' })
    expect(abilities.profile.support).toBe('native')
    expect(faults).toEqual([])
  })

  test('missing scopes are named', async () => {
    const scopes = hubspotDefaults.scopes.filter((scope) => scope !== 'crm.lists.write')
    const { hubspot } = await openHubSpot({}, { account: { scopes } })
    const { abilities } = await hubspot.check()
    expect(abilities.membership).toMatchObject({
      support: 'unsupported',
      because: expect.stringMatching(/crm.lists.write/) as string,
    })
    expect(abilities['segments.list'].support).toBe('native')
  })

  test('a missing id property is a fault with advice', async () => {
    const { connect } = await openHubSpot()
    const { faults } = await connect({ idProperty: 'not_there' }).check()
    expect(faults).toMatchObject([
      { code: 'not-found', message: expect.stringMatching(/not_there.*fields apply/) as string },
    ])
    const { faults: shared } = await connect({ idProperty: 'plan', fields: [] }).check()
    expect(shared).toMatchObject([{ code: 'conflict' }])
  })

  test('a wrong token is one fault', async () => {
    const { connect, requests } = await openHubSpot()
    const { faults, abilities } = await connect({ accessToken: 'pat-eu1-wrong' }).check()
    expect(faults).toMatchObject([{ code: 'auth' }])
    expect(abilities.profile.confidence).toBe('assumed')
    expect(requests()).toEqual(['GET /account-info/details', 'GET /account-info/details'])
  })

  test('an OAuth token does not tell its scopes: assumed', async () => {
    const { connect } = await openHubSpot()
    const { abilities, faults } = await connect({
      accessToken: hubspotDefaults.oauth.accessToken,
      credential: 'oauth',
    }).check()
    expect(faults).toEqual([])
    expect(abilities.profile.confidence).toBe('assumed')
    expect(abilities.event.confidence).toBe('inferred')
  })

  test('a Service Key, which sees no workflows, is no fault', async () => {
    const { connect } = await openHubSpot({}, { account: { tier: 'free' } })
    const { faults } = await connect({ accessToken: hubspotDefaults.serviceKey }).check()
    expect(faults).toEqual([])
  })

  test('a dry run shows the requests, but not the token', async () => {
    const { hubspot, planned, requests } = await openHubSpot()
    await hubspot.check({ dryRun: true })
    expect(requests()).toEqual([])
    expect(planned.length).toBeGreaterThan(5)
    expect(JSON.stringify(planned)).not.toContain(hubspotDefaults.accessToken)
  })
})
