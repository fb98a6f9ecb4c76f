import { brazeDefaults, startBrazeSandbox } from '@tripline/sandbox/braze'
import { connectorCompliance } from '@tripline/testkit'
import { expectBraze, observeBraze } from '@tripline/testkit/expectations'
import { createBraze } from './index.ts'

const key = brazeDefaults.apiKeys[0].key
const everyone = { id: 'segment-everyone', name: 'Everyone' }
const important = { id: 'segment-important', name: 'Very Important' }
type Sandbox = Awaited<ReturnType<typeof startBrazeSandbox>>

connectorCompliance({
  vendor: 'braze',
  async start() {
    const sandbox = await startBrazeSandbox()
    sandbox.seed({
      segments: [
        // Stands for the dashboard segment of all users.
        { ...everyone, rule: { attribute: 'vip', equals: true } },
        { ...important, rule: { attribute: 'seg_very_important', equals: true } },
      ],
      canvases: [{ id: 'canvas-1', name: 'Welcome' }],
      campaigns: [{ id: 'campaign-1', name: 'Hello' }],
    })
    return sandbox
  },
  create: (sandbox, { credential, ...options }, host) =>
    createBraze(
      {
        ...options,
        baseUrl: sandbox.url,
        apiKey: credential ? async (expired) => (await credential(expired)) || key : key,
        everyoneSegmentId: everyone.id,
      },
      host,
    ),
  expect: (delivered) => expectBraze(delivered),
  observe: observeBraze,
  starts: (state) => (state as ReturnType<Sandbox['inspect']>).sends.length,
  forbid: (sandbox) => sandbox.configure({ apiKeys: [{ key, permissions: ['users.identify'] }] }),
  samples: {
    consent: { channel: 'email', basis: 'form' },
    starts: [
      { via: { kind: 'canvas', id: 'canvas-1' }, data: { note: 'hello' } },
      { via: { kind: 'campaign', id: 'campaign-1' } },
    ],
    wholeSegment: { form: 'segment', id: important.id },
  },
})
