import type { Limit } from '@tripline/model'

const http = 'https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/'
const unify = 'https://segment.com/docs/unify/product-limits/'
const profileApi = 'https://segment.com/docs/unify/profile-api/'
const operations = 'segmentio/public-api-sdk-typescript:api'
const batch = ['POST /v1/batch']
const profiles = [
  'GET /v1/spaces/{spaceId}/collections/{collection}/profiles/{id}/traits',
  'GET /v1/spaces/{spaceId}/collections/{collection}/profiles/{id}/metadata',
]
const perMinute = { kind: 'rate', perMs: 60_000, window: 'rolling', sharedBy: 'key', verified: true } as const

/** What Segment allows; every endpoint's name is the one in `Report.calls`. KB are counted as 1,024 bytes. */
export const segmentLimits = [
  {
    id: 'tracking.rate',
    kind: 'rate',
    max: 1_000,
    perMs: 1_000,
    window: 'rolling',
    sharedBy: 'account',
    endpoints: batch,
    source: `${http}#rate-limits`,
    verified: true,
  },
  {
    id: 'batch.bytes',
    kind: 'size',
    of: 'bytes',
    max: 500 * 1_024,
    over: 'refused',
    endpoints: batch,
    source: `${http}#max-request-size`,
    verified: true,
  },
  {
    id: 'batch.items',
    kind: 'size',
    of: 'items',
    max: 2_500,
    over: 'lost-silently',
    endpoints: batch,
    source: `${http}#batch`,
    verified: true,
  },
  {
    id: 'event.bytes',
    kind: 'size',
    of: 'itemBytes',
    max: 32 * 1_024,
    over: 'refused',
    endpoints: batch,
    source: `${http}#max-request-size`,
    verified: true,
  },
  {
    id: 'event.keys',
    kind: 'size',
    of: 'keys',
    max: 300,
    over: 'lost-silently',
    endpoints: batch,
    source: unify,
    verified: true,
  },
  // "300 or more": the stricter of two statements
  {
    id: 'identify.keys',
    kind: 'size',
    of: 'keys',
    max: 299,
    over: 'lost-silently',
    endpoints: batch,
    source: unify,
    verified: false,
  },
  {
    id: 'groupId.chars',
    kind: 'size',
    of: 'valueChars',
    max: 500,
    over: 'lost-silently',
    endpoints: batch,
    source: unify,
    verified: true,
  },
  {
    id: 'messageId.bytes',
    kind: 'size',
    of: 'idBytes',
    max: 100,
    over: 'lost-silently',
    endpoints: batch,
    source: unify,
    verified: true,
  },
  {
    id: 'profile.rate',
    kind: 'rate',
    max: 100,
    perMs: 1_000,
    window: 'rolling',
    sharedBy: 'account',
    endpoints: profiles,
    source: `${profileApi}#rate-limit`,
    verified: true,
  },
  // our own restraint, no number of Segment's
  {
    id: 'profile.parallel',
    kind: 'parallel',
    max: 10,
    sharedBy: 'key',
    endpoints: profiles,
    source: profileApi,
    verified: false,
  },
  // one page of the docs says 200, another 100
  {
    id: 'traits.page',
    kind: 'size',
    of: 'items',
    max: 100,
    over: 'refused',
    endpoints: profiles,
    source: profileApi,
    verified: false,
  },
  {
    ...perMinute,
    id: 'audiences.list.rate',
    max: 60,
    endpoints: ['GET /spaces/{spaceId}/audiences'],
    source: operations,
  },
  {
    ...perMinute,
    id: 'audiences.create.rate',
    max: 50,
    endpoints: ['POST /spaces/{spaceId}/audiences'],
    source: operations,
  },
  {
    id: 'audiences.page',
    kind: 'size',
    of: 'items',
    max: 200,
    over: 'refused',
    endpoints: ['GET /spaces/{spaceId}/audiences'],
    source: 'https://docs.segmentapis.com/tag/Pagination',
    verified: true,
  },
  {
    ...perMinute,
    id: 'schema.traits.rate',
    max: 25,
    endpoints: ['GET /spaces/{spaceId}/traits'],
    source: operations,
  },
  {
    ...perMinute,
    id: 'schema.properties.rate',
    max: 25,
    endpoints: ['GET /spaces/{spaceId}/events/{eventName}/properties'],
    source: operations,
  },
] as const satisfies readonly Limit[]

export type SegmentLimitId = (typeof segmentLimits)[number]['id']
/** The number of a limit. */
export const maxOf = (id: SegmentLimitId): number =>
  segmentLimits.find((limit) => limit.id === id)?.max ?? Infinity
