/** One connector alone: no server, no database. Runs against the Braze simulator; give it your own host and key instead. */
import { createBraze } from '@tripline/braze'
import { brazeDefaults, startBrazeSandbox } from '@tripline/sandbox/braze'

const sandbox = await startBrazeSandbox()
const braze = createBraze({ baseUrl: sandbox.url, apiKey: brazeDefaults.apiKeys[0].key }, sandbox.host)
const at = new Date(sandbox.clock.now()).toISOString()
const who = { userId: 'ada' }

const report = await braze.deliver([
  {
    kind: 'profile',
    key: '1',
    lane: 'ada',
    at,
    who,
    set: { firstName: 'Ada', email: ' Ada@Example.com', phone: '0151 123' },
  },
  {
    kind: 'event',
    key: '2',
    lane: 'ada',
    at,
    who,
    event: {
      type: 'track',
      event: 'Order Completed',
      properties: {
        order_id: 'o-1',
        currency: 'EUR',
        total: 99,
        products: [{ product_id: 'p-1', name: 'Shoe', variant: 'red', price: 49.5, quantity: 2 }],
      },
    },
  },
  {
    kind: 'event',
    key: '3',
    lane: 'nobody',
    at,
    who: {},
    event: { type: 'track', event: 'Product Viewed', properties: {} },
  },
])

for (const { key, outcome, losses } of report.results) {
  console.log(`item ${key}: ${outcome.status}${'fault' in outcome ? ` (${outcome.fault.message})` : ''}`)
  for (const { path, kind, because } of losses) console.log(`  ${path} was ${kind}: ${because}`)
}
for (const { endpoint, count } of report.calls) console.log(`${count} × ${endpoint}`)
console.log(`billed: ${report.cost?.amount} data points`)
await sandbox.close()
