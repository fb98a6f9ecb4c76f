import type { Route } from '../../core/index.ts'
import { activeContact } from '../contact-store.ts'
import { ok, readObject, refuseParameter, refuseUnknown, resourceNotFound, route } from '../errors.ts'
import type { IntercomContext } from '../state.ts'
import type { Tag } from '../stored.ts'
import { tagContact, untagContact } from '../tag-store.ts'
import { tokenOwner } from './me.ts'

const keys = new Set(['id'])

export function contactTagRoutes(context: IntercomContext): readonly Route[] {
  const { account, store } = context
  const render = (tag: Tag, appliedAt: number): object => ({
    type: 'tag',
    id: tag.id,
    name: tag.name,
    applied_at: appliedAt,
    applied_by: { type: 'admin', id: tokenOwner(context).id },
  })
  return [
    route('GET', '/contacts/{contact_id}/tags', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      const data = [...contact.tags].flatMap(([id, appliedAt]) => {
        const tag = store().tags.get(id)
        return tag ? [render(tag, appliedAt)] : []
      })
      return ok({ type: 'list', data })
    }),
    route('POST', '/contacts/{contact_id}/tags', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      const body = readObject(request)
      refuseUnknown(body, keys)
      const tag = store().tags.get(readId(body['id'])) ?? resourceNotFound()
      tagContact(context, tag, contact)
      return ok(render(tag, contact.tags.get(tag.id) ?? context.nowSeconds()))
    }),
    route('DELETE', '/contacts/{contact_id}/tags/{tag_id}', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      const tag = store().tags.get(request.params['tag_id'] ?? '') ?? resourceNotFound()
      const appliedAt = contact.tags.get(tag.id)
      if (!untagContact(context, tag, contact) && account().detachMissing === 'not-found') resourceNotFound()
      return ok(render(tag, appliedAt ?? context.nowSeconds()))
    }),
  ]
}
/** Typed as a string, sent as a number in the description's own examples: both pass. */
export function readId(value: unknown): string {
  if (typeof value === 'string' || Number.isInteger(value)) return String(value)
  return refuseParameter('id must be a string')
}
