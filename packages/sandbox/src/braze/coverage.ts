import type { Coverage } from '../core/index.ts'

/** How faithful each route is. */
export const brazeCoverage = {
  'POST /users/track':
    'partial: no push_token_import without an identifier; ecommerce events feed no profile metrics; no triggers fire',
  'POST /users/track/bulk': 'partial: as /users/track',
  'POST /users/track/sync': 'partial: as /users/track',
  'POST /users/identify': 'full',
  'POST /users/alias/new': 'full',
  'POST /users/alias/update': 'full',
  'POST /users/merge': 'partial: session counts, app summaries and device info are not kept',
  'POST /users/delete': 'full',
  'POST /users/external_ids/rename': 'full',
  'POST /users/external_ids/remove': 'full',
  'POST /users/export/ids':
    'partial: no SDK data (apps, devices, attribution, engagement); the 90 days go by the last event of a name; device_id finds nobody',
  'POST /users/export/segment': 'partial: no own bucket, so no gzip; the callback is not called; no SDK data',
  'GET /segment-export/{segment}/{date}/{folder}/{file}': 'full',
  'GET /segments/list': 'full',
  'GET /segments/details': 'full',
  'GET /segments/data_series': 'partial: every day has the size of now; nothing when tracking is off',
  'GET /custom_attributes': 'full',
  'GET /events': 'full',
  'GET /events/list': 'full',
  'GET /purchases/product_list': 'full',
  'GET /campaigns/list': 'full',
  'GET /campaigns/details': 'partial: no post-launch drafts, no translations; times are those of the seed',
  'POST /campaigns/trigger/send':
    'partial: attachments are not fetched; no caps, quiet hours or re-eligibility',
  'GET /canvas/list': 'full',
  'GET /canvas/details': 'partial: times are those of the seed',
  'POST /canvas/trigger/send':
    'partial: an entry is recorded, the steps do not run; no re-eligibility; an ambiguous e-mail is not retried',
  'POST /messages/send':
    'partial: content is checked for required fields and recorded, Liquid is not run; no caps',
  'POST /subscription/status/set': 'partial: no double opt-in',
  'POST /v2/subscription/status/set': 'partial: no double opt-in',
  'GET /subscription/status/get': 'full',
  'POST /email/status': 'full',
  'POST /sends/id/create': 'full',
  'POST /transactional/v1/campaigns/{campaign_id}/send': 'partial: no status postbacks',
} as const satisfies Coverage
