import { createHost } from '@tripline/kit'
import type { Connector, Host } from '@tripline/model'
import { mixpanelCapabilities } from './capabilities.ts'
import { createCheck } from './check.ts'
import { createClient } from './client.ts'
import { createDeliver } from './deliver.ts'
import { limitsFor } from './limits.ts'
import type { MixpanelOptions } from './options.ts'
import { createReadProfiles } from './read-profiles.ts'
import { createSchema } from './schema.ts'
import { createSegments } from './segments.ts'
import { createStart } from './start.ts'

/**
 * A Mixpanel connector. Makes no request until it is used; everything that `host` does not lend lives in memory.
 * @throws {TriplineError} code `invalid`: a required option is missing or no such thing, two names of the options
 *   become one at Mixpanel, or one is a name that Mixpanel keeps for itself
 * @example const mixpanel = createMixpanel({ region: 'eu', projectId: '3141592', projectToken: '0123…' })
 * const report = await mixpanel.deliver(items) // one result per item, in order
 */
export function createMixpanel(options: MixpanelOptions, host?: Partial<Host>): Connector {
  const limits = limitsFor(options)
  const client = createClient(options, createHost(host, limits), limits)
  return {
    specVersion: 1,
    vendor: 'mixpanel',
    capabilities: mixpanelCapabilities,
    limits,
    check: createCheck(options, client),
    schema: createSchema(options, client),
    deliver: createDeliver(options, client),
    start: createStart(options, client),
    readProfiles: createReadProfiles(options, client),
    segments: createSegments(options, client),
  }
}
