import { expect, onTestFinished, test } from 'vitest'
import { connect, type Connected } from '../fixtures/sandbox-account.ts'

const project = async (...given: Parameters<typeof connect>): Promise<Connected> => {
  const connected = await connect(...given)
  onTestFinished(() => connected.sandbox.close())
  return connected
}

test('reads what the Lexicon describes, in canonical names', async () => {
  const mixpanel = await project()
  mixpanel.sandbox.seed({
    schemas: [
      {
        entityType: 'profile',
        name: '$user',
        schemaJson: {
          properties: { $email: { type: 'string' }, ltv: { type: 'number' }, $last_seen: { type: 'string' } },
        },
      },
      {
        entityType: 'event',
        name: 'Order Completed',
        schemaJson: { properties: { products: { type: 'array' } } },
      },
    ],
  })
  const fields = await mixpanel.connector.schema.read()
  expect(fields.filter(({ name }) => ['email', 'ltv', 'products', '$last_seen'].includes(name))).toEqual([
    { of: 'user', name: 'email', type: 'string', vendorName: '$email', writable: true },
    { of: 'user', name: 'ltv', type: 'number', vendorName: 'ltv', writable: true },
    { of: 'user', name: '$last_seen', type: 'string', vendorName: '$last_seen', writable: false },
    {
      of: 'event',
      event: 'Order Completed',
      name: 'products',
      type: 'strings',
      vendorName: 'products',
      writable: true,
    },
  ])
  expect(fields).toContainEqual({
    of: 'user',
    name: 'createdAt',
    type: 'instant',
    vendorName: '$created',
    writable: true,
  })
})
test('five reads a minute are kept', async () => {
  const mixpanel = await project()
  for (let read = 0; read < 6; read++) await mixpanel.connector.schema.read()
  expect(new Set(mixpanel.routes())).toEqual(new Set(['GET /api/app/projects/3141592/schemas 200']))
})
test('ensures without a request: nothing must exist before', async () => {
  const mixpanel = await project()
  const ensured = await mixpanel.connector.schema.ensure([
    { of: 'user', name: 'plan', type: 'string' },
    { of: 'event', name: 'total', type: 'money' },
    { of: 'user', name: '$last_seen', type: 'instant' },
    { of: 'group', name: 'size', type: 'integer' },
  ])
  expect(ensured.map(({ did }) => did)).toEqual(['implicit', 'implicit', 'refused', 'manual'])
  expect(mixpanel.routes()).toEqual([])
})
