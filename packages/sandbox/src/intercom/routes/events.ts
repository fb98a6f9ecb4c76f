import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { activeContact, findUser } from '../contact-store.ts'
import { ok, readObject, refuse, refuseParameter, refuseUnknown, route, userNotFound } from '../errors.ts'
import { readMetadata } from '../event-metadata.ts'
import { ensureEventName, foldName, storeEvent } from '../event-store.ts'
import { intercomLimits } from '../limits.ts'
import { linkTo, readCursor, readPerPage, writeCursor } from '../page.ts'
import type { IntercomContext } from '../state.ts'
import type { Contact, StoredEvent } from '../stored.ts'
import { readSeconds, readString } from '../validate-contact.ts'

const keys = new Set(['event_name', 'created_at', 'user_id', 'id', 'email', 'metadata'])
/** Not stated for events; as for other attached lists. */
const eventsPerPage = { default: 50, max: 150 }

export function eventRoutes(context: IntercomContext): readonly Route[] {
  return [
    route('POST', '/events', (request) => createEvent(request, context)),
    route('GET', '/events', (request) => {
      const { query } = request
      if (query.get('type') !== 'user') refuseParameter("type must be 'user'")
      const contact = findContact(context, {
        id: query.get('intercom_user_id'),
        user_id: query.get('user_id'),
        email: query.get('email'),
      })
      return query.get('summary') === 'true' ? summary(contact, context) : list(request, contact, context)
    }),
  ]
}

/** 202 with an empty body, also for a duplicate: the caller cannot tell. */
function createEvent(request: SimRequest, context: IntercomContext): SimReply {
  const body = readObject(request)
  refuseUnknown(body, keys)
  const store = context.store()
  if (body['event_name'] === undefined) refuse(400, 'parameter_not_found', 'event_name is required')
  if (body['created_at'] === undefined) refuse(400, 'parameter_not_found', 'created_at is required')
  const name = foldName(readString('event_name', body['event_name']))
  if (name === '') refuseParameter('event_name must not be empty')
  const createdAt = readSeconds('created_at', body['created_at'])
  const { metadata, dropped } = readMetadata(body['metadata'])
  const contact = findContact(context, { id: body['id'], user_id: body['user_id'], email: body['email'] })
  const definition = ensureEventName(store, name, context.account().maxEventNames)
  // That the event is refused and not stored is documented (help article 5245634); status and code are assumed.
  if (!definition)
    return refuseParameter(`Limit of ${context.account().maxEventNames} active event names reached`)
  const stored = storeEvent(store, contact, definition, { event_name: name, created_at: createdAt, metadata })
  if (stored) store.counters.metadataKeysDropped += dropped
  return { status: 202 }
}

interface Named {
  readonly id?: unknown
  readonly user_id?: unknown
  readonly email?: unknown
}
/** Intercom id before user_id before e-mail. `user_id` and `email` find users only: leads need their id. */
export function findContact(context: IntercomContext, { id, user_id: userId, email }: Named): Contact {
  const store = context.store()
  if (id !== undefined && id !== null) return activeContact(store, readString('id', id))
  if (userId !== undefined && userId !== null)
    return live(findUser(store, { external_id: readString('user_id', userId) }))
  if (email === undefined || email === null)
    return refuse(400, 'parameter_not_found', 'One of id, user_id or email is required')
  const sharing = [...(store.usersByEmail.get(readString('email', email).toLowerCase()) ?? [])]
  const users = sharing.filter((user) => user.standing === 'active')
  // 409 is documented where several users share an address; the text is assumed.
  if (users.length > 1) refuse(409, 'conflict', 'Multiple existing users match this email address')
  return live(users[0])
}
const live = (contact: Contact | undefined): Contact =>
  contact?.standing === 'active' ? contact : userNotFound()

/** Newest first (not documented), no more than 90 days back. Paging goes by the full URLs in `pages`. */
function list(request: SimRequest, contact: Contact, context: IntercomContext): SimReply {
  const perPage = readPerPage(request.query.get('per_page'), eventsPerPage)
  const cursor = request.query.get('before')
  const skip = cursor === null ? 0 : Number(readCursor(cursor))
  const oldest = context.nowSeconds() - intercomLimits.listedEventAgeDays.max * 86_400
  const events = (context.store().eventLogs.get(contact.id)?.events ?? [])
    .filter((event) => event.created_at >= oldest)
    .sort((left, right) => right.created_at - left.created_at)
  const more = skip + perPage < events.length
  return ok({
    type: 'event.list',
    events: events.slice(skip, skip + perPage).map((event) => render(event, contact)),
    pages: more ? { next: linkTo(request, { before: writeCursor(skip + perPage) }) } : {},
  })
}
const render = (event: StoredEvent, contact: Contact): object => ({
  type: 'event',
  id: event.id,
  created_at: event.created_at,
  event_name: event.event_name,
  user_id: contact.external_id,
  email: contact.email,
  intercom_user_id: contact.id,
  metadata: event.metadata,
})

function summary(contact: Contact, context: IntercomContext): SimReply {
  const summaries = context.store().eventLogs.get(contact.id)?.summaries.values() ?? []
  const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString()
  return ok({
    type: 'event.summary',
    email: contact.email,
    intercom_user_id: contact.id,
    user_id: contact.external_id,
    events: [...summaries].map(({ name, first, last, count }) => ({
      name,
      first: iso(first),
      last: iso(last),
      count,
      description: null,
    })),
  })
}
