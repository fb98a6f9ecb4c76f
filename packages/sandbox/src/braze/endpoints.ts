import type { SimRequest } from '../core/index.ts'
import type { BrazeAccount } from './account.ts'
import { isObject, type Json } from './json.ts'
import type { RateCost } from './rate-gate.ts'
import type { RateGroup } from './limits.ts'

interface Endpoint {
  /** What the API key must be allowed to do. */
  readonly permission: string
  /** Which limit it counts against; `sends` depends on who is addressed. */
  readonly rate: RateGroup | 'export-ids' | 'sends'
  readonly beta?: true
}

/** Permission and limit of every endpoint. https://www.braze.com/docs/api/endpoints/ (each page: "Prerequisites", "Rate limit") */
export const endpoints = {
  'POST /users/track': { permission: 'users.track', rate: 'track' },
  'POST /users/track/bulk': { permission: 'users.track.bulk', rate: 'track-bulk', beta: true },
  'POST /users/track/sync': { permission: 'users.track.sync', rate: 'track-sync', beta: true },
  'POST /users/identify': { permission: 'users.identify', rate: 'users' },
  'POST /users/alias/new': { permission: 'users.alias.new', rate: 'users' },
  'POST /users/alias/update': { permission: 'users.alias.update', rate: 'users' },
  'POST /users/merge': { permission: 'users.merge', rate: 'users' },
  'POST /users/delete': { permission: 'users.delete', rate: 'users' },
  'POST /users/external_ids/rename': { permission: 'users.external_ids.rename', rate: 'external-ids-rename' },
  'POST /users/external_ids/remove': { permission: 'users.external_ids.remove', rate: 'external-ids-remove' },
  'POST /users/export/ids': { permission: 'users.export.ids', rate: 'export-ids' },
  'POST /users/export/segment': { permission: 'users.export.segment', rate: 'shared' },
  'GET /segments/list': { permission: 'segments.list', rate: 'shared' },
  'GET /segments/details': { permission: 'segments.details', rate: 'shared' },
  'GET /segments/data_series': { permission: 'segments.data_series', rate: 'shared' },
  'GET /custom_attributes': { permission: 'custom_attributes.get', rate: 'catalogue' },
  'GET /events': { permission: 'events.get', rate: 'catalogue' },
  'GET /events/list': { permission: 'events.list', rate: 'catalogue' },
  'GET /purchases/product_list': { permission: 'purchases.product_list', rate: 'catalogue' },
  'GET /campaigns/list': { permission: 'campaigns.list', rate: 'shared' },
  'GET /campaigns/details': { permission: 'campaigns.details', rate: 'shared' },
  'POST /campaigns/trigger/send': { permission: 'campaigns.trigger.send', rate: 'sends' },
  'GET /canvas/list': { permission: 'canvas.list', rate: 'shared' },
  'GET /canvas/details': { permission: 'canvas.details', rate: 'shared' },
  'POST /canvas/trigger/send': { permission: 'canvas.trigger.send', rate: 'sends' },
  'POST /messages/send': { permission: 'messages.send', rate: 'sends' },
  'POST /subscription/status/set': { permission: 'subscription.status.set', rate: 'subscription-set' },
  'POST /v2/subscription/status/set': { permission: 'subscription.status.set', rate: 'subscription-set' },
  'GET /subscription/status/get': { permission: 'subscription.status.get', rate: 'shared' },
  'POST /email/status': { permission: 'email.status', rate: 'shared' },
  'POST /sends/id/create': { permission: 'sends.id.create', rate: 'send-ids' },
  'POST /transactional/v1/campaigns/{campaign_id}/send': { permission: 'transactional.send', rate: 'shared' },
} as const satisfies Record<string, Endpoint>

const transactional = /^\/transactional\/v1\/campaigns\/[^/]+\/send$/

/** The endpoint a request is meant for; undefined for a download, or a path Braze does not have (a trailing slash makes one). */
export function endpointOf({ method, path }: SimRequest): Endpoint | undefined {
  const name = transactional.test(path) ? '/transactional/v1/campaigns/{campaign_id}/send' : path
  return (endpoints as Readonly<Record<string, Endpoint>>)[`${method} ${name}`]
}

/** Everything the request takes from, the tightest last. */
export function costsOf(endpoint: Endpoint, request: SimRequest, account: BrazeAccount): readonly RateCost[] {
  if (endpoint.rate === 'track' && account.plan === 'mau')
    return [{ group: 'mau-burst' }, { group: 'mau-hour' }]
  if (endpoint.rate === 'sends') return costsOfSend(request)
  if (endpoint.rate !== 'export-ids') return [{ group: endpoint.rate }]
  // The 40 a second hold only for calls that name their fields and leave the message summaries out.
  const fast =
    account.exportIdsRate === '40-a-second' &&
    !/"(campaigns|canvases)_received"/.test(request.body.toString())
  const rate = account.exportIdsRate === '40-a-second' && !fast ? '250-a-minute' : account.exportIdsRate
  return [{ group: `export-ids-${rate}` }]
}

function costsOfSend(request: SimRequest): readonly RateCost[] {
  const body = readQuietly(request)
  if (!isObject(body)) return [{ group: 'shared' }]
  const { broadcast, segment_id: segment, audience } = body
  if (broadcast !== true && segment === undefined && audience === undefined) return [{ group: 'shared' }]
  const target = JSON.stringify([
    body['campaign_id'] ?? body['canvas_id'] ?? null,
    segment ?? null,
    audience ?? null,
  ])
  return [{ group: 'broadcast' }, { group: 'broadcast-per-audience', per: target }]
}

function readQuietly(request: SimRequest): Json | undefined {
  try {
    return request.json() as Json | undefined
  } catch {
    return undefined
  }
}
