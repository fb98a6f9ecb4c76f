import type { Answer, HttpResult, Sent, Session, Verdict } from '@tripline/kit'
import type { Ability, Fault } from '@tripline/model'
import type { HubSpotClient } from './client.ts'
import { maxOf } from './limits.ts'
import { emailOf, keyOf, type Contact } from './mapping/identifier.ts'
import { companyIdPropertyOf, idPropertyOf, type HubSpotOptions } from './options.ts'

/** How long a record id is believed. Ids change only by a merge, and end with a deletion. */
const idTtlMs = 3_600_000

/** A record as HubSpot answers it. */
export interface ContactRow {
  readonly id: string
  readonly properties: Readonly<Record<string, string | null>>
  readonly updatedAt?: string
  readonly createdAt?: string
  readonly archived?: boolean
}
/** The records of a batch or page. */
export const rowsOf = (answer: Answer): readonly ContactRow[] =>
  (answer.json() as { results?: readonly ContactRow[] } | undefined)?.results ?? []

type NotOk = Exclude<HttpResult, { readonly kind: 'ok' }>
export type Found =
  /** Record id by `keyOf(contact)`; who is not in it is no contact. */
  | { readonly kind: 'found'; readonly ids: ReadonlyMap<string, string> }
  | { readonly kind: 'failed'; readonly result: NotOk }

/** Record ids of contacts and companies, kept in the host's cache. */
export interface Lookup {
  contacts(contacts: readonly Contact[], session: Session): Promise<Found>
  /** Record ids by group id. */
  companies(groupIds: readonly string[], session: Session): Promise<Found>
  /** People whose ids this call will want: they fill up the look-ups of others. */
  expect(contacts: Iterable<Contact>, session: Session): void
  /** Ids that a write told. */
  remember(session: Session, ids: ReadonlyMap<string, string>): Promise<void>
  /** An id that turned out to be gone. */
  forget(session: Session, keys: readonly string[]): Promise<void>
}
/** Key of a company in the cache. */
export const companyKey = (groupId: string): string => `company:${groupId}`

export function createLookup(options: HubSpotOptions, client: HubSpotClient): Lookup {
  const prefix = `hubspot:${options.portalId ?? ''}:`
  const { find, remember, ahead } = createFinder(options, client, prefix)
  return {
    remember,
    expect: ahead.expect,
    forget: (session, keys) => session.cache.set(new Map(keys.map((key) => [prefix + key, ''])), 1),
    async contacts(contacts, session) {
      const isKnown = (contact: Contact): contact is Extract<Contact, { by: 'record' }> =>
        contact.by === 'record'
      const lookable = contacts.filter((contact) => !isKnown(contact))
      const found = await find(new Map(lookable.map((contact) => [keyOf(contact), contact])), session)
      if (found.kind === 'failed') return found
      const known = contacts.filter(isKnown).map((contact) => [keyOf(contact), contact.id] as const)
      return { kind: 'found', ids: new Map([...found.ids, ...known]) }
    },
    companies: (groupIds, session) =>
      find(new Map(groupIds.map((id) => [companyKey(id), { by: 'company', id }])), session),
  }
}

interface Finder extends Pick<Lookup, 'remember'> {
  readonly ahead: Ahead
  /** From the cache, and from HubSpot what is not there. What is being asked for just now is not asked twice. */
  find(wanted: ReadonlyMap<string, Lookable>, session: Session): Promise<Found>
}
function createFinder(options: HubSpotOptions, client: HubSpotClient, prefix: string): Finder {
  const ahead = createAhead(`${prefix}user:`)
  const running = new WeakMap<Session, Map<string, Promise<Chunk>>>()
  const remember: Lookup['remember'] = async (session, ids) => {
    if (ids.size === 0 || session.dryRun) return
    await session.cache.set(new Map([...ids].map(([key, id]) => [prefix + key, id])), idTtlMs)
  }
  const readChunk = async (
    session: Session,
    by: Lookable['by'],
    given: readonly string[],
  ): Promise<Chunk> => {
    const result = await readBy(options, client, session, by, given)
    if (result.kind !== 'ok') return { kind: 'failed', result }
    const ids = new Map<string, string>()
    for (const row of rowsOf(result.answer))
      for (const name of namesOf(row, by, options)) ids.set(`${by}:${name}`, row.id)
    await remember(session, ids)
    return { kind: 'found', ids }
  }
  const find: Finder['find'] = async (wanted, session) => {
    const ids = new Map<string, string>()
    if (wanted.size === 0) return { kind: 'found', ids }
    await ahead.start(session)
    const cached = await session.cache.get([...wanted.keys()].map((key) => prefix + key))
    for (const [key, id] of cached) ids.set(key.slice(prefix.length), id)
    const asked = running.get(session) ?? new Map<string, Promise<Chunk>>()
    running.set(session, asked)
    const chunks = new Set<Promise<Chunk>>()
    for (const by of ['user', 'email', 'company'] as const) {
      const own: string[] = []
      for (const [key, one] of wanted) {
        if (one.by !== by || ids.has(key)) continue
        const other = asked.get(key)
        if (other) chunks.add(other)
        else own.push(one.id)
      }
      if (by === 'user') own.push(...ahead.fillUp(own, session))
      for (const given of chunksOf(own, maxOf('batch.items'))) {
        const keys = given.map((id) => `${by}:${id}`)
        const chunk = readChunk(session, by, given).finally(() => keys.forEach((key) => asked.delete(key)))
        for (const key of keys) asked.set(key, chunk)
        chunks.add(chunk)
      }
    }
    for (const chunk of await Promise.all(chunks)) {
      if (chunk.kind === 'failed') return chunk
      for (const [key, id] of chunk.ids) ids.set(key, id)
    }
    return { kind: 'found', ids }
  }
  return { find, remember, ahead }
}
/** What one read came to. */
type Chunk = Found
type Lookable = Exclude<Contact, { readonly by: 'record' }> | { readonly by: 'company'; readonly id: string }

function readBy(
  options: HubSpotOptions,
  client: HubSpotClient,
  session: Session,
  by: Lookable['by'],
  ids: readonly string[],
): Promise<HttpResult> {
  if (by === 'user') {
    const idProperty = idPropertyOf(options)
    return client.readContacts(session, { ids, idProperty, properties: [idProperty] })
  }
  if (by === 'email')
    return client.readContacts(session, {
      ids,
      idProperty: 'email',
      properties: ['email', 'hs_additional_emails'],
    })
  const idProperty = companyIdPropertyOf(options)
  const body = JSON.stringify({
    idProperty,
    properties: [idProperty],
    propertiesWithHistory: [], // required by HubSpot's description
    inputs: ids.map((id) => ({ id })),
  })
  return session.request(
    client.request('POST /crm/objects/companies/batch/read', { purpose: 'lookup', repeat: 'read', body }),
  )
}
/** What a found record was looked for by. */
function namesOf(row: ContactRow, by: Lookable['by'], options: HubSpotOptions): readonly string[] {
  if (by === 'email') return emailsOf(row)
  return [row.properties[by === 'user' ? idPropertyOf(options) : companyIdPropertyOf(options)] ?? '']
}

/** Fills up look-ups with others of the same call; each is asked for in advance only once. */
interface Ahead extends Pick<Lookup, 'expect'> {
  /** Takes out whom the cache knows. */
  start(session: Session): Promise<void>
  fillUp(missing: readonly string[], session: Session): readonly string[]
}
function createAhead(prefix: string): Ahead {
  const full = maxOf('batch.items')
  const expected = new WeakMap<Session, { readonly ids: Set<string>; started?: Promise<void> }>()
  const withoutCached = async (session: Session, ids: Set<string>): Promise<void> => {
    const cached = await session.cache.get([...ids].map((id) => prefix + id))
    for (const key of cached.keys()) ids.delete(key.slice(prefix.length))
  }
  return {
    expect(contacts, session) {
      const ids = new Set<string>()
      for (const { by, id } of contacts) if (by === 'user') ids.add(id)
      expected.set(session, { ids })
    },
    async start(session) {
      const others = expected.get(session)
      if (others) await (others.started ??= withoutCached(session, others.ids))
    },
    fillUp(missing, session) {
      const others = expected.get(session)
      if (!others || missing.length === 0) return []
      for (const id of missing) others.ids.delete(id)
      return takeSome(others.ids, (full - (missing.length % full)) % full)
    },
  }
}
/** Takes the first `count` out of a set. */
function takeSome(set: Set<string>, count: number): readonly string[] {
  const taken: string[] = []
  for (const id of set) {
    if (taken.length === count) break
    taken.push(id)
  }
  for (const id of taken) set.delete(id)
  return taken
}

/** A contact answers to its address and to its further ones. */
export function emailsOf(row: ContactRow): readonly string[] {
  const { email, hs_additional_emails: others } = row.properties
  return [email ?? '', ...(others ?? '').split(';')].filter((text) => text !== '').map(emailOf)
}

export function* chunksOf<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size)
}

/**
 * What a failed look-up means for those who needed it: they wait. A refusal is not about one of them, so the ability is
 * halted with it.
 */
export function endedBy(result: NotOk, ability: Ability, session: Session, options: HubSpotOptions): Sent {
  const fault = withAdvice(result.fault, options)
  if (result.kind === 'refused' || fault.code === 'forbidden') session.halt({ what: ability, fault })
  const notBefore = result.kind === 'retry' ? result.notBefore : undefined
  return { kind: 'ended', outcome: { status: 'retry', fault, ...(notBefore !== undefined && { notBefore }) } }
}

/**
 * What became of a request, for one of several values that do not share it. A retry without a time would be sent again
 * in this call, though the request has just had all its tries.
 */
export function endedVerdict(outcome: Verdict['outcome'], { clock }: Session): Verdict {
  if (outcome.status !== 'retry') return { outcome }
  return { outcome: { notBefore: new Date(clock.now()).toISOString(), ...outcome } }
}

/** Our unique properties must exist before anything can be found or written by them. */
export function isMissingIdProperty({ code, message }: Fault): boolean {
  return code === 'invalid' && /non-unique/.test(message)
}
function withAdvice(fault: Fault, options: HubSpotOptions): Fault {
  if (!isMissingIdProperty(fault)) return fault
  const property = `"${idPropertyOf(options)}" (companies: "${companyIdPropertyOf(options)}")`
  return { ...fault, message: `${fault.message}: create ${property} with \`fields apply\` (schema.ensure)` }
}
