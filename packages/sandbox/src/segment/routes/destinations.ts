import type { Route } from '../../core/index.ts'
import type { Context } from '../context.ts'
import { page } from '../paging.ts'
import { publicRoute } from '../public-route.ts'
import type { Destination } from '../store-types.ts'

/** Destinations are seeded; nothing is delivered to them. */
export const destinationRoutes = (state: Context): Route[] => [
  publicRoute(state, 'GET /destinations', (request) =>
    page(request, 'destinations', [...state.store.destinations.values()], describe),
  ),
]

const describe = ({ id, name, enabled, sourceId, metadataId, settings }: Destination): object => ({
  id,
  name,
  enabled,
  sourceId,
  settings,
  metadata: {
    id: metadataId,
    name,
    description: '',
    slug: metadataId,
    logos: { default: '' },
    options: [],
    status: 'PUBLIC',
    previousNames: [],
    categories: [],
    website: '',
    components: [],
    supportedFeatures: {},
    supportedMethods: {},
    supportedPlatforms: {},
    actions: [],
    presets: [],
  },
})
