import type { SimReply } from '../core/index.ts'

/**
 * Texts of one refused object in `errors[].type` of a track reply, as seen in public fixtures
 * (rudderlabs/rudder-transformer:test/integrations/destinations/braze, segmentio/action-destinations).
 * `assumed…` ones are not published: they follow the pattern of the others.
 */
export const trackErrors = {
  noIdentifier: "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
  quantity: "'quantity' is not valid",
  email: "The value provided for the 'email' field is not a valid email.",
  longId: "'external_id' must be fewer than 988 bytes",
  blocked: 'provided external_id is blacklisted and disallowed',
  properties: "Invalid 'properties' field",
  emailSubscription: 'BAD_EMAIL_SUBSCRIPTION_STATE',
  pushSubscription: 'BAD_PUSH_SUBSCRIPTION_STATE',
  location: 'BAD_LOCATION_UPDATE',
  pushTokenAppId: 'BAD_PUSH_TOKEN_APP_ID',
  pushTokenImport: 'BAD_PUSH_TOKEN_IMPORT',
  pushTokenText: 'BAD_PUSH_TOKEN_STRING',
  pushTokenValue: 'BAD_PUSH_TOKEN_VALUE',
  groupArray: 'BAD_SUBSCRIPTION_GROUP_ARRAY',
  groupHash: 'BAD_SUBSCRIPTION_GROUP_HASH',
  groupId: 'BAD_SUBSCRIPTION_GROUP_ID',
  groupState: 'BAD_SUBSCRIPTION_GROUP_STATE',
  assumedTwoIdentifiers: "only one of 'external_id', 'braze_id' and 'user_alias' may be provided",
  assumedAlias: "'user_alias' is not valid",
  assumedName: "'name' is not valid",
  assumedTime: "'time' is not valid",
  assumedProductId: "'product_id' is not valid",
  assumedPrice: "'price' is not valid",
  currency: "'currency' must be an ISO 4217 currency",
  assumedObject: 'must be an object',
} as const

/** Fatal texts. https://www.braze.com/docs/api/errors/ unless said otherwise. */
export const messages = {
  invalidKey: 'Invalid API Key',
  accessDenied: 'Access Denied',
  forbidden: 'Forbidden',
  tooLong: 'Max Input Length Exceeded',
  rateLimited: 'Rate Limited',
  noValidData: "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.",
  noRecipients: 'No Recipients',
  invalidCampaign: 'Invalid Campaign ID',
  /** Assumed after the campaign's text. */
  invalidCanvas: 'Invalid Canvas ID',
  /** Assumed after the campaign's text. */
  invalidSegment: 'Invalid Segment ID',
  tooManyRecipients: 'The max number of external_ids and aliases per request was exceeded',
  tooManyIds: 'The max number of ids per request was exceeded',
  noMessage: 'No message to send',
  emailOrPhone: 'Either an email address or a phone number should be provided, but not both.',
  mismatch: 'message body does not match declared format',
} as const

/** A fatal answer: `{"message": …}` and, where there are any, the errors of the objects. */
export const refuse = (status: number, message: string, errors?: readonly unknown[]): SimReply => ({
  status,
  body: errors ? { message, errors } : { message },
})

/** The web framework's own answer to a body it cannot read: key `error`, not `message`. */
export const mismatch = (): SimReply => ({ status: 400, body: { error: messages.mismatch } })

export const success = (status: number, body: Readonly<Record<string, unknown>> = {}): SimReply => ({
  status,
  body: { message: 'success', ...body },
})
