import { intercomDefaults, startIntercomSandbox } from '@tripline/sandbox/intercom'
import { complianceFields, connectorCompliance } from '@tripline/testkit'
import { expectIntercom, observeIntercom } from '@tripline/testkit/expectations'
import { createIntercom } from './index.ts'

const { token } = intercomDefaults
const tag = { id: 'tag-start', name: 'Start' }
type State = ReturnType<Awaited<ReturnType<typeof startIntercomSandbox>>['inspect']>

connectorCompliance({
  vendor: 'intercom',
  async start() {
    const sandbox = await startIntercomSandbox()
    sandbox.seed({ subscriptionTypes: [{ id: 'news', consent_type: 'opt_out' }], tags: [tag] })
    return sandbox
  },
  create: (sandbox, { credential, ...options }, host) =>
    createIntercom(
      {
        ...options,
        baseUrl: sandbox.url,
        anonymousPeople: 'lead',
        adminId: intercomDefaults.admins[0]?.id ?? '',
        accessToken: credential ? async (expired) => (await credential(expired)) || token : token,
      },
      host,
    ),
  expect: (delivered) => expectIntercom(delivered, { fields: complianceFields }),
  observe: observeIntercom,
  starts(state) {
    const { events, messages, tags } = state as State
    const started = events.filter(({ event_name }) => event_name === 'Start It').length
    const recipients = messages.reduce((sum, { to }) => sum + to.length, 0)
    return started + recipients + (tags.find(({ id }) => id === tag.id)?.contacts.length ?? 0)
  },
  forbid: (sandbox) =>
    sandbox.configure({ scopes: intercomDefaults.scopes.filter((scope) => scope !== 'write_events') }),
  samples: {
    consent: { channel: 'email', topic: 'news' },
    starts: [
      { via: { kind: 'event', id: 'Start It' }, data: { note: 'hello' } },
      { via: { kind: 'segment', id: tag.id } },
      { via: { kind: 'message', id: 'inapp' }, data: { body: 'hello' } },
    ],
    // One request for each event.
    hugeCall: 4_000,
  },
  skip: {
    'fault.silent': {
      because: 'POST /events answers 202 with an empty body, whether the event is kept or ignored',
      source: 'intercom/Intercom-OpenAPI:descriptions/2.16/api.intercom.io.yaml',
    },
    'limits.items.group': {
      because: 'the limit of 1,000 companies is one of a contact, not of a request',
      source: 'intercom/Intercom-OpenAPI:descriptions/2.16/api.intercom.io.yaml',
    },
  },
})
