import { createCursorCodec, paginate, type HttpResult, type Session } from '@tripline/kit'
import {
  readInstant,
  TriplineError,
  type Call,
  type Identity,
  type Page,
  type ProfileRow,
  type Query,
} from '@tripline/model'
import type { Ask, IntercomClient } from './client.ts'
import { canonicalId } from './contacts.ts'
import { inParallel } from './in-parallel.ts'
import { startOfDay } from './mapping/local-day.ts'
import { createProfileMapper, type ProfileMapper } from './mapping/profiles.ts'
import { toInstant } from './mapping/seconds.ts'
import type { IntercomOptions } from './options.ts'
import { listContacts, searchContacts, type ListedContact } from './search.ts'

/** How far behind search may be: what changed that long before the last read is read once more. */
const overlapSeconds = 600
const timeZoneTtlMs = 3_600_000
/** Ids of one page, and how many of them are asked for at a time. */
const idsPerPage = 100
export const parallelReads = 10
const maxHops = 3

const listCodec = createCursorCodec<{ readonly after: string }>('intercom', 'contacts-1')
const sinceCodec = createCursorCodec<SinceState>('intercom', 'since-1')
interface SinceState {
  /** Rows that changed before this Unix second are known. */
  readonly floor: number
  /** Newest change seen so far. */
  readonly high: number
  /** Position inside a search that is under way. */
  readonly after?: string
}

interface Context {
  readonly client: IntercomClient
  readonly session: Session
  readonly profiles: ProfileMapper
  readonly options: IntercomOptions
}

/**
 * - `since`: search by day, from the day of the last read on; each page has a cursor, also the last one, from which the
 *   next read goes on. Rows of the ten minutes before it come again. Deleted and merged contacts do not appear.
 * - `all`: users and leads, 150 a page. `ids`: one call each, ten at a time.
 */
export function createReadProfiles(
  options: IntercomOptions,
  client: IntercomClient,
): (query: Query, call?: Call) => AsyncIterable<Page<ProfileRow>> {
  const profiles = createProfileMapper(options)
  return async function* (query, call) {
    const session = client.transport.session(call)
    const context: Context = { client, session, profiles, options }
    try {
      if (query.mode === 'ids') yield* readIds(context, query)
      else if (query.mode === 'all') yield* readAll(context, query)
      else yield* readSince(context, query)
    } finally {
      session.close()
    }
  }
}

/** Who a contact is. The external id of a lead is Intercom's own invention and no user id. */
export function identityOf(contact: ListedContact): Identity {
  const { id, role, external_id: externalId, email, phone } = contact
  return {
    ...(role === 'user' && typeof externalId === 'string' && { userId: externalId }),
    ...(typeof email === 'string' && email !== '' && { email }),
    ...(typeof phone === 'string' && /^\+[1-9]\d{1,14}$/.test(phone) && { phone }),
    vendorIds: { intercom: id },
  }
}

function rowOf(contact: ListedContact, fields: readonly string[], profiles: ProfileMapper): ProfileRow {
  const changed = contact['updated_at']
  return {
    kind: 'profile',
    who: identityOf(contact),
    traits: profiles.fromContact(contact, fields),
    ...(typeof changed === 'number' && { changedAt: toInstant(changed) }),
  }
}

async function* readAll(
  { client, session, profiles }: Context,
  { fields, resume }: Extract<Query, { mode: 'all' }>,
): AsyncGenerator<Page<ProfileRow>, void, undefined> {
  const start = resume ? listCodec.decode(resume) : { after: '' }
  const pages = paginate(
    start,
    async ({ after }) => {
      const { contacts, next } = await listContacts(client, session, after === '' ? undefined : after)
      const items = contacts.map((contact) => rowOf(contact, fields, profiles))
      return { items, next: next === undefined ? undefined : { after: next } }
    },
    { codec: listCodec, signal: session.signal },
  )
  yield* pages
}

/** Up to 2.16 `updated_at > T` means: from the beginning of the day after T's, in the workspace's zone. */
async function* readSince(
  context: Context,
  { fields, from }: Extract<Query, { mode: 'since' }>,
): AsyncGenerator<Page<ProfileRow>, void, undefined> {
  const { client, session, profiles } = context
  const start = typeof from === 'string' ? startAt(from) : sinceCodec.decode(from)
  const timeZone = await timeZoneOf(context)
  const query = {
    field: 'updated_at',
    operator: '>',
    value: startOfDay(start.floor, timeZone) - 1,
  } as const
  const seen = new Set<string>() // contacts move while they are read, and come again
  let { high } = start
  for (let after = start.after; ;) {
    session.signal.throwIfAborted()
    const page = await searchContacts(client, session, query, { after, ability: 'read.since' })
    const items: ProfileRow[] = []
    for (const contact of page.contacts) {
      const changed = Number(contact['updated_at'])
      const version = `${contact.id} ${changed}`
      if (changed < start.floor || seen.has(version)) continue
      seen.add(version)
      high = Math.max(high, changed)
      items.push(rowOf(contact, fields, profiles))
    }
    const next: SinceState =
      page.next === undefined
        ? { floor: Math.max(start.floor, high - overlapSeconds), high }
        : { floor: start.floor, high, after: page.next }
    yield { items, last: page.next === undefined, cursor: sinceCodec.encode(next) }
    if (page.next === undefined) return
    after = page.next
  }
}

function startAt(from: string): SinceState {
  const read = readInstant(from)
  if (!read.ok)
    throw new TriplineError('intercom', {
      code: 'invalid',
      message: `from ${read.message}`,
      path: 'query.from',
    })
  const seconds = Math.floor(Date.parse(read.at) / 1_000)
  return { floor: seconds - overlapSeconds, high: seconds - overlapSeconds }
}

async function timeZoneOf({ client, session }: Context): Promise<string> {
  const key = client.cacheKey('workspace', 'timezone')
  const kept = (await session.cache.get([key])).get(key)
  if (kept) return kept
  const ask = { purpose: 'lookup', repeat: 'read', ability: 'read.since' } as const
  const answer = await session.read(client.request('GET /me', ask))
  const { app } = answer.json() as { readonly app?: { readonly timezone?: unknown } }
  const timeZone = typeof app?.timezone === 'string' ? app.timezone : 'UTC'
  if (!session.dryRun) await session.cache.set(new Map([[key, timeZone]]), timeZoneTtlMs)
  return timeZone
}

async function* readIds(
  context: Context,
  { fields, who }: Extract<Query, { mode: 'ids' }>,
): AsyncGenerator<Page<ProfileRow>, void, undefined> {
  yield* paginate<ProfileRow, number>(
    0,
    async (from) => {
      const asked = who.slice(from, from + idsPerPage)
      const items = await inParallel(asked, parallelReads, (one) => readOne(context, one, fields))
      return { items, next: from + idsPerPage < who.length ? from + idsPerPage : undefined }
    },
    { signal: context.session.signal },
  )
}

async function readOne(context: Context, who: Identity, fields: readonly string[]): Promise<ProfileRow> {
  const looked = await lookUpContact(context, who)
  switch (looked.kind) {
    case 'contact': {
      const row = rowOf(looked.contact, fields, context.profiles)
      return { ...row, who: { ...row.who, ...who, vendorIds: { ...who.vendorIds, ...row.who.vendorIds } } }
    }
    case 'merged':
      return { kind: 'gone', who, ...(looked.into && { mergedInto: identityOf(looked.into) }) }
    case 'missing':
    case 'ambiguous':
      return { kind: looked.kind, who }
  }
}
export type LookedUp =
  | { readonly kind: 'contact'; readonly contact: ListedContact }
  | { readonly kind: 'merged'; readonly into?: ListedContact }
  | { readonly kind: 'missing' | 'ambiguous' }

/** One person as Intercom has them now; never from the cache. @throws {TriplineError} when Intercom cannot be asked */
export async function lookUpContact(
  { client, session, options }: Pick<Context, 'client' | 'session' | 'options'>,
  { userId, email, vendorIds }: Identity,
): Promise<LookedUp> {
  const ask: Ask = { purpose: 'lookup', repeat: 'read', ability: 'read.ids' }
  const byId = (id: string): Promise<HttpResult> =>
    client.call(session, 'GET /contacts/{contact_id}', ask, (sdk) => sdk.contacts.find({ contact_id: id }))
  const id = vendorIds?.['intercom']
  if (userId === undefined && id === undefined) {
    if (options.emailIdentifies !== true || email === undefined) return { kind: 'missing' }
    const value = email.trim().toLowerCase()
    const query = { field: 'email', operator: '=', value } as const
    const { contacts } = await searchContacts(client, session, query, {
      after: undefined,
      ability: 'read.ids',
    })
    const [contact, ...others] = contacts
    if (!contact) return { kind: 'missing' }
    return others.length > 0 ? { kind: 'ambiguous' } : { kind: 'contact', contact }
  }
  const endpoint = 'GET /contacts/find_by_external_id/{external_id}'
  let result =
    userId === undefined
      ? await byId(id ?? '')
      : await client.call(session, endpoint, ask, (sdk) =>
          sdk.contacts.showContactByExternalId({ external_id: userId }),
        )
  let merged = false
  for (let hop = 0; hop < maxHops && result.kind === 'refused' && result.answer?.status === 410; hop++) {
    const next = canonicalId(result.answer)
    merged = true
    if (next === undefined) break
    result = await byId(next)
  }
  if (result.kind === 'ok') {
    const contact = result.answer.json() as ListedContact
    return merged ? { kind: 'merged', into: contact } : { kind: 'contact', contact }
  }
  const status = result.kind === 'refused' ? result.answer?.status : undefined
  if (merged) return { kind: 'merged' }
  if (status === 404) return { kind: 'missing' }
  throw new TriplineError('intercom', result.fault)
}
