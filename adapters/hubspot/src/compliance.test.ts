import { hubspotDefaults, startHubspotSandbox } from '@tripline/sandbox/hubspot'
import { complianceFields, connectorCompliance } from '@tripline/testkit'
import { expectHubSpot, observeHubSpot } from '@tripline/testkit/expectations'
import { createHubSpot } from './index.ts'

const { accessToken } = hubspotDefaults
const listId = '900'
type State = ReturnType<Awaited<ReturnType<typeof startHubspotSandbox>>['inspect']>

connectorCompliance({
  vendor: 'hubspot',
  async start() {
    const sandbox = await startHubspotSandbox()
    sandbox.seed({
      eventDefinitions: [
        { name: 'viewed_home_page' },
        { name: 'viewed_home_screen' },
        { name: 'start_it', properties: [{ name: 'note', type: 'string' }] },
      ],
      lists: [{ listId, name: 'Starts something' }],
    })
    return sandbox
  },
  create: (sandbox, { credential, ...options }, host) =>
    createHubSpot(
      {
        ...options,
        baseUrl: sandbox.url,
        tier: 'enterprise',
        accessToken: credential ? async (expired) => (await credential(expired)) || accessToken : accessToken,
      },
      host,
    ),
  expect: (delivered) => expectHubSpot(delivered, { fields: complianceFields }),
  observe: (state) => observeHubSpot(state),
  starts(state) {
    const { events, lists } = state as State
    const members = lists.find((list) => list.listId === listId)?.members ?? []
    return events.filter(({ eventType }) => eventType.endsWith('_start_it')).length + members.length
  },
  forbid: (sandbox) =>
    sandbox.configure({
      scopes: hubspotDefaults.scopes.filter((scope) => scope !== 'analytics.behavioral_events.send'),
    }),
  samples: {
    consent: { channel: 'email', topic: '1001', basis: 'CONSENT_WITH_NOTICE' },
    starts: [
      { via: { kind: 'event', id: 'start_it' }, data: { note: 'hello' } },
      { via: { kind: 'segment', id: listId } },
    ],
  },
})
