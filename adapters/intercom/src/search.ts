import type { Answer, Session } from '@tripline/kit'
import { TriplineError, type Ability } from '@tripline/model'
import type { IntercomClient } from './client.ts'
import type { ContactAnswer } from './contacts.ts'
import { maxOf } from './limits.ts'

export type ListedContact = ContactAnswer & Readonly<Record<string, unknown>>
/** One page of contacts, and where the next one begins. */
export interface ContactPage {
  readonly contacts: readonly ListedContact[]
  readonly next: string | undefined
}
export interface SearchQuery {
  readonly field: string
  readonly operator: '=' | '>' | 'IN'
  readonly value: string | number
}
const perPage = maxOf('page.items')

/** A page of `POST /contacts/search`, oldest change first. The position goes into the body: in the query it is ignored. */
export async function searchContacts(
  client: IntercomClient,
  session: Session,
  query: SearchQuery,
  { after, ability }: { readonly after: string | undefined; readonly ability: Ability },
): Promise<ContactPage> {
  const body = JSON.stringify({
    query,
    sort: { field: 'updated_at', order: 'ascending' },
    pagination: { per_page: perPage, ...(after !== undefined && { starting_after: after }) },
  })
  const ask = { purpose: 'lookup', repeat: 'read', ability } as const
  return readPage(await session.read(client.request('POST /contacts/search', { ...ask, body })), after)
}

/** A page of `GET /contacts`; its default is ten a page, so the size is always said. */
export async function listContacts(
  client: IntercomClient,
  session: Session,
  after: string | undefined,
): Promise<ContactPage> {
  const query = new URLSearchParams({
    per_page: String(perPage),
    ...(after !== undefined && { starting_after: after }),
  })
  const ask = { purpose: 'lookup', repeat: 'read', ability: 'read.all' } as const
  return readPage(
    await session.read(client.request('GET /contacts', { ...ask, query: query.toString() })),
    after,
  )
}

interface PageAnswer {
  readonly data: readonly ListedContact[]
  readonly pages?: { readonly next?: { readonly starting_after?: unknown } | null } | null
}
function readPage(answer: Answer, after: string | undefined): ContactPage {
  const { data, pages } = answer.json() as PageAnswer
  const said = pages?.next?.starting_after
  const next = typeof said === 'string' && said !== '' ? said : undefined
  if (next !== undefined && next === after)
    throw new TriplineError('intercom', {
      code: 'unavailable',
      message: 'Intercom named the page just read as the next one, which would never end: read again later',
    })
  return { contacts: data, next }
}
