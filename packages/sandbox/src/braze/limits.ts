import type { RateWindow } from '../core/index.ts'

const apiLimits = 'https://www.braze.com/docs/api/api_limits/'
const second = 1_000
const minute = 60_000
const hour = 3_600_000

/**
 * Requests per window, counted per workspace. That the shared 250,000 start anew on the clock hour is documented;
 * that the other windows are fixed as well is assumed.
 */
export const rateGroups = {
  track: { max: 3_000, perMs: 3 * second, window: 'fixed', source: apiLimits },
  'track-bulk': { max: 50, perMs: second, window: 'fixed', source: apiLimits },
  'track-sync': { max: 500, perMs: minute, window: 'fixed', source: apiLimits },
  'export-ids-250-a-minute': { max: 250, perMs: minute, window: 'fixed', source: apiLimits },
  'export-ids-2500-a-minute': { max: 2_500, perMs: minute, window: 'fixed', source: apiLimits },
  'export-ids-40-a-second': { max: 40, perMs: second, window: 'fixed', source: apiLimits },
  /** delete, alias/new, alias/update, identify, merge together. */
  users: { max: 20_000, perMs: minute, window: 'fixed', source: apiLimits },
  'external-ids-rename': { max: 1_000, perMs: minute, window: 'fixed', source: apiLimits },
  'external-ids-remove': { max: 1_000, perMs: minute, window: 'fixed', source: apiLimits },
  /** events, events/list, custom_attributes, purchases/product_list together. */
  catalogue: { max: 1_000, perMs: hour, window: 'fixed', source: apiLimits },
  broadcast: { max: 250, perMs: minute, window: 'fixed', source: apiLimits },
  'broadcast-per-audience': { max: 10, perMs: minute, window: 'fixed', source: apiLimits },
  'send-ids': { max: 100, perMs: 24 * hour, window: 'fixed', source: apiLimits },
  'subscription-set': { max: 5_000, perMs: minute, window: 'fixed', source: apiLimits },
  shared: { max: 250_000, perMs: hour, window: 'fixed', source: apiLimits },
} as const satisfies Record<string, RateWindow & { readonly source: string }>

export type RateGroup = keyof typeof rateGroups

/** Size limits; `over` says what Braze does beyond them. */
export const sizeLimits = {
  /** https://www.braze.com/docs/api/basics/: most endpoints 4 MB */
  bodyBytes: { max: 4_000_000, over: 'refused with 413' },
  /** https://www.braze.com/docs/api/endpoints/user_data/post_user_track_bulk/ */
  bulkBodyBytes: { max: 2_000_000, over: 'refused with 400' },
  bulkObjects: { max: 1_000, over: 'refused with 400' },
  bulkObjectsPerProfile: { max: 100, over: 'refused with 400' },
  /** https://www.braze.com/docs/api/objects_filters/user_attributes_object/ */
  externalIdBytes: { max: 987, over: 'object refused' },
  /** https://www.braze.com/docs/api/objects_filters/user_alias_object/ */
  aliasBytes: { max: 236, over: 'object refused' },
  /** https://www.braze.com/docs/api/endpoints/user_data/: identify, merge, alias, delete, rename, export */
  idsPerRequest: { max: 50, over: 'refused with 400' },
  /** https://www.braze.com/docs/api/objects_filters/recipient_object/ */
  recipients: { max: 50, over: 'refused with 400' },
  /** https://www.braze.com/docs/user_guide/data/activation/custom_data/data_types/ */
  textChars: { max: 255, over: 'attribute update lost silently; event refused' },
  arrayElements: { max: 500, over: 'attribute update lost silently' },
  /** https://www.braze.com/docs/user_guide/data/activation/attributes/nested_custom_attribute_support/ */
  nestedBytes: { max: 100_000, over: 'lost silently' },
  /** https://www.braze.com/docs/api/objects_filters/event_object/ */
  propertyKeys: { max: 256, over: 'object refused' },
  eventPropertyBytes: { max: 100_000, over: 'object refused' },
  /** https://www.braze.com/docs/api/objects_filters/purchase_object/ */
  purchasePropertyBytes: { max: 50_000, over: 'object refused' },
  purchaseQuantity: { max: 100, over: 'object refused' },
  /** https://www.braze.com/docs/api/endpoints/messaging/send_messages/post_send_triggered_canvases/ */
  triggerPropertyBytes: { max: 50_000, over: 'refused with 400' },
  /** https://www.braze.com/docs/api/endpoints/messaging/send_messages/post_create_send_ids/ */
  sendIdChars: { max: 64, over: 'refused with 400' },
  /** https://www.braze.com/docs/api/endpoints/export/user_data/post_users_segment/ */
  exportedAttributes: { max: 500, over: 'refused with 400' },
  usersPerExportFile: { max: 5_000, over: 'next file' },
} as const

/**
 * A download link dies after about four hours; that they count from the call is assumed.
 * https://www.braze.com/docs/api/endpoints/export/user_data/post_users_segment/ (and its "Export troubleshooting")
 */
export const exportLinkMs = 4 * hour
/** How long `external_send_id` guards against a second send. */
export const externalSendIdMs = 24 * hour
/** How long a subscription state waits for its user to appear. */
export const heldSubscriptionMs = 30 * 24 * hour
/** Event, purchase and message summaries of an export look back this far. */
export const exportLookbackMs = 90 * 24 * hour
