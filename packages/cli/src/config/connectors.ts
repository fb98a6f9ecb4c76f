import type { BrazeOptions } from '@tripline/braze'
import type { HubSpotOptions } from '@tripline/hubspot'
import type { IntercomOptions } from '@tripline/intercom'
import type { MixpanelOptions } from '@tripline/mixpanel'
import type { Connector, Host } from '@tripline/model'
import type { SegmentOptions } from '@tripline/segment'
import type { Vendor } from './vendors.ts'

/** Options of each adapter, by vendor. */
export interface ConnectorsConfig {
  readonly segment?: SegmentOptions
  readonly mixpanel?: MixpanelOptions
  readonly hubspot?: HubSpotOptions
  readonly braze?: BrazeOptions
  readonly intercom?: IntercomOptions
}
type OptionsOf<V extends Vendor> = NonNullable<ConnectorsConfig[V]>
type Create<V extends Vendor> = (options: OptionsOf<V>, host?: Partial<Host>) => Connector

/** Loads an adapter when its vendor is configured, and only then. */
const factories: { readonly [V in Vendor]: () => Promise<Create<V>> } = {
  segment: async () => (await import('@tripline/segment')).createSegment,
  mixpanel: async () => (await import('@tripline/mixpanel')).createMixpanel,
  hubspot: async () => (await import('@tripline/hubspot')).createHubSpot,
  braze: async () => (await import('@tripline/braze')).createBraze,
  intercom: async () => (await import('@tripline/intercom')).createIntercom,
}

/** @throws {TriplineError} code `invalid`: the adapter refuses the options */
export async function createConnector<V extends Vendor>(
  vendor: V,
  options: OptionsOf<V>,
  host: Partial<Host> = {},
): Promise<Connector> {
  const create = await factories[vendor]()
  return create(options, host)
}
