import type { Portal } from '../portal.ts'
import type { RouteRow } from '../route-row.ts'
import { accountRoutes } from './account.ts'
import { associationRoutes } from './associations.ts'
import { consentRoutes } from './consent.ts'
import { eventDefinitionRoutes } from './event-definitions.ts'
import { eventOccurrenceRoutes } from './event-occurrences.ts'
import { eventSendRoutes } from './event-send.ts'
import { flowRoutes } from './flows.ts'
import { listMembershipRoutes } from './list-memberships.ts'
import { listRoutes } from './lists.ts'
import { oauthRoutes } from './oauth.ts'
import { objectBatchRoutes } from './object-batch.ts'
import { objectRemovalRoutes } from './object-removal.ts'
import { objectSearchRoutes } from './object-search.ts'
import { objectRoutes } from './objects.ts'
import { propertyRoutes } from './properties.ts'
import { propertyGroupRoutes } from './property-groups.ts'

/** Every operation of the sandbox's HubSpot. */
export const hubspotRows = (portal: Portal): readonly RouteRow[] => [
  ...objectRoutes(portal),
  ...objectBatchRoutes(portal),
  ...objectSearchRoutes(portal),
  ...objectRemovalRoutes(portal),
  ...propertyRoutes(portal),
  ...propertyGroupRoutes(portal),
  ...associationRoutes(portal),
  ...listRoutes(portal),
  ...listMembershipRoutes(portal),
  ...eventDefinitionRoutes(portal),
  ...eventSendRoutes(portal),
  ...eventOccurrenceRoutes(portal),
  ...accountRoutes(portal),
  ...oauthRoutes(portal),
  ...consentRoutes(portal),
  ...flowRoutes(portal),
]
