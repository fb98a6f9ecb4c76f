import type { Limit } from '@tripline/model'
import type { HubSpotOptions } from './options.ts'

const usage = 'https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines'
const objects = 'https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide'
const search = 'https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm.md'
const events = 'https://developers.hubspot.com/docs/api-reference/latest/events/guide'
const lists = 'https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide'
const properties = 'https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide'
const specs = 'HubSpot/HubSpot-public-api-spec-collection'

const upserts = [
  'POST /crm/objects/contacts/batch/upsert',
  'POST /crm/objects/companies/batch/upsert',
] as const
const reads = ['POST /crm/objects/contacts/batch/read', 'POST /crm/objects/companies/batch/read'] as const
const sends = ['POST /events/send', 'POST /events/send/batch'] as const
const definitions = [
  'POST /events/event-definitions',
  'POST /events/event-definitions/{eventName}/property',
] as const

/** What HubSpot allows; every endpoint's name is the one in `Report.calls`. */
export const hubspotLimits = [
  {
    id: 'tenSeconds.rate',
    kind: 'rate',
    max: 100,
    perMs: 10_000,
    window: 'rolling',
    sharedBy: 'app',
    endpoints: [
      ...upserts,
      ...reads,
      ...definitions,
      'GET /crm/objects/contacts',
      'POST /crm/lists',
      'POST /crm/lists/search',
      'GET /crm/lists/object-type-id/{objectTypeId}/name/{listName}',
      'PUT /crm/lists/{listId}/memberships/add-and-remove',
      'GET /crm/lists/{listId}/memberships',
      'GET /crm/lists/records/{objectTypeId}/{recordId}/memberships',
      'GET /crm/properties/{objectType}',
      'GET /crm/properties/{objectType}/{propertyName}',
      'POST /crm/properties/{objectType}/batch/create',
      'GET /crm/properties/{objectType}/groups',
      'POST /crm/properties/{objectType}/groups',
      'GET /events/event-definitions',
      'POST /communication-preferences/statuses/{email}',
      'POST /communication-preferences/statuses/{email}/unsubscribe-all',
      'GET /communication-preferences/definitions',
      'GET /automation/flows',
      'GET /automation/flows/{flowId}',
      'GET /account-info/details',
      'POST /oauth/private-apps/get/access-token-info',
    ],
    source: usage,
    verified: true,
  },
  {
    // Kept by HubSpot's own answer (`retry` with `notBefore`), not by waiting here: nobody waits until midnight.
    id: 'day.rate',
    kind: 'rate',
    max: 250_000,
    perMs: 86_400_000,
    window: 'fixed',
    sharedBy: 'account',
    endpoints: [],
    source: usage,
    verified: true,
  },
  {
    id: 'search.rate',
    kind: 'rate',
    max: 5,
    perMs: 1_000,
    window: 'rolling',
    sharedBy: 'account',
    endpoints: ['POST /crm/objects/contacts/search'],
    source: search,
    verified: true,
  },
  {
    id: 'associations.rate',
    kind: 'rate',
    max: 100,
    perMs: 10_000,
    window: 'rolling',
    sharedBy: 'account',
    endpoints: ['POST /crm/associations/contacts/companies/batch/create'],
    source: usage,
    verified: true,
  },
  {
    id: 'events.rate',
    kind: 'rate',
    max: 1_250,
    perMs: 1_000,
    window: 'rolling',
    sharedBy: 'account',
    endpoints: sends,
    source: events,
    verified: true,
  },
  {
    id: 'batch.items',
    kind: 'size',
    of: 'items',
    max: 100,
    over: 'refused',
    endpoints: [...upserts, ...reads, 'POST /crm/properties/{objectType}/batch/create'],
    source: objects,
    verified: true,
  },
  {
    // HubSpot documents 2,000 for writes; a later changelog cut the sister call to 100.
    id: 'associations.items',
    kind: 'size',
    of: 'items',
    max: 100,
    over: 'refused',
    endpoints: ['POST /crm/associations/contacts/companies/batch/create'],
    source: 'https://github.com/airbytehq/airbyte/issues/48834',
    verified: false,
  },
  {
    id: 'events.items',
    kind: 'size',
    of: 'items',
    max: 500,
    over: 'refused',
    endpoints: ['POST /events/send/batch'],
    source: events,
    verified: true,
  },
  {
    id: 'memberships.items',
    kind: 'size',
    of: 'items',
    max: 10_000,
    over: 'refused',
    endpoints: ['PUT /crm/lists/{listId}/memberships/add-and-remove'],
    source: lists,
    verified: false,
  },
  {
    id: 'memberships.page',
    kind: 'size',
    of: 'items',
    max: 250,
    over: 'refused',
    endpoints: ['GET /crm/lists/{listId}/memberships'],
    source: `${specs}: crm-lists.2026-09`,
    verified: true,
  },
  {
    id: 'listSearch.page',
    kind: 'size',
    of: 'items',
    max: 500,
    over: 'refused',
    endpoints: ['POST /crm/lists/search'],
    source: lists,
    verified: true,
  },
  {
    id: 'contacts.page',
    kind: 'size',
    of: 'items',
    max: 100,
    over: 'refused',
    endpoints: ['GET /crm/objects/contacts'],
    source: objects,
    verified: true,
  },
  {
    id: 'search.page',
    kind: 'size',
    of: 'items',
    max: 200,
    over: 'refused',
    endpoints: ['POST /crm/objects/contacts/search'],
    source: search,
    verified: true,
  },
  {
    id: 'search.bytes',
    kind: 'size',
    of: 'bytes',
    max: 3_000,
    over: 'refused',
    endpoints: ['POST /crm/objects/contacts/search'],
    source: search,
    verified: true,
  },
  {
    id: 'propertyName.chars',
    kind: 'size',
    of: 'nameChars',
    max: 100,
    over: 'refused',
    endpoints: ['POST /crm/properties/{objectType}/batch/create'],
    source: properties,
    verified: false,
  },
  {
    id: 'value.chars',
    kind: 'size',
    of: 'valueChars',
    max: 65_536,
    over: 'refused',
    endpoints: upserts,
    source: properties,
    verified: false,
  },
  {
    id: 'properties.names',
    kind: 'size',
    of: 'names',
    max: 1_000,
    over: 'refused',
    endpoints: ['POST /crm/properties/{objectType}/batch/create'],
    source: properties,
    verified: false,
  },
  {
    id: 'uniqueProperties.names',
    kind: 'size',
    of: 'names',
    max: 10,
    over: 'refused',
    endpoints: ['POST /crm/properties/{objectType}/batch/create'],
    source: properties,
    verified: true,
  },
  {
    id: 'eventDefinitions.names',
    kind: 'size',
    of: 'names',
    max: 500,
    over: 'refused',
    endpoints: ['POST /events/event-definitions'],
    source: events,
    verified: true,
  },
  {
    id: 'event.keys',
    kind: 'size',
    of: 'keys',
    max: 50,
    over: 'refused',
    endpoints: definitions,
    source: events,
    verified: true,
  },
  {
    id: 'eventPropertyName.chars',
    kind: 'size',
    of: 'nameChars',
    max: 50,
    over: 'refused',
    endpoints: definitions,
    source: events,
    verified: true,
  },
  {
    id: 'eventValue.chars',
    kind: 'size',
    of: 'valueChars',
    max: 1_024,
    over: 'lost-silently',
    endpoints: sends,
    source: events,
    verified: false,
  },
] as const satisfies readonly Limit[]

export type HubSpotLimitId = (typeof hubspotLimits)[number]['id']
const maxima = new Map<string, number>(hubspotLimits.map(({ id, max }) => [id, max]))
/** The number of a limit. */
export const maxOf = (id: HubSpotLimitId): number => maxima.get(id) ?? Infinity

/** https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines */
const perTenSeconds = { free: 100, starter: 100, professional: 190, enterprise: 190 } as const
const perDay = { free: 250_000, starter: 250_000, professional: 625_000, enterprise: 1_000_000 } as const
const addOn = { perTenSeconds: 250, perDay: 1_000_000 } as const
const oauthPerTenSeconds = 110

/** The limits of this account: by its tier, its kind of credential and the limit add-on. */
export function effectiveLimits(options: HubSpotOptions): readonly Limit[] {
  const tier = options.tier ?? 'free'
  const isOauth = options.credential === 'oauth'
  const tenSeconds = isOauth
    ? oauthPerTenSeconds
    : options.limitAddOn
      ? addOn.perTenSeconds
      : perTenSeconds[tier]
  const day = perDay[tier] + (options.limitAddOn ? addOn.perDay : 0)
  const changed: Readonly<Record<string, number>> = {
    'tenSeconds.rate': tenSeconds,
    'day.rate': day,
    'memberships.items': options.membershipsPerCall ?? maxOf('memberships.items'),
  }
  return hubspotLimits
    .filter(({ id }) => !(isOauth && id === 'day.rate'))
    .map((limit): Limit => ({ ...limit, max: changed[limit.id] ?? limit.max }))
}
