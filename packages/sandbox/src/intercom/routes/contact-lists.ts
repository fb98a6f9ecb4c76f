import type { Route, SimRequest } from '../../core/index.ts'
import { isSince216, versionOf } from '../authenticate.ts'
import { isObject, ok, readObject, refuseParameter, refuseUnknown, route } from '../errors.ts'
import { intercomLimits } from '../limits.ts'
import { readCursor, readPerPage, writeCursor } from '../page.ts'
import { renderContact } from '../render-contact.ts'
import { createSearcher, indexAfter, positionOf, readOrder, type Position } from '../search-run.ts'
import type { IntercomContext } from '../state.ts'
import type { Contact } from '../stored.ts'
import { viewOf } from './contacts.ts'

const searchKeys = new Set(['query', 'pagination', 'sort'])

export function contactListRoutes(context: IntercomContext): readonly Route[] {
  const searcher = createSearcher(context)
  return [
    route('GET', '/contacts', (request) => listContacts(request, context)),
    route('POST', '/contacts/search', (request) => {
      const body = readObject(request)
      refuseUnknown(body, searchKeys)
      const order = readOrder(body['sort'], isSince216(versionOf(request, context.account())))
      const { perPage, from, page } = readPagination(body['pagination'])
      const found = searcher.run(body['query'], order)
      const start = from === undefined ? 0 : indexAfter(found, from, order)
      const hits = found.slice(start, start + perPage)
      const last = hits.at(-1)
      const more = last !== undefined && start + perPage < found.length
      return ok({
        type: 'list',
        data: render(
          hits.map(({ id }) => context.store().contacts.get(id)),
          request,
          context,
        ),
        total_count: found.length,
        pages: pages(
          page,
          perPage,
          found.length,
          more ? positionCursor(positionOf(last, order), page) : undefined,
        ),
      })
    }),
  ]
}
interface Pagination {
  readonly perPage: number
  readonly from: Position | undefined
  readonly page: number
}

/** The cursor belongs into the body: one in the query string is ignored, and the first page comes again. */
function readPagination(pagination: unknown): Pagination {
  if (pagination === undefined || pagination === null)
    return { perPage: intercomLimits.searchPerPage.default, from: undefined, page: 1 }
  if (!isObject(pagination)) return refuseParameter('pagination must be an object')
  const perPage = readPerPage(pagination['per_page'], intercomLimits.searchPerPage)
  const cursor = pagination['starting_after']
  if (cursor === undefined || cursor === null) return { perPage, from: undefined, page: 1 }
  const content = readCursor(cursor)
  const { after, page } = isObject(content) ? content : {}
  if (!isObject(after) || typeof after['id'] !== 'string' || typeof page !== 'number')
    return readCursor(undefined) as never
  return { perPage, from: { id: after['id'], value: after['value'] as Position['value'] }, page }
}
const positionCursor = (after: Position, page: number): string => writeCursor({ after, page: page + 1 })

function pages(page: number, perPage: number, total: number, cursor: string | undefined): object {
  const next =
    cursor === undefined ? {} : { next: { page: page + 1, per_page: perPage, starting_after: cursor } }
  return { type: 'pages', page, ...next, per_page: perPage, total_pages: Math.ceil(total / perPage) }
}

/** What is found is shown as it is now, not as the index knew it. */
function render(
  contacts: readonly (Contact | undefined)[],
  request: SimRequest,
  context: IntercomContext,
): object[] {
  const view = viewOf(request, context)
  return contacts.flatMap((contact) =>
    contact?.standing === 'active' ? [renderContact(contact, context.store(), view)] : [],
  )
}

/** Oldest first (Intercom documents no order). No index lag is documented for this list, so it has none. */
function listContacts(request: SimRequest, context: IntercomContext) {
  const { contactOrder, activeContacts } = context.store()
  const perPage = readPerPage(request.query.get('per_page'), intercomLimits.contactsPerPage)
  const cursor = request.query.get('starting_after')
  const content = cursor === null ? { at: 0, page: 1 } : readCursor(cursor)
  const { at, page } = isObject(content) ? content : {}
  if (typeof at !== 'number' || typeof page !== 'number') return readCursor(undefined) as never
  const found: Contact[] = []
  let next = at
  for (; next < contactOrder.length && found.length < perPage; next++) {
    const contact = contactOrder[next]
    if (contact?.standing === 'active') found.push(contact)
  }
  while (next < contactOrder.length && contactOrder[next]?.standing !== 'active') next++
  const after = next < contactOrder.length ? writeCursor({ at: next, page: page + 1 }) : undefined
  return ok({
    type: 'list',
    data: render(found, request, context),
    total_count: activeContacts,
    pages: pages(page, perPage, activeContacts, after),
  })
}
