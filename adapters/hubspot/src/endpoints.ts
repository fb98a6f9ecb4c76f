import type { EndpointMeaning } from './errors.ts'
import type { HubSpotOptions, HubSpotResource, HubSpotVersion } from './options.ts'

/**
 * Base paths by generation. https://developers.hubspot.com/docs/api-reference/latest/overview; workflows have no dated
 * one that is generally available.
 */
export const paths = {
  objects: {
    '2026-09': '/crm/objects/2026-09',
    '2026-03': '/crm/objects/2026-03',
    v3: '/crm/v3/objects',
  },
  associations: {
    '2026-09': '/crm/associations/2026-09',
    '2026-03': '/crm/associations/2026-03',
    v4: '/crm/v4/associations',
  },
  properties: {
    '2026-09': '/crm/properties/2026-09',
    '2026-03': '/crm/properties/2026-03',
    v3: '/crm/v3/properties',
  },
  lists: { '2026-09': '/crm/lists/2026-09', '2026-03': '/crm/lists/2026-03', v3: '/crm/v3/lists' },
  eventDefinitions: {
    '2026-09': '/events/custom/2026-09/event-definitions',
    '2026-03': '/events/2026-03/event-definitions',
    v3: '/events/v3/event-definitions',
  },
  eventSend: {
    '2026-09': '/events/custom/2026-09/send',
    '2026-03': '/events/2026-03/send',
    v3: '/events/v3/send',
  },
  consent: {
    '2026-09': '/communication-preferences/2026-09',
    '2026-03': '/communication-preferences/2026-03',
    v4: '/communication-preferences/v4',
  },
  flows: { v4: '/automation/v4/flows' },
  accountInfo: {
    '2026-09': '/account-info/2026-09',
    '2026-03': '/account-info/2026-03',
    v3: '/account-info/v3',
  },
  privateApps: { v3: '/oauth/v2/private-apps' },
} as const satisfies Record<HubSpotResource, { readonly [Version in HubSpotVersion]?: string }>

export interface EndpointRow extends EndpointMeaning {
  readonly resource: HubSpotResource
  /** What follows the base path. */
  readonly path: string
}
const enterprise = 'the Enterprise tier of any hub (or the option eventFallback)'
const row = (
  resource: HubSpotResource,
  path: string,
  ability: EndpointMeaning['ability'],
  more: Partial<EndpointMeaning> = {},
): EndpointRow => ({ resource, path, ability, unknown: 'thing', ...more })
const batch = { unknown: 'path' } as const
const events = { unknown: 'path', tier: enterprise } as const

/** Every endpoint we use. The names leave the generation of the path out, so that a new one changes no report. */
export const endpoints = {
  'POST /crm/objects/contacts/batch/upsert': row('objects', '/contacts/batch/upsert', 'profile', batch),
  'POST /crm/objects/contacts/batch/read': row('objects', '/contacts/batch/read', 'read.ids', batch),
  'POST /crm/objects/contacts/search': row('objects', '/contacts/search', 'read.since', batch),
  'GET /crm/objects/contacts': row('objects', '/contacts', 'read.all', batch),
  'POST /crm/objects/companies/batch/upsert': row('objects', '/companies/batch/upsert', 'group', batch),
  'POST /crm/objects/companies/batch/read': row('objects', '/companies/batch/read', 'group', batch),
  'POST /crm/associations/contacts/companies/batch/create': row(
    'associations',
    '/contacts/companies/batch/create',
    'group',
  ),
  'GET /crm/properties/{objectType}': row('properties', '/{objectType}', 'schema'),
  'GET /crm/properties/{objectType}/{propertyName}': row(
    'properties',
    '/{objectType}/{propertyName}',
    undefined,
  ),
  'POST /crm/properties/{objectType}/batch/create': row('properties', '/{objectType}/batch/create', 'schema'),
  'GET /crm/properties/{objectType}/groups': row('properties', '/{objectType}/groups', 'schema'),
  'POST /crm/properties/{objectType}/groups': row('properties', '/{objectType}/groups', 'schema'),
  'POST /crm/lists': row('lists', '', 'segments.ensure'),
  'POST /crm/lists/search': row('lists', '/search', 'segments.list', batch),
  'GET /crm/lists/object-type-id/{objectTypeId}/name/{listName}': row(
    'lists',
    '/object-type-id/{objectTypeId}/name/{listName}',
    'segments.ensure',
  ),
  'PUT /crm/lists/{listId}/memberships/add-and-remove': row(
    'lists',
    '/{listId}/memberships/add-and-remove',
    'membership',
  ),
  'GET /crm/lists/{listId}/memberships': row('lists', '/{listId}/memberships', 'members.all'),
  'GET /crm/lists/records/{objectTypeId}/{recordId}/memberships': row(
    'lists',
    '/records/{objectTypeId}/{recordId}/memberships',
    'members.ids',
  ),
  'GET /events/event-definitions': row('eventDefinitions', '', 'event', events),
  'POST /events/event-definitions': row('eventDefinitions', '', undefined, events),
  'POST /events/event-definitions/{eventName}/property': row(
    'eventDefinitions',
    '/{eventName}/property',
    undefined,
    events,
  ),
  'POST /events/send': row('eventSend', '', 'event', events),
  'POST /events/send/batch': row('eventSend', '/batch', 'event', events),
  'POST /communication-preferences/statuses/{email}': row('consent', '/statuses/{email}', 'consent', {
    tier: 'Marketing Hub Starter',
  }),
  'POST /communication-preferences/statuses/{email}/unsubscribe-all': row(
    'consent',
    '/statuses/{email}/unsubscribe-all',
    'consent',
    { tier: 'Marketing Hub Starter' },
  ),
  'GET /communication-preferences/definitions': row('consent', '/definitions', undefined, {
    tier: 'Marketing Hub Starter',
  }),
  'GET /automation/flows': row('flows', '', undefined, { tier: 'the Professional tier' }),
  'GET /automation/flows/{flowId}': row('flows', '/{flowId}', undefined, { tier: 'the Professional tier' }),
  'GET /account-info/details': row('accountInfo', '/details', undefined),
  'POST /oauth/private-apps/get/access-token-info': row('privateApps', '/get/access-token-info', undefined),
} as const satisfies Record<string, EndpointRow>
export type HubSpotEndpoint = keyof typeof endpoints

export type BasePaths = Readonly<Record<HubSpotResource, string>>

/** The base path of each resource for these options. */
export function resolvePaths({ apiVersion = '2026-09', paths: given = {} }: HubSpotOptions): BasePaths {
  const entries = Object.entries(paths).map(([name, versions]) => {
    const resource = name as HubSpotResource
    const wanted = typeof apiVersion === 'string' ? apiVersion : (apiVersion[resource] ?? '2026-09')
    const known: { readonly [Version in HubSpotVersion]?: string } = versions
    return [resource, given[resource] ?? known[wanted] ?? known.v4 ?? known.v3]
  })
  return Object.fromEntries(entries) as BasePaths
}
