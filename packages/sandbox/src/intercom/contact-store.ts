import { refuse, userNotFound } from './errors.ts'
import { intercomLimits } from './limits.ts'
import type { IntercomContext, IntercomStore } from './state.ts'
import type { Contact, ContactFields } from './stored.ts'

/** A contact that the API shows. Merged ones are 404 here; only GET answers them with 410. */
export function activeContact(store: IntercomStore, id: string): Contact {
  const contact = store.contacts.get(id)
  return contact?.standing === 'active' ? contact : userNotFound()
}

/** As `activeContact`, but for reads by GET, which say where a merged contact went (up to three hops). */
export function readableContact(context: IntercomContext, contact: Contact | undefined): Contact {
  if (!contact) return userNotFound()
  if (contact.standing !== 'merged') return contact.standing === 'active' ? contact : userNotFound()
  const into = canonicalOf(context.store(), contact)
  if (!into || context.account().mergedContacts === 'not-found') return userNotFound()
  return refuse(
    410,
    'contact_merged',
    "This contact has been merged. See the 'Link' header for the canonical contact.",
    { link: `</contacts/${into.id}>; rel="canonical"` },
  )
}
function canonicalOf(store: IntercomStore, contact: Contact): Contact | undefined {
  let current: Contact | undefined = contact
  for (let hop = 0; hop < intercomLimits.mergeHops.max && current?.merged_into; hop++)
    current = store.contacts.get(current.merged_into)
  return current?.standing === 'active' ? current : undefined
}

/** Users only, whatever their standing. */
export function findUser(
  store: IntercomStore,
  by: { readonly external_id?: string | undefined; readonly email?: string | undefined },
): Contact | undefined {
  const known = by.external_id === undefined ? undefined : store.userByExternalId.get(by.external_id)
  if (known || by.email === undefined) return known
  const [first] = store.usersByEmail.get(by.email) ?? []
  return first
}

/**
 * Refuses identifiers that another user holds, live, archived or deleted. Leads never conflict.
 * Texts as recorded in grouparoo/grouparoo:plugins/@grouparoo/intercom; for PUT the body is assumed to be the same.
 */
export function refuseConflict(
  context: IntercomContext,
  by: { readonly external_id?: string | undefined; readonly email?: string | undefined },
  self?: Contact,
): void {
  const store = context.store()
  const email = context.account().emailIdentifiesUsers ? by.email : undefined
  const holders = [
    findUser(store, { external_id: by.external_id }),
    ...(email === undefined ? [] : (store.usersByEmail.get(email) ?? [])),
  ]
  const twin = holders.find((holder) => holder !== undefined && holder !== self)
  if (!twin) return
  const which = twin.standing === 'active' ? 'A' : 'An archived'
  refuse(409, 'conflict', `${which} contact matching those details already exists with id=${twin.id}`)
}

export function reserveIdentity(store: IntercomStore, contact: Contact): void {
  if (contact.role !== 'user') return
  if (contact.external_id !== null) store.userByExternalId.set(contact.external_id, contact)
  if (contact.email === null) return
  const sharing = store.usersByEmail.get(contact.email)
  if (sharing) sharing.add(contact)
  else store.usersByEmail.set(contact.email, new Set([contact]))
}
export function releaseIdentity(store: IntercomStore, contact: Contact): void {
  if (contact.external_id !== null && store.userByExternalId.get(contact.external_id) === contact)
    store.userByExternalId.delete(contact.external_id)
  if (contact.email !== null) store.usersByEmail.get(contact.email)?.delete(contact)
}

export function newContact(
  fields: Pick<ContactFields, 'id' | 'role' | 'created_at'> & Partial<ContactFields>,
): Contact {
  return {
    external_id: null,
    email: null,
    email_verified: null,
    phone: null,
    name: null,
    avatar: null,
    owner_id: null,
    unsubscribed_from_emails: false,
    signed_up_at: null,
    last_seen_at: null,
    last_contacted_at: null,
    updated_at: fields.created_at,
    custom_attributes: {},
    standing: 'active',
    blocked: false,
    merged_into: null,
    ...fields,
    tags: new Map(),
    companies: new Set(),
    subscriptions: new Set(),
    notes: [],
    mergeHistory: [],
  }
}

export function addContact(store: IntercomStore, contact: Contact): void {
  store.contacts.set(contact.id, contact)
  store.contactOrder.push(contact)
  if (contact.standing === 'active') store.activeContacts++
  if (contact.standing === 'merged' && contact.external_id !== null)
    store.mergedByExternalId.set(contact.external_id, contact)
  else reserveIdentity(store, contact)
}

/** Lets search see the contact as it is now, after the lag. */
export function reindex(context: IntercomContext, contact: Contact): void {
  if (contact.standing === 'active') context.store().index.put(contact, context.account().indexLagMs)
}

export function setStanding(store: IntercomStore, contact: Contact, standing: Contact['standing']): void {
  if (contact.standing === 'active' && standing !== 'active') {
    store.activeContacts--
    store.index.remove(contact.id)
  }
  if (contact.standing !== 'active' && standing === 'active') store.activeContacts++
  contact.standing = standing
}
