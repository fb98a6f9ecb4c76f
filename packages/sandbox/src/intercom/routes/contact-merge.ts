import type { Route } from '../../core/index.ts'
import { isSince216, versionOf } from '../authenticate.ts'
import { activeContact, reindex, setStanding } from '../contact-store.ts'
import { ok, readObject, refuse, refuseUnknown, route } from '../errors.ts'
import { intercomLimits } from '../limits.ts'
import { mergeEvents } from '../event-store.ts'
import { readCursor, readPerPage, writeCursor } from '../page.ts'
import { mergeHistory, renderContact } from '../render-contact.ts'
import type { IntercomContext, IntercomStore } from '../state.ts'
import type { Contact } from '../stored.ts'
import { readString } from '../validate-contact.ts'
import { viewOf } from './contacts.ts'

const keys = new Set(['from', 'into'])
const keysSince216 = new Set([...keys, 'skip_duplicate_validation'])

export function contactMergeRoutes(context: IntercomContext): readonly Route[] {
  const { account, store } = context
  return [
    route('POST', '/contacts/merge', (request) => {
      const body = readObject(request)
      const since216 = isSince216(versionOf(request, account()))
      refuseUnknown(body, since216 ? keysSince216 : keys)
      const from = activeContact(store(), readString('from', body['from']))
      const into = activeContact(store(), readString('into', body['into']))
      // The wording about roles is assumed; the other one is the description's.
      if (from.role !== 'lead' || into.role !== 'user')
        refuse(400, 'invalid_merge', 'Only a lead can be merged into a user')
      if (since216 && body['skip_duplicate_validation'] !== true && !areDuplicates(from, into))
        refuse(
          400,
          'invalid_merge',
          'Contacts can only be merged when they are duplicates (matching email or phone). Pass skip_duplicate_validation=true to override this check.',
        )
      merge(from, into, context)
      return ok(renderContact(into, store(), viewOf(request, context)))
    }),
    route('GET', '/contacts/{id}/merge_history', (request) => {
      if (!isSince216(versionOf(request, account())))
        refuse(400, 'intercom_version_invalid', 'Requested resource is not available in current API version.')
      const contact = store().contacts.get(request.params['id'] ?? '')
      if (contact?.standing !== 'active' || contact.role !== 'user')
        return refuse(404, 'not_found', 'Contact not found')
      const perPage = readPerPage(request.query.get('per_page'), intercomLimits.mergeHistoryPerPage)
      const cursor = request.query.get('cursor')
      const start = cursor === null ? 0 : Number(readCursor(cursor))
      const entries = mergeHistory(contact)
      if (request.query.get('order') !== 'asc') entries.reverse()
      const more = start + perPage < entries.length
      return ok({
        type: 'list',
        data: entries.slice(start, start + perPage),
        ...(more && { next_cursor: writeCursor(start + perPage) }),
        has_more: more,
      })
    }),
  ]
}

function areDuplicates(left: Contact, right: Contact): boolean {
  return (
    (left.email !== null && left.email === right.email) || (left.phone !== null && left.phone === right.phone)
  )
}

/** What the user lacks is copied from the lead; everything attached to the lead moves to the user. */
function merge(from: Contact, into: Contact, context: IntercomContext): void {
  const store = context.store()
  for (const field of ['email', 'phone', 'name', 'avatar', 'owner_id'] as const) into[field] ??= from[field]
  for (const field of ['signed_up_at', 'last_seen_at', 'last_contacted_at'] as const)
    into[field] ??= from[field]
  into.custom_attributes = { ...from.custom_attributes, ...into.custom_attributes }
  moveAttachments(from, into, store)
  mergeEvents(store, from.id, into.id)
  const mergedAt = context.nowSeconds()
  into.mergeHistory.push({ source_contact_id: from.id, source_contact_role: from.role, merged_at: mergedAt })
  into.updated_at = mergedAt
  setStanding(store, from, 'merged')
  from.merged_into = into.id
  if (from.external_id !== null) store.mergedByExternalId.set(from.external_id, from)
  reindex(context, into)
}

function moveAttachments(from: Contact, into: Contact, store: IntercomStore): void {
  for (const [tagId, appliedAt] of from.tags) {
    if (!into.tags.has(tagId)) into.tags.set(tagId, appliedAt)
    store.tags.get(tagId)?.contacts.delete(from.id)
    store.tags.get(tagId)?.contacts.add(into.id)
  }
  for (const companyId of from.companies) {
    into.companies.add(companyId)
    store.companies.get(companyId)?.contacts.delete(from.id)
    store.companies.get(companyId)?.contacts.add(into.id)
  }
  for (const subscription of from.subscriptions) into.subscriptions.add(subscription)
  for (const noteId of from.notes) {
    const note = store.notes.get(noteId)
    if (note) note.contact_id = into.id
    into.notes.push(noteId)
  }
  from.tags.clear()
  from.companies.clear()
  from.subscriptions.clear()
  from.notes.length = 0
}
