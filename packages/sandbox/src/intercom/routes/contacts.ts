import type { Route, SimRequest } from '../../core/index.ts'
import type { IntercomVersion } from '../account.ts'
import { versionOf } from '../authenticate.ts'
import {
  activeContact,
  addContact,
  newContact,
  readableContact,
  refuseConflict,
  reindex,
  releaseIdentity,
  reserveIdentity,
} from '../contact-store.ts'
import { applyAttributes } from '../custom-attributes.ts'
import { ok, refuse, route } from '../errors.ts'
import { renderContact, type ContactView } from '../render-contact.ts'
import type { IntercomContext } from '../state.ts'
import type { Contact } from '../stored.ts'
import { readContact, requireIdentity, type ContactInput } from '../validate-contact.ts'

export function contactRoutes(context: IntercomContext): readonly Route[] {
  const { account, store } = context
  const answer = (request: SimRequest, contact: Contact) =>
    ok(renderContact(contact, store(), viewOf(request, context)))
  return [
    route('POST', '/contacts', (request) => {
      const input = readContact(request, context, versionOf(request, account()))
      requireIdentity(input)
      return answer(request, createContact(input, context))
    }),
    route('GET', '/contacts/{contact_id}', (request) => {
      const contact = store().contacts.get(request.params['contact_id'] ?? '')
      return answer(request, readableContact(context, contact))
    }),
    route('GET', '/contacts/find_by_external_id/{external_id}', (request) => {
      const externalId = request.params['external_id'] ?? ''
      const contact = store().userByExternalId.get(externalId) ?? store().mergedByExternalId.get(externalId)
      return answer(request, readableContact(context, contact))
    }),
    route('PUT', '/contacts/{contact_id}', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      const input = readContact(request, context, versionOf(request, account()))
      updateContact(contact, input, context)
      return answer(request, contact)
    }),
  ]
}

export function viewOf(request: SimRequest, context: IntercomContext): ContactView {
  const version: IntercomVersion = versionOf(request, context.account())
  const mergeHistory = request.query.get('include_merge_history') === 'true'
  return { workspaceId: context.account().workspaceId, version, mergeHistory }
}

/** A lead's `external_id` is made by Intercom: one that was sent is ignored. */
export function createContact(input: ContactInput, context: IntercomContext): Contact {
  const store = context.store()
  const role = input.role ?? 'user'
  if (role === 'user') refuseConflict(context, input)
  const contact = newContact({ id: store.ids.objectId(), role, created_at: context.nowSeconds() })
  writeFields(contact, input)
  contact.external_id = role === 'lead' ? store.ids.uuid() : (input.external_id ?? null)
  addContact(store, contact)
  reindex(context, contact)
  return contact
}

/**
 * A lead that becomes a user takes the `external_id` sent along, and keeps its generated one without (assumed).
 * An `external_id` for a lead that stays one is ignored.
 */
export function updateContact(contact: Contact, input: ContactInput, context: IntercomContext): void {
  if (contact.role === 'user' && input.role === 'lead')
    refuse(400, 'client_error', "Contact with user role can't be converted to a lead")
  const role = input.role ?? contact.role
  if (role === 'user') {
    const email = input.email ?? (contact.role === 'lead' ? (contact.email ?? undefined) : undefined)
    refuseConflict(context, { external_id: input.external_id, email }, contact)
  }
  releaseIdentity(context.store(), contact)
  contact.role = role
  writeFields(contact, input)
  if (role === 'user' && input.external_id !== undefined) contact.external_id = input.external_id
  reserveIdentity(context.store(), contact)
  contact.updated_at = context.nowSeconds()
  reindex(context, contact)
}

function writeFields(
  contact: Contact,
  { role: _role, external_id: _id, attributes, ...fields }: ContactInput,
): void {
  if (fields.email !== undefined && fields.email !== contact.email) contact.email_verified = null
  Object.assign(contact, fields)
  applyAttributes(contact.custom_attributes, attributes)
}
