import { mixpanelDefaults, startMixpanelSandbox } from '@tripline/sandbox/mixpanel'
import { connectorCompliance } from '@tripline/testkit'
import { expectMixpanel, observeMixpanel } from '@tripline/testkit/expectations'
import { accountOptions } from '../fixtures/sandbox-account.ts'
import { createMixpanel } from './index.ts'

type State = ReturnType<Awaited<ReturnType<typeof startMixpanelSandbox>>['inspect']>
const [service] = mixpanelDefaults.serviceAccounts
const username = service?.username ?? ''
const secret = service?.secret ?? ''
const groupKeys = ['company']

connectorCompliance({
  vendor: 'mixpanel',
  start: () => startMixpanelSandbox(),
  create: (sandbox, { credential, ...options }, host) =>
    createMixpanel(
      {
        ...accountOptions,
        ...options,
        baseUrl: sandbox.url,
        groupKeys,
        serviceAccountSecret: credential ? async (expired) => (await credential(expired)) || secret : secret,
      },
      host,
    ),
  expect: (delivered) => expectMixpanel(delivered, { groupKeys }),
  observe: (state) => observeMixpanel(state),
  starts(state) {
    const { events, profiles } = state as State
    const started = events.filter(({ event }) => event === 'Start It')
    const keys = new Set(started.map(({ properties }) => properties['$insert_id']))
    return keys.size + profiles.filter(({ properties }) => properties['seg_start'] === true).length
  },
  forbid: (sandbox) =>
    sandbox.configure({
      plan: 'free',
      groupAnalytics: false,
      serviceAccounts: [{ username, secret, role: 'consumer' }],
    }),
  samples: {
    consent: { channel: 'email', basis: 'form' },
    groupType: 'company',
    starts: [
      { via: { kind: 'event', id: 'Start It' }, data: { note: 'hello' } },
      { via: { kind: 'segment', id: 'seg_start' } },
    ],
  },
})
