import type { Vendor } from '../../scripts/workspace.ts'
import { endpoints as braze } from '../../adapters/braze/src/client.ts'
import { endpoints as hubspot } from '../../adapters/hubspot/src/endpoints.ts'
import { endpoints as intercom } from '../../adapters/intercom/src/client.ts'
import { endpoints as mixpanel } from '../../adapters/mixpanel/src/client.ts'
import { endpoints as segment } from '../../adapters/segment/src/client.ts'

/** Every endpoint that an adapter knows, by its own names. */
export const endpointTables: Readonly<Record<Vendor, readonly string[]>> = {
  segment: Object.keys(segment),
  mixpanel: Object.keys(mixpanel),
  hubspot: Object.keys(hubspot),
  braze: Object.keys(braze),
  intercom: Object.keys(intercom),
}
