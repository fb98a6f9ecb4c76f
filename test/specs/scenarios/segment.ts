import { generateKeyPairSync } from 'node:crypto'
import { segmentDefaults, startSegmentSandbox } from '@tripline/sandbox/segment'
import { createSegment } from '@tripline/segment'
import { collect, expectArrival, itemsOf, order, readEverybody, traits, type Scenario } from './scenario.ts'

const user = itemsOf('u1')
const flag = { form: 'attribute', id: 'segment_vip', name: 'VIP' } as const

export const segment: Scenario = {
  async run(recorder) {
    const sandbox = await startSegmentSandbox()
    try {
      const options = {
        baseUrl: sandbox.url,
        writeKey: segmentDefaults.writeKey,
        spaceId: segmentDefaults.spaceId,
        profileToken: segmentDefaults.profileToken,
        publicApiToken: segmentDefaults.publicApiToken,
        fields: [{ of: 'event', event: 'Sign Up', name: 'method', type: 'string' }],
      } as const
      const host = recorder.host(sandbox.host)
      const connector = createSegment(options, host)
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
      const oauth = {
        clientId: segmentDefaults.oauthClientId,
        keyId: segmentDefaults.oauthKeyId,
        privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        scopes: ['tracking_api:write', 'public_api:read_write'],
      } as const
      await createSegment({ ...options, oauth }, host).check()
      await connector.check()
      expectArrival(
        await connector.deliver([
          user.profile({ ...traits, email: 'ada@example.com' }),
          user.profile({ plan: null, visits: 4 }),
          user.event('Sign Up', { method: 'mail', first: true, count: 2 }),
          user.event('Old', {}, { backfill: true }),
          user.event('', {}, { event: { type: 'page', event: 'Home', properties: {} } }),
          user.event('Order Completed', order),
          user.link('a1'),
          user.group('acme', { name: 'Acme', plan: null }),
          user.membership(flag, true),
          user.consent('email', 'granted'),
        ]),
      )
      expectArrival(await connector.start([user.start('event', 'Offer'), user.start('segment', flag.id)]))
      sandbox.clock.advance(60_000)
      await connector.schema.read()
      await readEverybody(connector, ['ids'], ['firstName', 'plan', 'visits'])
      await connector.segments.ensure('VIP')
      await connector.segments.ensure('VIP')
      await collect(connector.segments.list())
      const who = [{ userId: 'u1' }]
      await collect(connector.segments.members(flag, { mode: 'ids', fields: [], who }))
    } finally {
      await sandbox.close()
    }
  },
}
