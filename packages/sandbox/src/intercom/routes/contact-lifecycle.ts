import type { Route } from '../../core/index.ts'
import { activeContact, reindex, setStanding } from '../contact-store.ts'
import { ok, refuse, route, userNotFound } from '../errors.ts'
import type { IntercomContext, IntercomStore } from '../state.ts'
import type { Contact } from '../stored.ts'

const reference = (contact: Contact): object => ({
  type: 'contact',
  id: contact.id,
  external_id: contact.external_id,
})

/** Delete, archive, unarchive, block. None of these is undone by creating the contact again: identifiers stay reserved. */
export function contactLifecycleRoutes(context: IntercomContext): readonly Route[] {
  const { store } = context
  return [
    route('DELETE', '/contacts/{contact_id}', (request) => {
      const contact = store().contacts.get(request.params['contact_id'] ?? '')
      if (contact?.standing !== 'active' && contact?.standing !== 'archived') return userNotFound()
      erase(store(), contact)
      return ok({ ...reference(contact), deleted: true })
    }),
    route('POST', '/contacts/{contact_id}/archive', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      setStanding(store(), contact, 'archived')
      contact.updated_at = context.nowSeconds()
      return ok({ ...reference(contact), archived: true })
    }),
    route('POST', '/contacts/{contact_id}/unarchive', (request) => {
      const contact = store().contacts.get(request.params['contact_id'] ?? '')
      if (!contact || contact.standing === 'merged') return userNotFound()
      // Also recorded: 500 `server_error`. The beginning of the sentence is assumed.
      if (contact.standing === 'deleted')
        return refuse(400, 'bad_request', 'Contact is marked for permanent deletion and is not restorable')
      if (contact.standing === 'archived') contact.updated_at = context.nowSeconds()
      setStanding(store(), contact, 'active')
      reindex(context, contact)
      return ok({ ...reference(contact), archived: false })
    }),
    route('POST', '/contacts/{contact_id}/block', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      contact.blocked = true
      return ok({ ...reference(contact), blocked: true })
    }),
  ]
}

/** Clears what is stored but the identifiers, which keep refusing twins. Its events stay until the purge. */
function erase(store: IntercomStore, contact: Contact): void {
  setStanding(store, contact, 'deleted')
  for (const tagId of contact.tags.keys()) store.tags.get(tagId)?.contacts.delete(contact.id)
  for (const companyId of contact.companies) store.companies.get(companyId)?.contacts.delete(contact.id)
  for (const noteId of contact.notes) store.notes.delete(noteId)
  contact.tags.clear()
  contact.companies.clear()
  contact.subscriptions.clear()
  contact.notes.length = 0
  Object.assign(contact, { phone: null, name: null, avatar: null, owner_id: null, custom_attributes: {} })
}
