import { createHost } from '@tripline/kit'
import type { Connector, Host } from '@tripline/model'
import { segmentCapabilities } from './capabilities.ts'
import { createCheck } from './check.ts'
import { createClient } from './client.ts'
import { createDeliver } from './deliver.ts'
import { segmentLimits } from './limits.ts'
import type { SegmentOptions } from './options.ts'
import { createReadProfiles } from './read-profiles.ts'
import { createSchema } from './schema.ts'
import { createSegments } from './segments.ts'
import { createStart } from './start.ts'

/**
 * A Segment connector. Makes no request until it is used; everything that `host` does not lend lives in memory.
 * @throws {TriplineError} code `invalid`: two names of the options become one at Segment
 * @example const segment = createSegment({ source: 'website', spaceId: 'spa_123' })
 * const report = await segment.deliver(items) // one result per item, in order
 */
export function createSegment(options: SegmentOptions, host?: Partial<Host>): Connector {
  const client = createClient(options, createHost(host, segmentLimits))
  return {
    specVersion: 1,
    vendor: 'segment',
    capabilities: segmentCapabilities,
    limits: segmentLimits,
    check: createCheck(options, client),
    schema: createSchema(options, client),
    deliver: createDeliver(options, client),
    start: createStart(options, client),
    readProfiles: createReadProfiles(options, client),
    segments: createSegments(options, client),
  }
}
