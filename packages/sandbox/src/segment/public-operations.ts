/** An operation of the Public API: its media types, its own rate limit, the feature it needs. */
export interface PublicOperation {
  readonly versions: readonly ('v1' | 'v1beta' | 'v1alpha')[]
  readonly perMinute?: number
  readonly perMonth?: number
  readonly feature?: 'audiences' | 'spaces' | 'protocols'
}
const stable = ['v1', 'v1beta', 'v1alpha'] as const
const alpha = ['v1alpha'] as const
const beta = ['v1beta'] as const

/** From segmentio/public-api-sdk-typescript:api/*.ts, API version 73.2.0. */
export const publicOperations = {
  'GET /': { versions: stable },
  'GET /echo': { versions: ['v1', 'v1alpha'] },
  'GET /spaces': { versions: alpha, feature: 'spaces' },
  'GET /spaces/{spaceId}': { versions: alpha, feature: 'spaces' },
  'GET /spaces/{spaceId}/audiences': { versions: stable, perMinute: 60, feature: 'audiences' },
  'POST /spaces/{spaceId}/audiences': { versions: stable, perMinute: 50, feature: 'audiences' },
  'GET /spaces/{spaceId}/audiences/{id}': { versions: stable, perMinute: 100, feature: 'audiences' },
  'PATCH /spaces/{spaceId}/audiences/{id}': { versions: stable, perMinute: 50, feature: 'audiences' },
  'DELETE /spaces/{spaceId}/audiences/{id}': { versions: stable, perMinute: 50, feature: 'audiences' },
  'POST /spaces/{spaceId}/audiences/previews': {
    versions: stable,
    perMinute: 5,
    perMonth: 700,
    feature: 'audiences',
  },
  'GET /spaces/{spaceId}/audiences/previews/{id}': { versions: stable, perMinute: 300, feature: 'audiences' },
  'GET /spaces/{spaceId}/events': { versions: alpha, perMinute: 25 },
  'GET /spaces/{spaceId}/events/{eventName}/properties': { versions: alpha, perMinute: 25 },
  'GET /spaces/{spaceId}/traits': { versions: alpha, perMinute: 25 },
  'GET /sources': { versions: stable },
  'POST /sources': { versions: stable },
  'GET /sources/{sourceId}': { versions: stable },
  'GET /destinations': { versions: stable },
  'GET /tracking-plans': { versions: stable, feature: 'protocols' },
  'POST /tracking-plans': { versions: stable, feature: 'protocols' },
  'GET /tracking-plans/{trackingPlanId}': { versions: stable, feature: 'protocols' },
  'PATCH /tracking-plans/{trackingPlanId}': { versions: stable, feature: 'protocols' },
  'DELETE /tracking-plans/{trackingPlanId}': { versions: stable, feature: 'protocols' },
  'GET /tracking-plans/{trackingPlanId}/rules': { versions: stable, perMinute: 200, feature: 'protocols' },
  'PATCH /tracking-plans/{trackingPlanId}/rules': { versions: stable, feature: 'protocols' },
  'PUT /tracking-plans/{trackingPlanId}/rules': { versions: stable, feature: 'protocols' },
  'GET /delivery-overview/failed-on-ingest': { versions: beta },
  'GET /delivery-overview/successfully-received': { versions: beta },
  'GET /regulations': { versions: stable },
  'POST /regulations': { versions: stable, perMinute: 600 },
  'GET /regulations/{regulateId}': { versions: stable },
  'GET /suppressions': { versions: stable },
} as const satisfies Record<string, PublicOperation>
export type PublicOperationId = keyof typeof publicOperations
