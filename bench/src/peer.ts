import { createRequire } from 'node:module'
import { join } from 'node:path'
import { shopEvent } from './events.ts'

/** What the peer's process measures, as one line of JSON. */
export interface MeasuredPeer {
  readonly eventsPerSecond: number
  readonly requests: number
}
interface Destination {
  executeBatch(action: string, input: object): Promise<readonly { readonly status: number }[]>
}
interface Definition {
  readonly actions: { readonly trackEvent: { readonly fields: object } }
}
interface Core {
  readonly Destination: new (definition: Definition) => Destination
  defaultValues(fields: object): object
}
const batchSize = 75
const rounds = 3

/** Segment's action-destinations, Braze `trackEvent` in batches of 75, HTTP stubbed where it would call `cross-fetch`. */
async function measurePeer(folder: string, count: number): Promise<MeasuredPeer> {
  const require = createRequire(join(folder, 'package.json'))
  let requests = 0
  const stub = async (): Promise<Response> => {
    requests++
    return new Response('{"message":"success"}', {
      status: 201,
      headers: { 'content-type': 'application/json' },
    })
  }
  const path = require.resolve('cross-fetch')
  const original = require(path) as object
  const cached = require.cache[path]
  if (cached) cached.exports = Object.assign(stub, original, { default: stub, fetch: stub })
  const definition = (require(join(folder, 'package/dist/destinations/braze')) as { default: Definition })
    .default
  const core = require('@segment/actions-core') as Core
  const destination = new core.Destination(definition)
  const mapping = { ...core.defaultValues(definition.actions.trackEvent.fields), enable_batching: true }
  const settings = { api_key: 'key', app_id: 'app', endpoint: 'https://rest.iad-01.braze.com' }
  let best = Infinity
  for (let round = 0; round <= rounds; round++) {
    requests = 0
    let spent = 0
    for (let from = 0; from < count; from += batchSize) {
      const events = Array.from({ length: Math.min(batchSize, count - from) }, (_, index) => {
        const event = shopEvent(from + index) as { readonly timestamp: string }
        return { ...event, receivedAt: event.timestamp }
      })
      const started = performance.now()
      const answers = await destination.executeBatch('trackEvent', { events, mapping, settings })
      spent += performance.now() - started
      const failed = answers.find(({ status }) => status >= 300)
      if (failed) throw new Error(`the peer refused an event: ${JSON.stringify(failed)}`)
    }
    if (round > 0) best = Math.min(best, spent)
  }
  return { eventsPerSecond: Math.round((count / best) * 1_000), requests }
}

const [folder = '', count = '30000'] = process.argv.slice(2)
console.log(JSON.stringify(await measurePeer(folder, Number(count))))
