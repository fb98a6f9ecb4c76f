import type { Connector, Host } from '@tripline/model'

export const vendors = ['segment', 'mixpanel', 'hubspot', 'braze', 'intercom'] as const
export type Vendor = (typeof vendors)[number]

interface Subject {
  create(host: Partial<Host>): Promise<Connector>
  /** What the vendor answers when all is well; HTTP itself is not measured. */
  answer(method: string, url: string, body: string): Response
}
const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const base = 'https://bench.example'

/** Every event of the bench with all its properties, as HubSpot would list them. */
const eventDefinitions = [
  'Product Viewed',
  'Product Clicked',
  'Product Added',
  'Product Added to Wishlist',
].map((label) => {
  const name = label.toLowerCase().replaceAll(' ', '_')
  const text = ['product_id', 'sku', 'name', 'category', 'brand', 'variant', 'currency', 'url']
  const properties = [
    ...text.map((property) => ({ name: property, type: 'string' })),
    ...['price', 'quantity', 'position'].map((property) => ({ name: property, type: 'number' })),
  ]
  return { name, fullyQualifiedName: `pe1_${name}`, labels: { singular: label }, properties }
})

export const subjects: Readonly<Record<Vendor, Subject>> = {
  segment: {
    create: async (host) =>
      (await import('@tripline/segment')).createSegment({ baseUrl: base, writeKey: 'key' }, host),
    answer: () => json(200, { success: true }),
  },
  mixpanel: {
    create: async (host) => {
      const { createMixpanel } = await import('@tripline/mixpanel')
      const account = { serviceAccountUsername: 'bench', serviceAccountSecret: 'secret' }
      const project = { region: 'us', projectId: '1', projectToken: 'token' } as const
      return createMixpanel({ baseUrl: base, ...project, ...account }, host)
    },
    answer: () => json(200, { code: 200, num_records_imported: 2_000, status: 'OK' }),
  },
  hubspot: {
    create: async (host) =>
      (await import('@tripline/hubspot')).createHubSpot({ baseUrl: base, accessToken: 'token' }, host),
    answer(_method, url, body) {
      if (url.includes('/send/batch')) return new Response(null, { status: 204 })
      if (url.includes('/event-definitions'))
        return json(200, { results: eventDefinitions, total: eventDefinitions.length })
      const { inputs = [] } = (body ? JSON.parse(body) : {}) as { inputs?: readonly { id: string }[] }
      const results = inputs.map(({ id }, index) => ({
        id: String(index + 1),
        properties: { tripline_user_id: id },
        archived: false,
      }))
      return json(200, { status: 'COMPLETE', results, completedAt: '', startedAt: '' })
    },
  },
  braze: {
    create: async (host) =>
      (await import('@tripline/braze')).createBraze({ baseUrl: base, apiKey: 'key' }, host),
    answer: () => json(201, { message: 'success' }),
  },
  intercom: {
    create: async (host) =>
      (await import('@tripline/intercom')).createIntercom({ baseUrl: base, accessToken: 'token' }, host),
    answer: (_method, url) =>
      url.endsWith('/events')
        ? new Response(null, { status: 202 })
        : json(200, { type: 'contact', id: '0123456789abcdef01234567' }),
  },
}
