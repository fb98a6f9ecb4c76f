import type { Limit } from '@tripline/model'

const docs = 'https://www.braze.com/docs/api'
/** What Braze allows; every endpoint's name is the one in `Report.calls`. */
export const brazeLimits = [
  { id: 'track.rate', kind: 'rate', max: 3_000, perMs: 3_000, window: 'rolling', sharedBy: 'account', endpoints: ['POST /users/track'], source: `${docs}/endpoints/user_data/post_user_track/`, verified: true },
  { id: 'track.items', kind: 'size', of: 'items', max: 75, over: 'refused', endpoints: ['POST /users/track'], source: `${docs}/endpoints/user_data/post_user_track/`, verified: true },
  { id: 'body.bytes', kind: 'size', of: 'bytes', max: 4_000_000, over: 'refused', endpoints: ['*'], source: `${docs}/basics/`, verified: true },
  { id: 'identify.items', kind: 'size', of: 'items', max: 50, over: 'refused', endpoints: ['POST /users/identify'], source: `${docs}/endpoints/user_data/post_user_identify/`, verified: true },
  { id: 'identify.rate', kind: 'rate', max: 20_000, perMs: 60_000, window: 'rolling', sharedBy: 'account', endpoints: ['POST /users/identify'], source: `${docs}/api_limits/`, verified: true },
  { id: 'export.items', kind: 'size', of: 'items', max: 50, over: 'refused', endpoints: ['POST /users/export/ids'], source: `${docs}/endpoints/export/user_data/post_users_identifier/`, verified: true },
  { id: 'export.rate', kind: 'rate', max: 250, perMs: 60_000, window: 'rolling', sharedBy: 'account', endpoints: ['POST /users/export/ids'], source: `${docs}/endpoints/export/user_data/post_users_identifier/`, verified: true },
  { id: 'recipients.items', kind: 'size', of: 'items', max: 50, over: 'refused', endpoints: ['POST /canvas/trigger/send', 'POST /campaigns/trigger/send'], source: `${docs}/endpoints/messaging/send_messages/post_send_triggered_canvases/`, verified: true },
  { id: 'catalog.rate', kind: 'rate', max: 1_000, perMs: 3_600_000, window: 'fixed', sharedBy: 'account', endpoints: ['GET /custom_attributes'], source: `${docs}/api_limits/`, verified: true },
  { id: 'shared.rate', kind: 'rate', max: 250_000, perMs: 3_600_000, window: 'fixed', sharedBy: 'account', endpoints: ['POST /canvas/trigger/send', 'POST /campaigns/trigger/send', 'POST /users/export/segment', 'GET /segments/list'], source: `${docs}/api_limits/`, verified: true },
  { id: 'externalId.bytes', kind: 'size', of: 'idBytes', max: 987, over: 'refused', endpoints: ['POST /users/track'], source: `${docs}/basics/`, verified: true },
  { id: 'alias.bytes', kind: 'size', of: 'idBytes', max: 236, over: 'refused', endpoints: ['POST /users/track', 'POST /users/identify'], source: `${docs}/objects_filters/user_alias_object/`, verified: true },
  { id: 'name.chars', kind: 'size', of: 'nameChars', max: 255, over: 'refused', endpoints: ['POST /users/track'], source: `${docs}/objects_filters/event_object/`, verified: true },
  { id: 'value.chars', kind: 'size', of: 'valueChars', max: 255, over: 'truncated', endpoints: ['POST /users/track'], source: `${docs}/objects_filters/event_object/`, verified: true },
  { id: 'event.keys', kind: 'size', of: 'keys', max: 256, over: 'dropped', endpoints: ['POST /users/track'], source: `${docs}/objects_filters/event_object/`, verified: true },
  { id: 'event.bytes', kind: 'size', of: 'itemBytes', max: 100_000, over: 'lost-silently', endpoints: ['POST /users/track'], source: `${docs}/objects_filters/event_object/`, verified: true },
] as const satisfies readonly Limit[]

export type BrazeLimitId = (typeof brazeLimits)[number]['id']
/** The number of a limit. */
export const maxOf = (id: BrazeLimitId): number => brazeLimits.find((limit) => limit.id === id)?.max ?? Infinity
