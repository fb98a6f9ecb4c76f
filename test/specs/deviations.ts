import type { Vendor } from '../../scripts/workspace.ts'
import type { Violation } from './open-api.ts'

/** A difference between what is sent or answered and the description, where the description is the one that is wrong. */
export interface Deviation extends Violation {
  readonly vendor: Vendor
  readonly because: string
  /** A public page, or `owner/repo:path`. */
  readonly source: string
}
type Reason = Pick<Deviation, 'because' | 'source'>

const undescribed = (vendor: Vendor, operation: string, reason: Reason): Deviation => ({
  vendor,
  operation,
  side: 'path',
  what: 'is not described',
  ...reason,
})
const request = (vendor: Vendor, operation: string, what: string, reason: Reason): Deviation => ({
  vendor,
  operation,
  side: 'request',
  what,
  ...reason,
})
const response = (vendor: Vendor, operation: string, what: string, reason: Reason): Deviation => ({
  ...request(vendor, operation, what, reason),
  side: 'response',
})

const segmentOnlyInWords: Reason = {
  because:
    'Segment describes the Public API alone; the Tracking, Profile and OAuth interfaces exist as pages',
  source: 'https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/',
}
const profileApi: Reason = { ...segmentOnlyInWords, source: 'https://segment.com/docs/unify/profile-api/' }

const segment: readonly Deviation[] = [
  undescribed('segment', 'POST /v1/batch', segmentOnlyInWords),
  undescribed('segment', 'POST /token', {
    ...segmentOnlyInWords,
    source: 'https://segment.com/docs/connections/oauth/',
  }),
  ...['traits', 'metadata'].map((part) =>
    undescribed(
      'segment',
      `GET /v1/spaces/{spaceId}/collections/{collection}/profiles/{id}/${part}`,
      profileApi,
    ),
  ),
]

const cohortApi: Reason = {
  because: 'known from the vendor’s own Terraform provider only, hence behind the option experimentalCohorts',
  source: 'mixpanel/terraform-provider-mixpanel:gen/refined_manifest.json',
}
const ignoreTime: Reason = {
  because: 'the modifier exists for all profile and group operations and keeps $last_seen still',
  source: 'mixpanel/mixpanel-node:lib/profile_helpers.js',
}
const verbose: Reason = {
  because: 'only verbose=2 surfaces some errors, and its answers are JSON, not the described 0 or 1',
  source: 'rudderlabs/rudder-transformer#5060',
}
const mixpanel: readonly Deviation[] = [
  undescribed('mixpanel', 'GET /api/app/me', {
    because: 'no description has the identity behind a service account',
    source: 'jaredmcfarland/mixpanel_data:src/mixpanel_headless/_internal/api_client.py',
  }),
  undescribed('mixpanel', 'POST /api/app/validate-project-credentials/', {
    because: 'known from Segment’s connection test',
    source: 'segmentio/action-destinations:packages/destination-actions/src/destinations/mixpanel',
  }),
  undescribed('mixpanel', 'GET /api/app/projects/{projectId}/data-groups', {
    because: 'group keys are entities of the App API, which has no description',
    source: 'mixpanel/terraform-provider-mixpanel:gen/refined_manifest.json',
  }),
  ...['GET', 'POST'].map((method) =>
    undescribed('mixpanel', `${method} /api/app/projects/{projectId}/cohorts`, cohortApi),
  ),
  ...['POST /engage', 'POST /groups'].flatMap((operation) => [
    request('mixpanel', operation, '/* must NOT have additional properties $ignore_time', ignoreTime),
    request('mixpanel', operation, 'query verbose must be <= 1', verbose),
    response('mixpanel', operation, '200: a body of type application/json is not described', verbose),
  ]),
  response('mixpanel', 'POST /api/query/engage', '200: /results/*/$distinct_id must be integer', {
    because: 'ids are text wherever they are written; the description follows its example, whose id is 4',
    source: 'mixpanel/docs:openapi/ingestion.openapi.yaml#/paths/~1import',
  }),
]

const hubspot: readonly Deviation[] = [
  undescribed('hubspot', 'POST /oauth/v2/private-apps/get/access-token-info', {
    because: 'outside the collection of descriptions; the pages on private apps have it',
    source: 'HubSpot/hubspot-api-php#171',
  }),
  request(
    'hubspot',
    'POST /crm/objects/2026-09/{objectType}/search',
    "/ must have required property 'after'",
    {
      because: 'the first page comes after none; the vendor’s SDK has it optional',
      source: 'HubSpot/hubspot-api-nodejs:codegen/crm/contacts/models/PublicObjectSearchRequest.ts',
    },
  ),
  response(
    'hubspot',
    'POST /crm/associations/2026-09/{fromObjectType}/{toObjectType}/batch/create',
    'status 201 is not described',
    {
      because: '201 in the generations before; the 2026-09 file is the text from before its release',
      source:
        'HubSpot/HubSpot-public-api-spec-collection:PublicApiSpecs/CRM/Associations/Rollouts/130902/2026-03/associations.json',
    },
  ),
  response(
    'hubspot',
    'POST /crm/objects/2026-09/{objectType}/batch/upsert',
    '200: /results/*/properties/score must be string',
    {
      because: 'a property without a value is null; the same file allows that in SimplePublicObject',
      source:
        'HubSpot/HubSpot-public-api-spec-collection:PublicApiSpecs/CRM/Contacts/Rollouts/424/2026-09/contacts.json',
    },
  ),
]

const braze: readonly Deviation[] = [
  undescribed('braze', 'GET /custom_attributes', {
    because: 'newer than the community’s description',
    source: 'https://www.braze.com/docs/api/endpoints/export/custom_attributes/get_custom_attributes/',
  }),
  undescribed('braze', 'GET /segment-export/{segment}/{day}/{export}/{file}', {
    because: 'the file of an export, on a host that Braze names in its answer',
    source: 'https://www.braze.com/docs/api/endpoints/export/user_data/post_users_segment/',
  }),
]

const intercomFile = 'intercom/Intercom-OpenAPI:descriptions/2.16/api.intercom.io.yaml'
const companyNumbers: Reason = {
  because: 'typed as text, but the example beside it has numbers and booleans',
  source: `${intercomFile}#/components/schemas/create_or_update_company_request`,
}
const noAddress: Reason = {
  because: 'assumed: the recorded answers write every value that is missing as null',
  source: 'grouparoo/grouparoo:plugins/@grouparoo/intercom/__tests__/fixtures/lead-quirks.js',
}
const conflict: Reason = {
  because: 'identifiers that somebody else holds are a conflict',
  source: 'intercom/Intercom-OpenAPI#543',
}
const metadata: Reason = {
  because: 'typed as text, but the same operation documents numbers, dates, links and amounts',
  source: `${intercomFile}#/paths/~1events/post/description`,
}
const intercom: readonly Deviation[] = [
  request('intercom', 'GET /contacts', 'query per_page is not described', {
    because: 'the size of a page is described as ten by default and 150 at most in a later correction',
    source: 'intercom/Intercom-OpenAPI#639',
  }),
  ...[
    'POST /contacts · 200: /email',
    'PUT /contacts/{contact_id} · 200: /email',
    'GET /contacts/{contact_id} · 200: /email',
    'GET /contacts · 200: /data/*/email',
    'POST /contacts/search · 200: /data/*/email',
  ].map((entry) => {
    const [operation = '', place = ''] = entry.split(' · ')
    return response('intercom', operation, `${place} must be string`, noAddress)
  }),
  response('intercom', 'GET /contacts/find_by_external_id/{external_id}', 'status 404 is not described', {
    because: 'who is not there is "User Not Found", as for every other look-up',
    source: 'https://developers.intercom.com/docs/references/rest-api/errors/error-codes',
  }),
  response('intercom', 'POST /contacts', 'status 409 is not described', conflict),
  response('intercom', 'PUT /contacts/{contact_id}', 'status 409 is not described', conflict),
  request('intercom', 'POST /companies', '/custom_attributes/seats must be string', companyNumbers),
  ...['POST /companies', 'POST /contacts/{contact_id}/companies'].map((operation) =>
    response('intercom', operation, '200: /custom_attributes/seats must be string', companyNumbers),
  ),
  response('intercom', 'GET /companies', '200: /type must be equal to one of the allowed values list', {
    because: 'with a company_id the answer is that company, as the operation’s own text says',
    source: `${intercomFile}#/paths/~1companies/get/description`,
  }),
  ...['amount', 'count', 'first', 'price', 'revenue', 'shipping', 'tax'].map((name) =>
    request('intercom', 'POST /events', `/metadata/${name} must be string`, metadata),
  ),
  request('intercom', 'POST /messages', '/from/id must be integer', {
    because: 'ids of teammates are text in every answer, and in the example of this very request',
    source: `${intercomFile}#/paths/~1messages/post/requestBody`,
  }),
  request(
    'intercom',
    'POST /messages',
    '/message_type must be equal to one of the allowed values in_app | email | whatsapp',
    {
      because: 'the list of values says in_app, the examples and the answers say inapp',
      source: `${intercomFile}#/components/schemas/message`,
    },
  ),
]

/** Each was looked at; one that no longer occurs fails the test. */
export const deviations: readonly Deviation[] = [...segment, ...mixpanel, ...hubspot, ...braze, ...intercom]
