import { createHost } from '@tripline/kit'
import type { Connector, Host } from '@tripline/model'
import { brazeCapabilities } from './capabilities.ts'
import { createCheck } from './check.ts'
import { createClient } from './client.ts'
import { createDeliver } from './deliver.ts'
import { brazeLimits } from './limits.ts'
import type { BrazeOptions } from './options.ts'
import { createReadProfiles } from './read-profiles.ts'
import { createSchema } from './schema.ts'
import { createSegments } from './segments.ts'
import { createStart } from './start.ts'

/**
 * A Braze connector. Makes no request until it is used; everything that `host` does not lend lives in memory.
 * @throws {TriplineError} code `invalid`: two names of the options become one at Braze
 * @example const braze = createBraze({ baseUrl: 'https://rest.iad-01.braze.com' })
 * const report = await braze.deliver(items) // one result per item, in order
 */
export function createBraze(options: BrazeOptions, host?: Partial<Host>): Connector {
  const client = createClient(options, createHost(host, brazeLimits))
  return {
    specVersion: 1,
    vendor: 'braze',
    capabilities: brazeCapabilities,
    limits: brazeLimits,
    check: createCheck(client),
    schema: createSchema(options, client),
    deliver: createDeliver(options, client),
    start: createStart(options, client),
    readProfiles: createReadProfiles(options, client),
    segments: createSegments(options, client),
  }
}
