import { createMixpanel, type MixpanelOptions } from '@tripline/mixpanel'
import { mixpanelDefaults, startMixpanelSandbox, type MixpanelAccount } from '@tripline/sandbox/mixpanel'
import type { Recorder } from '../validating-fetch.ts'
import { collect, expectArrival, itemsOf, order, readEverybody, traits, type Scenario } from './scenario.ts'

const user = itemsOf('u1')
const flag = { form: 'attribute', id: 'segment_vip', name: 'VIP' } as const

export const mixpanel: Scenario = {
  async run(recorder) {
    await runSimplified(recorder)
    await runOriginal(recorder)
  },
}

async function open(
  recorder: Recorder,
  options: Partial<MixpanelOptions>,
  account: Partial<MixpanelAccount> = {},
) {
  const sandbox = await startMixpanelSandbox({ account })
  const [service] = mixpanelDefaults.serviceAccounts
  const connector = createMixpanel(
    {
      baseUrl: sandbox.url,
      region: 'us',
      projectId: String(mixpanelDefaults.projectId),
      projectToken: mixpanelDefaults.projectToken,
      serviceAccountUsername: service?.username ?? '',
      serviceAccountSecret: service?.secret ?? '',
      ...options,
    },
    recorder.host(sandbox.host),
  )
  return { sandbox, connector, [Symbol.asyncDispose]: () => sandbox.close() }
}

async function runSimplified(recorder: Recorder): Promise<void> {
  const options = { groupKeys: ['company'], experimentalCohorts: true }
  await using opened = await open(recorder, options)
  const { sandbox, connector } = opened
  await connector.check()
  await connector.schema.read()
  await connector.schema.ensure([
    { of: 'user', name: 'plan', type: 'string' },
    { of: 'group', name: 'plan', type: 'string' },
  ])
  expectArrival(
    await connector.deliver([
      user.profile({ ...traits, email: 'ada@example.com' }),
      user.profile({ plan: null, visits: 4 }),
      user.event('Sign Up', { method: 'mail', first: true, count: 2 }),
      user.event('Old', {}, { backfill: true }),
      user.event(
        '',
        {},
        { event: { type: 'page', event: 'Home', properties: { url: 'https://example.com' } } },
      ),
      user.event('Order Completed', order),
      user.event('Anonymous', {}, { who: { anonymousId: 'a1' }, lane: 'a1' }),
      user.link('a1'),
      user.group('acme', { name: 'Acme', plan: null }),
      user.membership(flag, true),
      user.membership(flag, false),
      user.consent('email', 'granted'),
      user.consent('email', 'denied'),
      ...Array.from({ length: 20 }, (_, index) => user.event('Many', { index, text: 'x'.repeat(100) })),
    ]),
  )
  expectArrival(await connector.start([user.start('event', 'Offer')]))
  sandbox.clock.advance(120_000)
  await readEverybody(connector, ['all', 'ids'], ['firstName', 'plan', 'visits'])
  const { segment } = await connector.segments.ensure('VIP')
  const listed = await collect(connector.segments.list())
  const who = [{ userId: 'u1' }]
  for (const each of [segment, ...listed])
    await collect(connector.segments.members(each, { mode: 'all', fields: [] }))
  await collect(connector.segments.members(flag, { mode: 'ids', fields: [], who }))
}

/** A project that joins people the old way takes other events. */
async function runOriginal(recorder: Recorder): Promise<void> {
  const mode = { identityMode: 'original' } as const
  await using opened = await open(recorder, mode, mode)
  const { connector } = opened
  expectArrival(
    await connector.deliver([user.link('0b0c6d3e-8f5c-4a46-9a62-3a1c40c5a6c1'), user.link('short')]),
  )
}
