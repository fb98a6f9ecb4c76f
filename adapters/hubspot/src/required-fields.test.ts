import { expect, test } from 'vitest'
import { collect, openHubSpot } from '../fixtures/open-sandbox.ts'

/** Fields that HubSpot's descriptions require although their absence means the same. */
test.each([
  ['/search', { listIds: [], processingTypes: [], additionalProperties: ['hs_list_size'], offset: 0 }],
  ['/companies/batch/read', { propertiesWithHistory: [], properties: ['tripline_group_id'] }],
])('…%s sends every field that its description requires', async (path, expected) => {
  const { sandbox, connect } = await openHubSpot(
    {},
    {
      seed: {
        contacts: [{ properties: { tripline_user_id: 'u1' } }],
        companies: [{ properties: { tripline_group_id: 'acme' } }],
      },
    },
  )
  const bodies: unknown[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (request.url.endsWith(path)) bodies.push(await request.json())
    return sandbox.host.fetch(input, init)
  }
  const hubspot = connect({}, { fetch })
  const at = new Date(sandbox.clock.now() - 60_000).toISOString()
  const link = { kind: 'group', key: 'k', lane: 'acme', at, groupType: 'company', groupId: 'acme' } as const
  await collect(hubspot.segments.list())
  await hubspot.deliver([{ ...link, set: { seats: 5 }, before: { seats: 5 }, member: { userId: 'u1' } }])
  expect(bodies).toEqual([expect.objectContaining(expected)])
})
