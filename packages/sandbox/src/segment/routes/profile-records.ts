import type { Route, SimReply } from '../../core/index.ts'
import { type Context, toIso } from '../context.ts'
import { profileError } from '../errors.ts'
import {
  badLimit,
  commaList,
  cursorOf,
  type ProfileRead,
  profileRoutesFor,
  readLimit,
} from '../profile-lookup.ts'
import type { ExternalId, Profile, ProfileEvent } from '../store-types.ts'
import { parseInstant } from '../timestamps.ts'
import { findById } from '../unify/identity.ts'

const defaultLimit = 10
const maxLimit = 100
const maxLinks = 20
const historyMs = 14 * 86_400_000

/** Identifiers, events, metadata and links of one profile. https://segment.com/docs/unify/profile-api/ */
export const profileRecordRoutes = (state: Context): Route[] => [
  ...profileRoutesFor(state, 'external_ids', readExternalIds),
  ...profileRoutesFor(state, 'events', (found) => readEvents(state, found)),
  ...profileRoutesFor(state, 'metadata', ({ profile }) => ({
    status: 200,
    body: { metadata: metadataOf(profile) },
  })),
  ...profileRoutesFor(state, 'links', readLinks),
]

const shortId = (profile: Profile, { id, type }: ExternalId): object => ({
  collection: profile.collection,
  type,
  id,
  encoding: 'none',
})
const fullId = (profile: Profile, externalId: ExternalId): object => ({
  source_id: externalId.sourceId,
  ...shortId(profile, externalId),
  created_at: toIso(externalId.createdAtMs),
  first_message_id: externalId.firstMessageId,
})

function readExternalIds({ profile, request }: ProfileRead): SimReply {
  const limit = readLimit(request, defaultLimit, maxLimit)
  if (limit === undefined) return badLimit(maxLimit)
  const include = commaList(request, 'include')
  const all = profile.externalIds.filter(({ type }) => include?.includes(type) ?? true)
  const next = request.query.get('next') ?? ''
  const from = next === '' ? 0 : Number(/^map_(\d+)$/.exec(next)?.[1] ?? Number.NaN)
  if (Number.isNaN(from)) return profileError('invalid_request_error', 'The parameter `next` is no cursor')
  const more = from + limit < all.length ? `map_${from + limit}` : ''
  const data = all.slice(from, from + limit).map((externalId) => fullId(profile, externalId))
  return { status: 200, body: { data, cursor: cursorOf(request, more, limit) } }
}

/** Track events only (pages and screens as `Page Viewed`, `Screen Viewed`), of the last 14 days, newest first. */
function readEvents({ clock }: Context, { profile, request }: ProfileRead): SimReply {
  const limit = readLimit(request, defaultLimit, maxLimit)
  if (limit === undefined) return badLimit(maxLimit)
  const { query } = request
  const [start, end] = ['start', 'end'].map((name) => parseInstant(query.get(name) ?? undefined))
  if ((query.has('start') && start === undefined) || (query.has('end') && end === undefined))
    return profileError('validation_error', 'The parameters `start` and `end` must be ISO 8601')
  const [include, exclude] = [commaList(request, 'include'), commaList(request, 'exclude')]
  const oldestMs = clock.now() - historyMs
  const events = profile.events.filter(
    ({ event, atMs }) =>
      atMs >= oldestMs &&
      (start === undefined || atMs > start) &&
      (end === undefined || atMs < end) &&
      (include?.includes(event) ?? true) &&
      !(exclude?.includes(event) ?? false),
  )
  const sign = query.get('sort') === 'asc' ? 1 : -1
  events.sort((a, b) => sign * (a.atMs - b.atMs) || (a.message.messageId < b.message.messageId ? -1 : 1))
  const next = query.get('next')
  const from = next === null || next === '' ? 0 : events.findIndex((event) => eventCursor(event) === next)
  if (from === -1) return profileError('invalid_request_error', 'The parameter `next` is no cursor')
  const following = events[from + limit]
  const data = events.slice(from, from + limit).map((event) => eventBody(profile, event))
  return {
    status: 200,
    body: { data, cursor: cursorOf(request, following ? eventCursor(following) : '', limit) },
  }
}

const eventCursor = ({ atMs, message }: ProfileEvent): string =>
  Buffer.from(`${atMs}000000::${message.messageId}`).toString('base64')

const eventBody = (profile: Profile, { event, properties, atMs, message }: ProfileEvent): object => ({
  external_ids: profile.externalIds.map((externalId) => shortId(profile, externalId)),
  context: message.context,
  type: 'track',
  message_id: message.messageId,
  source_id: message.sourceId,
  timestamp: toIso(atMs),
  properties,
  event,
  related: { [profile.collection]: profile.id },
})

const metadataOf = (profile: Profile): object => ({
  created_at: toIso(profile.createdAtMs),
  updated_at: toIso(profile.updatedAtMs),
  expires_at: null,
  first_message_id: profile.firstMessageId,
  first_source_id: profile.firstSourceId,
  last_message_id: profile.lastMessageId,
  last_source_id: profile.lastSourceId,
})

function readLinks({ space, profile, request }: ProfileRead): SimReply {
  const limit = readLimit(request, maxLinks, maxLinks)
  if (limit === undefined) return badLimit(maxLinks)
  const linked = new Set([...profile.links].flatMap((id) => findById(space, id) ?? []))
  const data = [...linked].slice(0, limit).map((other) => ({
    to_collection: other.collection,
    external_ids: other.externalIds.map((externalId) => fullId(other, externalId)),
  }))
  return { status: 200, body: { data } }
}
