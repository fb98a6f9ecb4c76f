import { createHost } from '@tripline/kit'
import type { Connector, Host } from '@tripline/model'
import { hubspotCapabilities } from './capabilities.ts'
import { createCheck } from './check.ts'
import { createClient } from './client.ts'
import { createDeliver } from './deliver.ts'
import { effectiveLimits } from './limits.ts'
import type { HubSpotOptions } from './options.ts'
import { createReadProfiles } from './read-profiles.ts'
import { createSchema } from './schema.ts'
import { createSegments } from './segments.ts'
import { createStart } from './start.ts'
import { createTools } from './tools.ts'

/**
 * A HubSpot connector. Makes no request until it is used; everything that `host` does not lend lives in memory.
 * @throws {TriplineError} code `invalid`: two names of the options become one at HubSpot, one is too long or reserved
 * @example const hubspot = createHubSpot({ accessToken: process.env.HUBSPOT_ACCESS_TOKEN })
 * const report = await hubspot.deliver(items) // one result per item, in order
 */
export function createHubSpot(options: HubSpotOptions = {}, host?: Partial<Host>): Connector {
  const limits = effectiveLimits(options)
  const client = createClient(options, createHost(host, limits))
  const tools = createTools(options, client)
  return {
    specVersion: 1,
    vendor: 'hubspot',
    capabilities: hubspotCapabilities,
    limits,
    check: createCheck(tools),
    schema: createSchema(tools),
    deliver: createDeliver(tools),
    start: createStart(tools),
    readProfiles: createReadProfiles(tools),
    segments: createSegments(tools),
  }
}
