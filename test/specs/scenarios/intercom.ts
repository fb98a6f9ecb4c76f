import { createIntercom, type IntercomOptions } from '@tripline/intercom'
import type { Connector, Field, SegmentRef } from '@tripline/model'
import { intercomDefaults, startIntercomSandbox, type IntercomSeed } from '@tripline/sandbox/intercom'
import { collect, expectArrival, itemsOf, order, readEverybody, traits, type Scenario } from './scenario.ts'

const user = itemsOf('u1')
const fields = [
  { of: 'user', name: 'plan', type: 'string' },
  { of: 'user', name: 'visits', type: 'integer' },
  { of: 'user', name: 'score', type: 'number' },
  { of: 'user', name: 'vip', type: 'boolean' },
  { of: 'user', name: 'signedUpAt', type: 'instant' },
  { of: 'user', name: 'tags', type: 'strings' },
  { of: 'group', name: 'seats', type: 'integer' },
] as const satisfies readonly Field[]

const seed: IntercomSeed = {
  subscriptionTypes: [
    { id: 'news', consent_type: 'opt_in' },
    { id: 'offers', consent_type: 'opt_out' },
  ],
  segments: [{ name: 'Active' }],
  // Both are brought back.
  dataAttributes: [{ name: 'score', data_type: 'float', archived: true }],
  contacts: [{ external_id: 'u2', standing: 'archived' }],
}

export const intercom: Scenario = {
  async run(recorder) {
    const sandbox = await startIntercomSandbox()
    try {
      sandbox.seed(seed)
      const host = recorder.host(sandbox.host)
      const open = (options: IntercomOptions = {}): Connector =>
        createIntercom(
          {
            baseUrl: sandbox.url,
            accessToken: intercomDefaults.token,
            fields,
            fieldNames: { tags: 'labels' },
            adminId: intercomDefaults.admins[0]?.id ?? '',
            ...options,
          },
          host,
        )
      const connector = open({ anonymousPeople: 'lead', mergeLeads: true, reviveArchived: true })
      await connector.check()
      await connector.schema.ensure(fields)
      await connector.schema.read()
      const { segment: tag } = await connector.segments.ensure('VIP')
      await deliverAll(connector, tag)
      const fresh = open({ createMissingContacts: false })
      expectArrival(await fresh.deliver([user.group('acme', { seats: 5 }, { done: ['company'] })]))
      sandbox.clock.advance(600_000)
      expectArrival(
        await connector.start([
          user.start('event', 'Offer'),
          user.start('segment', tag.id),
          user.start('message', 'inapp', { body: 'Hello' }),
          user.start('message', 'email', { body: 'Hello', subject: 'Hi' }),
        ]),
      )
      sandbox.clock.advance(86_400_000)
      await readEverybody(connector, ['since', 'all', 'ids'], ['firstName', 'plan', 'visits'])
      const listed = await collect(connector.segments.list())
      const who = [{ userId: 'u1' }]
      for (const each of listed) {
        await collect(connector.segments.members(each, { mode: 'all', fields: [] }))
        await collect(connector.segments.members(each, { mode: 'ids', fields: [], who }))
      }
    } finally {
      await sandbox.close()
    }
  },
}

async function deliverAll(connector: Connector, tag: SegmentRef): Promise<void> {
  expectArrival(
    await connector.deliver([
      user.profile({ ...traits, email: 'ada@example.com' }),
      user.profile({ plan: null, visits: 4 }),
      user.event('Sign Up', { method: 'mail', first: true, count: 2 }),
      user.event('Old', {}, { backfill: true }),
      user.event('Order Completed', order),
      user.event('Anonymous', {}, { who: { anonymousId: 'a1' }, lane: 'a1' }),
      user.group('acme', { name: 'Acme', seats: 5 }),
      user.membership(tag, true),
      itemsOf('u2').profile({ plan: 'pro' }),
      user.consent('email', 'granted', { topic: 'news' }),
      itemsOf('u2').consent('email', 'denied', { topic: 'news' }),
      user.consent('email', 'denied', { topic: 'offers' }),
    ]),
  )
  expectArrival(
    await connector.deliver([
      user.link('a1'),
      user.membership(tag, false),
      user.consent('email', 'denied', { topic: 'news' }),
    ]),
  )
}
