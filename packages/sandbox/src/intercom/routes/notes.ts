import type { Route } from '../../core/index.ts'
import { activeContact } from '../contact-store.ts'
import { ok, readObject, refuse, refuseUnknown, resourceNotFound, route } from '../errors.ts'
import { intercomLimits } from '../limits.ts'
import { numberedPage, readPerPage } from '../page.ts'
import type { IntercomContext } from '../state.ts'
import type { Note } from '../stored.ts'
import { readString } from '../validate-contact.ts'
import { readId } from './contact-tags.ts'
import { renderAdmin, tokenOwner } from './me.ts'

/** The description's example repeats `contact_id` in the body, so it is let through. */
const keys = new Set(['body', 'admin_id', 'contact_id'])

export function noteRoutes(context: IntercomContext): readonly Route[] {
  const { account, store } = context
  const admin = (id: string) => account().admins.find((candidate) => candidate.id === id)
  const render = (note: Note): object => {
    const author = admin(note.author_id)
    return {
      type: 'note',
      id: note.id,
      created_at: note.created_at,
      contact: { type: 'contact', id: note.contact_id },
      author: author ? renderAdmin(author) : null,
      body: note.body,
    }
  }
  return [
    route('POST', '/contacts/{contact_id}/notes', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      const body = readObject(request)
      refuseUnknown(body, keys)
      if (body['body'] === undefined) refuse(400, 'parameter_not_found', 'body is required')
      const author =
        body['admin_id'] === undefined
          ? tokenOwner(context)
          : (admin(readId(body['admin_id'])) ?? resourceNotFound())
      const note: Note = {
        id: String(store().ids.number()),
        contact_id: contact.id,
        author_id: author.id,
        body: `<p>${readString('body', body['body'])}</p>`,
        created_at: context.nowSeconds(),
      }
      store().notes.set(note.id, note)
      contact.notes.push(note.id)
      return ok(render(note))
    }),
    route('GET', '/contacts/{contact_id}/notes', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      const perPage = readPerPage(request.query.get('per_page'), intercomLimits.attachedPerPage)
      const notes = contact.notes.flatMap((id) => store().notes.get(id) ?? []).toReversed()
      const { items, pages } = numberedPage(request, notes, perPage)
      return ok({ type: 'list', data: items.map(render), total_count: notes.length, pages })
    }),
  ]
}
