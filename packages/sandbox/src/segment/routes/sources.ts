import type { Route, SimReply } from '../../core/index.ts'
import { publicToken } from '../authenticate.ts'
import type { Context } from '../context.ts'
import { publicConflict, publicNotFound } from '../errors.ts'
import { page } from '../paging.ts'
import { ok, publicRoute, publicWrite } from '../public-route.ts'
import { newId, putSource } from '../state.ts'
import { isJson, type Json, type Source } from '../store-types.ts'
import type { Shape } from '../validate-input.ts'

const createShape: Shape = {
  slug: { type: 'string', required: true },
  enabled: { type: 'boolean', required: true },
  metadataId: { type: 'string', required: true },
  settings: { type: 'object' },
  disconnectAllWarehouses: { type: 'boolean' },
}

/** Sources: list, get, create. Write keys are shown to a Source Admin only. */
export function sourceRoutes(state: Context): Route[] {
  const describe = (source: Source, showKeys: boolean): object => ({
    id: source.id,
    slug: source.slug,
    name: source.name,
    metadata: metadata(source.metadataId),
    workspaceId: state.account.workspace.id,
    enabled: source.enabled,
    writeKeys: showKeys ? source.writeKeys : [],
    settings: source.settings,
    labels: [],
  })
  return [
    publicRoute(state, 'GET /sources', (request) => {
      const showKeys = publicToken(state, request)?.sourceAdmin === true
      return page(request, 'sources', [...state.store.sources.values()], (source) =>
        describe(source, showKeys),
      )
    }),
    publicRoute(state, 'GET /sources/{sourceId}', (request) => {
      const source = state.store.sources.get(request.params.sourceId ?? '')
      const showKeys = publicToken(state, request)?.sourceAdmin === true
      return source ? ok({ source: describe(source, showKeys), trackingPlanId: null }) : publicNotFound()
    }),
    publicWrite(state, 'POST /sources', createShape, (_request, body) => create(state, body, describe)),
  ]
}

/** A new source feeds no space: connecting it to Unify has no API. */
function create(
  state: Context,
  body: Json,
  describe: (source: Source, showKeys: boolean) => object,
): SimReply {
  const slug = String(body.slug)
  // the status of a slug in use is not documented
  if ([...state.store.sources.values()].some((source) => source.slug === slug))
    return publicConflict('A source with this slug exists')
  const source: Source = {
    id: newId(state.store, 'src_'),
    slug,
    name: slug,
    enabled: body.enabled === true,
    writeKeys: [newId(state.store, 'wk_')],
    metadataId: String(body.metadataId),
    settings: isJson(body.settings) ? body.settings : {},
    spaceIds: [],
    requiresOAuth: false,
  }
  putSource(state.store, source)
  return ok({ source: describe(source, true) }, 201)
}

const metadata = (id: string): object => ({
  id,
  name: id === 'iUM16Md8P2' ? 'HTTP API' : id,
  slug: id === 'iUM16Md8P2' ? 'http-api' : id,
  description: '',
  logos: { default: '' },
  options: [],
  categories: ['Server'],
  isCloudEventSource: false,
  status: 'PUBLIC',
})
