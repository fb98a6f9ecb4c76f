import type { ConnectorOptions } from '@tripline/kit'
import type { Connector, Host } from '@tripline/model'
import type { BrazeOptions } from '@tripline/braze'
import type * as hubspot from '@tripline/hubspot'
import type * as intercom from '@tripline/intercom'
import type * as mixpanel from '@tripline/mixpanel'
import type * as segment from '@tripline/segment'
import type { Vendor } from './vendors.ts'

/** The options that an adapter's factory takes. */
type OptionsOf<Module, Name extends string> = Module extends {
  readonly [K in Name]: (options: infer Options extends ConnectorOptions, host?: Partial<Host>) => Connector
}
  ? Options
  : ConnectorOptions

/** Options of each adapter, by vendor. */
export interface ConnectorsConfig {
  readonly segment?: OptionsOf<typeof segment, 'createSegment'>
  readonly mixpanel?: OptionsOf<typeof mixpanel, 'createMixpanel'>
  readonly hubspot?: OptionsOf<typeof hubspot, 'createHubSpot'>
  readonly braze?: BrazeOptions
  readonly intercom?: OptionsOf<typeof intercom, 'createIntercom'>
}

type Create = (options: ConnectorOptions, host?: Partial<Host>) => Connector
/** Loads an adapter when its vendor is configured, and only then. */
const factories: Readonly<Record<Vendor, () => Promise<Create>>> = {
  segment: async () => named(await import('@tripline/segment'), 'createSegment'),
  mixpanel: async () => named(await import('@tripline/mixpanel'), 'createMixpanel'),
  hubspot: async () => named(await import('@tripline/hubspot'), 'createHubSpot'),
  braze: async () => named(await import('@tripline/braze'), 'createBraze'),
  intercom: async () => named(await import('@tripline/intercom'), 'createIntercom'),
}

function named(module: object, name: string): Create {
  return (module as Readonly<Record<string, Create>>)[name] as Create
}

export async function createConnector(
  vendor: Vendor,
  options: ConnectorOptions,
  host: Partial<Host> = {},
): Promise<Connector> {
  const create = await factories[vendor]()
  return create(options, host)
}
