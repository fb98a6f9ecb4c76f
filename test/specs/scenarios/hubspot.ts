import { createHubSpot, type HubSpotOptions } from '@tripline/hubspot'
import type { Connector, Field } from '@tripline/model'
import { hubspotDefaults, startHubspotSandbox } from '@tripline/sandbox/hubspot'
import {
  at,
  collect,
  expectArrival,
  itemsOf,
  order,
  readEverybody,
  traits,
  type Scenario,
} from './scenario.ts'

const user = itemsOf('u1')
const { tags: _, ...set } = traits
const fields = [
  { of: 'user', name: 'plan', type: 'string' },
  { of: 'user', name: 'visits', type: 'integer' },
  { of: 'user', name: 'score', type: 'number' },
  { of: 'user', name: 'vip', type: 'boolean' },
  { of: 'user', name: 'signedUpAt', type: 'instant' },
  { of: 'user', name: 'bornOn', type: 'date' },
  { of: 'user', name: 'spent', type: 'money' },
  { of: 'group', name: 'seats', type: 'integer' },
  { of: 'event', event: 'Sign Up', name: 'method', type: 'string' },
  { of: 'event', event: 'Sign Up', name: 'first', type: 'boolean' },
  { of: 'event', event: 'Sign Up', name: 'count', type: 'number' },
  { of: 'event', event: 'Order Completed', name: 'order_id', type: 'string' },
  { of: 'event', event: 'Sign Up', name: 'at', type: 'date' },
  { of: 'event', event: 'Offer', name: 'coupon', type: 'string' },
] as const satisfies readonly Field[]
/** Found missing later: added to an event that is there. */
const later = { of: 'event', event: 'Sign Up', name: 'since', type: 'instant' } as const satisfies Field

/** A workflow that is live. */
const offerFlow = {
  name: 'Offer',
  type: 'CONTACT_FLOW',
  flowType: 'WORKFLOW',
  objectTypeId: '0-1',
  isEnabled: true,
  actions: [],
  customProperties: {},
  blockedDates: [],
  timeWindows: [],
  dataSources: [],
  suppressionListIds: [],
  canEnrollFromSalesforce: false,
  nextAvailableActionId: '1',
  crmObjectCreationStatus: 'COMPLETE',
}

export const hubspot: Scenario = {
  async run(recorder) {
    const sandbox = await startHubspotSandbox()
    try {
      sandbox.seed({ flows: [{ id: '77', ...offerFlow }] })
      const host = recorder.host(sandbox.host)
      const open = (options: HubSpotOptions = {}): Connector =>
        createHubSpot(
          {
            baseUrl: sandbox.url,
            accessToken: hubspotDefaults.accessToken,
            fields: [...fields, later],
            emailIdentifies: true,
            legalBasis: 'LEGITIMATE_INTEREST_CLIENT',
            workflows: { Offer: '77' },
            ...options,
          },
          host,
        )
      const connector = open()
      await connector.schema.ensure(fields)
      await connector.schema.ensure([later])
      await connector.schema.read()
      await connector.check()
      const { segment: list } = await connector.segments.ensure('VIP')
      await connector.segments.ensure('vip')
      expectArrival(await connector.deliver([user.profile({ email: 'ada@example.com', plan: 'free' })]))
      expectArrival(
        await connector.deliver([
          user.profile({ ...set, spent: { amount: '12.50', currency: 'EUR' }, bornOn: '1815-12-10' }),
          user.profile({ score: null }),
          user.event('Sign Up', { method: 'mail', first: true, count: 2, since: at, unknown: 1 }),
          user.event('Order Completed', order),
          user.group('acme', { name: 'Acme', seats: 5 }),
          user.membership(list, true),
          user.membership(list, false),
          user.consent('email', 'granted', { topic: '1001', basis: 'form' }),
          user.consent('email', 'denied', { topic: '1002', basis: 'CONSENT_WITH_NOTICE' }),
          user.consent('email', 'denied'),
        ]),
      )
      sandbox.clock.advance(10_000)
      expectArrival(await connector.deliver([user.event('Sign Up', { method: 'alone' })]))
      expectArrival(await connector.start([user.start('event', 'Offer'), user.start('segment', list.id)]))
      expectArrival(await open().deliver([user.group('acme', { seats: 5 }, { before: { seats: 5 } })]))
      const totals = open({ orders: 'properties', eventFallback: 'properties' })
      await totals.schema.ensure(fields)
      expectArrival(await totals.deliver([user.event('Order Completed', order), user.event('Sign Up')]))
      sandbox.clock.advance(10_000)
      await readEverybody(connector, ['since', 'all', 'ids'], ['firstName', 'plan', 'visits'])
      await collect(connector.segments.list())
      await collect(connector.segments.members(list, { mode: 'all', fields: [] }))
      const who = [{ userId: 'u1' }]
      await collect(connector.segments.members(list, { mode: 'ids', fields: [], who }))
    } finally {
      await sandbox.close()
    }
  },
}
