import { createBraze } from '@tripline/braze'
import { brazeDefaults, startBrazeSandbox } from '@tripline/sandbox/braze'
import { collect, expectArrival, itemsOf, order, readEverybody, traits, type Scenario } from './scenario.ts'

const user = itemsOf('u1')
const attribute = { form: 'attribute', id: 'segment_vip', name: 'VIP' } as const

export const braze: Scenario = {
  async run(recorder) {
    await using sandbox = await openSandbox()
    const options = { baseUrl: sandbox.url, apiKey: brazeDefaults.apiKeys[0].key, appId: 'app-1' }
    const host = recorder.host(sandbox.host)
    const connector = createBraze({ ...options, everyoneSegmentId: 'everybody' }, host)
    await connector.check()
    await connector.schema.ensure([{ of: 'user', name: 'plan', type: 'string' }])
    expectArrival(
      await connector.deliver([
        user.profile({ ...traits, email: 'ada@example.com', birthday: '1815-12-10' }),
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
        user.group('acme', { name: 'Acme' }),
        user.membership(attribute, true),
        user.membership(attribute, false),
        user.consent('email', 'granted'),
        user.consent('push', 'denied'),
      ]),
    )
    const purchases = createBraze({ ...options, orders: 'purchases' }, host)
    expectArrival(await purchases.deliver([user.event('Order Completed', { ...order, order_id: 'o2' })]))
    const plain = createBraze({ ...options, orders: 'event' }, host)
    expectArrival(await plain.deliver([user.event('Order Completed', { ...order, order_id: 'o3' })]))
    expectArrival(
      await connector.start([
        user.start('canvas', 'canvas-1'),
        user.start('campaign', 'campaign-1'),
        user.start('event', 'Offer'),
      ]),
    )
    sandbox.clock.advance(1_000)
    await readEverybody(connector, ['all', 'ids'], ['firstName', 'plan', 'visits'])
    await collect(connector.segments.list())
    await connector.segments.ensure('VIP')
    const list = { form: 'segment', id: 'everybody' } as const
    await collect(connector.segments.members(list, { mode: 'all', fields: [] }))
    const who = [{ userId: 'u1' }, { anonymousId: 'a9' }]
    await collect(connector.segments.members(attribute, { mode: 'ids', fields: [], who }))
  },
}

async function openSandbox() {
  const sandbox = await startBrazeSandbox()
  sandbox.seed({
    segments: [{ id: 'everybody', name: 'Everybody', members: ['u1'] }],
    canvases: [{ id: 'canvas-1', name: 'Canvas' }],
    campaigns: [{ id: 'campaign-1', name: 'Campaign' }],
  })
  return Object.assign(sandbox, { [Symbol.asyncDispose]: () => sandbox.close() })
}
