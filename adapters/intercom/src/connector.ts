import { createHost } from '@tripline/kit'
import type { Connector, Host } from '@tripline/model'
import { intercomCapabilities } from './capabilities.ts'
import { createCheck } from './check.ts'
import { createClient } from './client.ts'
import { createDeliver } from './deliver.ts'
import { limitsFor } from './limits.ts'
import type { IntercomOptions } from './options.ts'
import { createReadProfiles } from './read-profiles.ts'
import { createSchema } from './schema.ts'
import { createSegments } from './segments.ts'
import { createStart } from './start.ts'
import { createWriters } from './writers.ts'

/**
 * An Intercom connector. Makes no request until it is used; everything that `host` does not lend lives in memory.
 * Lend it a `cache` that survives restarts: the ids of contacts are kept there, and without them each write of a profile
 * costs a look-up.
 * @throws {TriplineError} code `invalid`: two names of the options become one at Intercom, or one of them is reserved
 * @example const intercom = createIntercom({ region: 'eu' })
 * const report = await intercom.deliver(items) // one result per item, in order
 */
export function createIntercom(options: IntercomOptions, host?: Partial<Host>): Connector {
  const limits = limitsFor(options)
  const client = createClient(options, createHost(host, limits), limits)
  const writers = createWriters(options, client)
  return {
    specVersion: 1,
    vendor: 'intercom',
    capabilities: intercomCapabilities,
    limits,
    check: createCheck(options, client, writers),
    schema: createSchema(options, client),
    deliver: createDeliver(options, client, writers),
    start: createStart(options, client, writers),
    readProfiles: createReadProfiles(options, client),
    segments: createSegments(options, client),
  }
}
