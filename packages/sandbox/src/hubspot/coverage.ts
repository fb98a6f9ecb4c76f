import type { Coverage } from '../core/index.ts'

/** Every operation under its 2026-09 path; the aliases of the path table behave alike. */
export const hubspotCoverage = {
  'GET /crm/objects/2026-09/{objectType}': 'partial: contacts and companies only',
  'POST /crm/objects/2026-09/{objectType}': 'partial: contacts and companies only; no validation rules',
  'GET /crm/objects/2026-09/{objectType}/{objectId}': 'partial: contacts and companies only',
  'PATCH /crm/objects/2026-09/{objectType}/{objectId}':
    'partial: contacts and companies only; no validation rules',
  'DELETE /crm/objects/2026-09/{objectType}/{objectId}': 'partial: nothing can be restored',
  'POST /crm/objects/2026-09/{objectType}/batch/read': 'full',
  'POST /crm/objects/2026-09/{objectType}/batch/create': 'partial: no validation rules',
  'POST /crm/objects/2026-09/{objectType}/batch/update': 'partial: no validation rules',
  'POST /crm/objects/2026-09/{objectType}/batch/upsert': 'partial: no validation rules',
  'POST /crm/objects/2026-09/{objectType}/batch/archive': 'full',
  'POST /crm/objects/2026-09/{objectType}/search':
    'partial: `query` looks for a part of any value; no filters on associations',
  'POST /crm/objects/2026-09/{objectType}/merge':
    'partial: events, lists and links of the merged record do not move',
  'POST /crm/objects/2026-09/{objectType}/gdpr-delete': 'full',
  'GET /crm/properties/2026-09/{objectType}': 'full',
  'POST /crm/properties/2026-09/{objectType}': 'partial: no calculated properties',
  'GET /crm/properties/2026-09/{objectType}/{propertyName}': 'full',
  'PATCH /crm/properties/2026-09/{objectType}/{propertyName}':
    'partial: stored values do not follow a change of type',
  'DELETE /crm/properties/2026-09/{objectType}/{propertyName}': 'partial: stored values stay',
  'POST /crm/properties/2026-09/{objectType}/batch/create': 'full',
  'POST /crm/properties/2026-09/{objectType}/batch/read': 'full',
  'GET /crm/properties/2026-09/{objectType}/groups': 'full',
  'GET /crm/properties/2026-09/{objectType}/groups/{groupName}': 'full',
  'POST /crm/properties/2026-09/{objectType}/groups': 'full',
  'POST /crm/associations/2026-09/{fromObjectType}/{toObjectType}/batch/create':
    'partial: contacts and companies, types of HubSpot only',
  'POST /crm/associations/2026-09/{fromObjectType}/{toObjectType}/batch/read':
    'partial: all links of a record on one page',
  'PUT /crm/objects/2026-09/{objectType}/{objectId}/associations/default/{toObjectType}/{toObjectId}': 'full',
  'PUT /crm/objects/2026-09/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}':
    'partial: types of HubSpot only',
  'POST /crm/lists/2026-09': 'partial: filters the sandbox does not evaluate are answered 501',
  'GET /crm/lists/2026-09': 'full',
  'GET /crm/lists/2026-09/{listId}': 'full',
  'GET /crm/lists/2026-09/object-type-id/{objectTypeId}/name/{listName}': 'full',
  'POST /crm/lists/2026-09/search': 'partial: no sort; of the additional properties only the size',
  'DELETE /crm/lists/2026-09/{listId}': 'partial: no restore',
  'PUT /crm/lists/2026-09/{listId}/memberships/add': 'full',
  'PUT /crm/lists/2026-09/{listId}/memberships/remove': 'full',
  'PUT /crm/lists/2026-09/{listId}/memberships/add-and-remove': 'full',
  'GET /crm/lists/2026-09/{listId}/memberships': 'full',
  'GET /crm/lists/2026-09/{listId}/memberships/join-order':
    'partial: members of DYNAMIC lists join when their record last changed',
  'GET /crm/lists/2026-09/records/{objectTypeId}/{recordId}/memberships': 'full',
  'GET /events/custom/2026-09/event-definitions': 'partial: one order',
  'POST /events/custom/2026-09/event-definitions': 'partial: events of contacts and companies',
  'GET /events/custom/2026-09/event-definitions/{eventName}': 'full',
  'DELETE /events/custom/2026-09/event-definitions/{eventName}': 'full',
  'POST /events/custom/2026-09/event-definitions/{eventName}/property': 'full',
  'POST /events/custom/2026-09/send': 'partial: the monthly count of completions is not limited',
  'POST /events/custom/2026-09/send/batch': 'partial: the monthly count of completions is not limited',
  'GET /events/event-occurrences/2026-09': 'partial: pages go forward only',
  'GET /events/event-occurrences/2026-09/event-types': 'full',
  'GET /account-info/2026-09/details': 'full',
  'POST /oauth/v2/private-apps/get/access-token-info': 'full',
  'POST /oauth/2026-09/token': 'partial: grant refresh_token only',
  'GET /communication-preferences/2026-09/definitions': 'partial: no business units, no translations',
  'GET /communication-preferences/2026-09/statuses/{subscriberIdString}': 'partial: no business units',
  'POST /communication-preferences/2026-09/statuses/{subscriberIdString}': 'partial: no business units',
  'GET /communication-preferences/2026-09/statuses/{subscriberIdString}/unsubscribe-all':
    'partial: no business units',
  'POST /communication-preferences/2026-09/statuses/{subscriberIdString}/unsubscribe-all':
    'partial: no business units',
  'GET /automation/v4/flows': 'full',
  'POST /automation/v4/flows':
    'partial: actions are kept and not executed; only EVENT_BASED enrolment happens, not for DYNAMIC lists',
  'GET /automation/v4/flows/{flowId}': 'full',
} as const satisfies Coverage
