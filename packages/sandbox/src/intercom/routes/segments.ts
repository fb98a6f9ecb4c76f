import type { Route } from '../../core/index.ts'
import { activeContact } from '../contact-store.ts'
import { ok, resourceNotFound, route } from '../errors.ts'
import { renderSegment } from '../render-company.ts'
import { compileQuery, type Filter } from '../search-query.ts'
import { matching, surroundings } from '../search-run.ts'
import type { IntercomContext } from '../state.ts'
import type { Segment } from '../stored.ts'

/** Segments are made in Intercom's UI only: here they are seeded. Who is in one is asked by `POST /contacts/search`. */
export function segmentRoutes(context: IntercomContext): readonly Route[] {
  const { store } = context
  return [
    route('GET', '/segments', (request) => {
      const counted = request.query.get('include_count') === 'true'
      const segments = [...store().segments.values()].map((segment) =>
        renderSegment(segment, counted ? membersOf(segment, context).length : undefined),
      )
      return ok({ type: 'segment.list', segments })
    }),
    route('GET', '/segments/{segment_id}', (request) => {
      const segment = store().segments.get(request.params['segment_id'] ?? '') ?? resourceNotFound()
      return ok(renderSegment(segment))
    }),
    route('GET', '/contacts/{contact_id}/segments', (request) => {
      const contact = activeContact(store(), request.params['contact_id'] ?? '')
      store().index.settle()
      const document = store().index.get(contact.id)
      const data = [...store().segments.values()]
        .filter((segment) => document !== undefined && filterOf(segment, context).test(document))
        .map((segment) => renderSegment(segment))
      return ok({ type: 'list', data })
    }),
  ]
}
const filterOf = (segment: Segment, context: IntercomContext): Filter =>
  compileQuery({ field: 'segment_id', operator: '=', value: segment.id }, surroundings(context))

/** Ids of the contacts that search finds in a segment now. */
export function membersOf(segment: Segment, context: IntercomContext): readonly string[] {
  context.store().index.settle()
  return matching(filterOf(segment, context), context).map(({ id }) => id)
}
