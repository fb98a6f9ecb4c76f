import type { HubSpotClient } from './client.ts'
import { createEventDefinitions } from './event-definitions.ts'
import { createLookup } from './lookup.ts'
import { createEventMapper, type EventMapper } from './mapping/events.ts'
import { createCompanyMapper, createProfileMapper, type PropertyMapper } from './mapping/profiles.ts'
import { idPropertyOf, type HubSpotOptions } from './options.ts'
import type { EventTools } from './send-events.ts'

/** What the parts of the connector share: one set of names, one way to look up, one memory of definitions. */
export interface HubSpotTools extends EventTools {
  readonly idProperty: string
  readonly profiles: PropertyMapper
  readonly companies: PropertyMapper
  readonly events: EventMapper
}

/** @throws {TriplineError} code `invalid`: names of the registry meet, are too long or reserved */
export function createTools(options: HubSpotOptions, client: HubSpotClient): HubSpotTools {
  const profiles = createProfileMapper(options)
  return {
    options,
    client,
    profiles,
    idProperty: idPropertyOf(options),
    companies: createCompanyMapper(options),
    events: createEventMapper(options),
    lookup: createLookup(options, client),
    definitions: createEventDefinitions(options, client),
    pathOf: (property) => `set.${profiles.canonicalName(property)}`,
  }
}
