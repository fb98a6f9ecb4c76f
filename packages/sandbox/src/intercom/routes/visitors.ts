import type { Route } from '../../core/index.ts'
import { addContact, findUser, newContact, refuseConflict, reindex } from '../contact-store.ts'
import { isObject, ok, readObject, refuse, refuseParameter, refuseUnknown, route } from '../errors.ts'
import { renderContact } from '../render-contact.ts'
import type { IntercomContext, IntercomStore } from '../state.ts'
import type { Contact, ContactRole, Visitor } from '../stored.ts'
import { viewOf } from './contacts.ts'

const keys = new Set(['visitor', 'user', 'type'])
const identityKeys = new Set(['id', 'user_id', 'email'])
const visitorNotFound = (): never => refuse(404, 'not_found', 'Visitor Not Found')

/** Visitors come from the Messenger, never from the API: here they are seeded. */
export function visitorRoutes(context: IntercomContext): readonly Route[] {
  const { account, store } = context
  return [
    route('GET', '/visitors', (request) => {
      const userId = request.query.get('user_id')
      if (userId === null) refuse(400, 'parameter_not_found', 'user_id is required')
      const visitor = store().visitorByUserId.get(userId ?? '') ?? visitorNotFound()
      return ok(render(visitor, account().workspaceId))
    }),
    route('POST', '/visitors/convert', (request) => {
      const body = readObject(request)
      refuseUnknown(body, keys)
      const { type } = body
      if (type !== 'user' && type !== 'lead') return refuseParameter('type must be user or lead')
      const visitor = findVisitor(store(), readIdentity(body['visitor']))
      const contact = convert(visitor, readIdentity(body['user']), type, context)
      return ok(renderContact(contact, store(), viewOf(request, context)))
    }),
  ]
}
interface Identity {
  readonly id?: string
  readonly user_id?: string
  readonly email?: string
}
function readIdentity(value: unknown): Identity {
  if (!isObject(value)) return refuse(400, 'parameter_not_found', 'visitor and user are required')
  refuseUnknown(value, identityKeys)
  for (const [name, id] of Object.entries(value))
    if (typeof id !== 'string') refuseParameter(`${name} must be a string`)
  return value
}
function findVisitor(store: IntercomStore, { id, user_id: userId, email }: Identity): Visitor {
  if (id !== undefined) return store.visitors.get(id) ?? visitorNotFound()
  if (userId !== undefined) return store.visitorByUserId.get(userId) ?? visitorNotFound()
  // Only seeded visitors have an address, and they are few.
  const found = [...store.visitors.values()].find((visitor) => email !== undefined && visitor.email === email)
  return found ?? visitorNotFound()
}

/** A known user absorbs the visitor; otherwise the visitor becomes the contact and keeps its Intercom id. */
function convert(visitor: Visitor, user: Identity, role: ContactRole, context: IntercomContext): Contact {
  const store = context.store()
  const email = user.email?.toLowerCase()
  const known =
    user.id === undefined
      ? findUser(store, { external_id: user.user_id, email })
      : store.contacts.get(user.id)
  if (role === 'user' && known?.standing === 'active') {
    forget(visitor, store)
    return known
  }
  if (role === 'user') refuseConflict(context, { external_id: user.user_id, email })
  const contact = newContact({
    id: visitor.id,
    role,
    external_id: role === 'lead' ? visitor.user_id : (user.user_id ?? null),
    email: email ?? visitor.email,
    name: visitor.name,
    created_at: visitor.created_at,
    updated_at: context.nowSeconds(),
  })
  forget(visitor, store)
  addContact(store, contact)
  reindex(context, contact)
  return contact
}
function forget(visitor: Visitor, store: IntercomStore): void {
  store.visitors.delete(visitor.id)
  store.visitorByUserId.delete(visitor.user_id)
}

function render(visitor: Visitor, workspaceId: string): object {
  return {
    type: 'visitor',
    id: visitor.id,
    user_id: visitor.user_id,
    anonymous: true,
    email: visitor.email ?? '',
    phone: null,
    name: visitor.name,
    pseudonym: null,
    avatar: { type: 'avatar', image_url: null },
    app_id: workspaceId,
    companies: { type: 'company.list', companies: [] },
    location_data: {},
    last_request_at: null,
    created_at: visitor.created_at,
    remote_created_at: visitor.created_at,
    signed_up_at: visitor.created_at,
    updated_at: visitor.created_at,
    session_count: 0,
    social_profiles: { type: 'social_profile.list', social_profiles: [] },
    owner_id: null,
    unsubscribed_from_emails: false,
    marked_email_as_spam: false,
    has_hard_bounced: false,
    tags: { type: 'tag.list', tags: [] },
    segments: { type: 'segment.list', segments: [] },
    custom_attributes: {},
    referrer: null,
    utm_campaign: null,
    utm_content: null,
    utm_medium: null,
    utm_source: null,
    utm_term: null,
    do_not_track: null,
  }
}
