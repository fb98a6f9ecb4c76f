import type { Answer, HttpResult, Session } from '@tripline/kit'
import type { Ability, Identity } from '@tripline/model'
import type { Ask, IntercomClient } from './client.ts'
import type { IntercomOptions } from './options.ts'
import { deadBy, outcomeOf, stored, type Outcome } from './outcomes.ts'

/** Ids of contacts live as long as the contacts; a stale one is noticed by its 404 and looked up anew. */
const idTtlMs = 30 * 86_400_000
const maxHops = 3

/** Where a person is at Intercom. */
export type Found =
  | {
      readonly kind: 'found'
      readonly id: string
      /** From the cache: may have gone since. */
      readonly cached: boolean
      /** A lead, or a user without an external id, that was found by e-mail address: takes the external id on. */
      readonly unclaimed?: true
      /** A lead made just now by a request whose first answer was lost: there may be two. */
      readonly maybeTwice?: true
    }
  | { readonly kind: 'none' }
  /** The look-up itself came to nothing, or the person is not to be told apart. */
  | { readonly kind: 'stopped'; readonly outcome: Outcome }

/** Fields to write to one person. */
export interface ContactChange {
  readonly who: Identity
  readonly fields: Readonly<Record<string, unknown>>
  readonly custom: Readonly<Record<string, unknown>>
}
export interface Contacts {
  find(who: Identity, session: Session, ability: Ability): Promise<Found>
  /** Updates, or creates where nobody is. */
  write(change: ContactChange, session: Session, ability: Ability): Promise<Outcome>
  /** As `find`, and creates where nobody is, if the account wants that. */
  findOrCreate(who: Identity, session: Session, ability: Ability): Promise<Found>
  /** Creates without looking first, for one that Intercom has just called unknown. */
  create(who: Identity, session: Session, ability: Ability): Promise<Found>
  /** The id turned out to be stale. */
  forget(who: Identity, session: Session): Promise<void>
  remember(who: Identity, id: string, session: Session): Promise<void>
}
interface Context {
  readonly options: IntercomOptions
  readonly client: IntercomClient
  readonly session: Session
  readonly ability: Ability
}

const statusOf = (result: HttpResult): number =>
  result.kind === 'refused' ? (result.answer?.status ?? 0) : result.kind === 'ok' ? 200 : 0

/**
 * The ladder to a contact's Intercom id: given or cached id → external id → (only where addresses identify) search by
 * e-mail. Written ids go into the cache.
 */
export function createContacts(options: IntercomOptions, client: IntercomClient): Contacts {
  const at = (session: Session, ability: Ability): Context => ({ options, client, session, ability })
  const contacts: Contacts = {
    find: (who, session, ability) => findContact(at(session, ability), who),
    write: (change, session, ability) => writeContact(at(session, ability), change),
    create: (who, session, ability) => createMissing(at(session, ability), who),
    forget: (who, session) => remember(at(session, 'profile'), who, ''),
    remember: (who, id, session) => remember(at(session, 'profile'), who, id),
    async findOrCreate(who, session, ability) {
      const context = at(session, ability)
      const found = await findContact(context, who)
      return found.kind === 'none' && options.createMissingContacts !== false
        ? createMissing(context, who)
        : found
    },
  }
  return contacts
}

/** Cache key of a person; undefined for one who is known by Intercom id or address only. */
function keyOf({ client }: Context, who: Identity): string | undefined {
  if (who.userId !== undefined) return client.cacheKey('contact', who.userId)
  return who.anonymousId === undefined ? undefined : client.cacheKey('lead', who.anonymousId)
}
async function remember(context: Context, who: Identity, id: string): Promise<void> {
  const key = keyOf(context, who)
  if (key === undefined || context.session.dryRun) return
  await context.session.cache.set(new Map([[key, id]]), idTtlMs)
}
const lookUp = ({ ability }: Context): Ask => ({ purpose: 'lookup', repeat: 'read', ability })
const change = ({ ability }: Context, repeat: 'natural' | 'doubles' = 'natural'): Ask => ({
  purpose: 'write',
  repeat,
  ability,
})

async function findContact(context: Context, who: Identity, fresh = false): Promise<Found> {
  const { options, session, ability } = context
  const halt = session.halted()
  if (halt && (halt.what === 'connector' || halt.what === ability))
    return { kind: 'stopped', outcome: { status: 'retry', fault: halt.fault } }
  const given = who.vendorIds?.['intercom']
  if (given !== undefined) return { kind: 'found', id: given, cached: false }
  const key = keyOf(context, who)
  const cached = key === undefined || fresh ? undefined : (await session.cache.get([key])).get(key)
  if (cached) return { kind: 'found', id: cached, cached: true }
  const byId: Found = who.userId === undefined ? { kind: 'none' } : await findByExternalId(context, who)
  if (byId.kind !== 'none') return byId
  return options.emailIdentifies && who.email !== undefined ? findByEmail(context, who) : byId
}

async function findByExternalId(context: Context, who: Identity): Promise<Found> {
  const { client, session } = context
  const result = await client.call(
    session,
    'GET /contacts/find_by_external_id/{external_id}',
    lookUp(context),
    (sdk) => sdk.contacts.showContactByExternalId({ external_id: who.userId ?? '' }),
  )
  return readFound(context, who, result)
}

async function readFound(context: Context, who: Identity, result: HttpResult, hop = 0): Promise<Found> {
  if (result.kind === 'ok') {
    const { id } = contactOf(result.answer)
    await remember(context, who, id)
    return { kind: 'found', id, cached: false }
  }
  const status = statusOf(result)
  if (status === 410 && result.kind === 'refused' && hop < maxHops) {
    const next = canonicalId(result.answer)
    if (next !== undefined) {
      const followed = await getContact(context, next)
      return readFound(context, who, followed, hop + 1)
    }
  }
  if (status === 404 || status === 410) return { kind: 'none' }
  return { kind: 'stopped', outcome: outcomeOf(result) }
}
const getContact = (context: Context, id: string): Promise<HttpResult> =>
  context.client.call(context.session, 'GET /contacts/{contact_id}', lookUp(context), (sdk) =>
    sdk.contacts.find({ contact_id: id }),
  )

/** `Link: </contacts/{id}>; rel="canonical"`, where a merged contact lives on. */
export function canonicalId(answer: Answer | undefined): string | undefined {
  const link = answer?.headers.get('link') ?? ''
  return /<[^>]*\/contacts\/([^/>?]+)[^>]*>;\s*rel="?canonical"?/.exec(link)?.[1]
}

/** A contact as Intercom answers it; only what the ladder needs. */
export interface ContactAnswer {
  readonly id: string
  readonly role?: string
  readonly external_id?: string | null
}
export const contactOf = (answer: Answer): ContactAnswer => answer.json() as ContactAnswer

/** Search lags behind by minutes: that it finds nobody is no proof. Several are ambiguous, never "the first". */
async function findByEmail(context: Context, who: Identity): Promise<Found> {
  const { client, session } = context
  const value = who.email ?? ''
  const body = JSON.stringify({
    query: { field: 'email', operator: '=', value },
    pagination: { per_page: 50 },
  })
  const result = await session.request(client.request('POST /contacts/search', { ...lookUp(context), body }))
  if (result.kind !== 'ok') return { kind: 'stopped', outcome: outcomeOf(result) }
  const { data } = result.answer.json() as { readonly data: readonly ContactAnswer[] }
  const isFree = ({ role, external_id: id }: ContactAnswer): boolean =>
    role === 'lead' || id === null || id === undefined
  const fitting = data.filter(
    (contact) => isFree(contact) || who.userId === undefined || contact.external_id === who.userId,
  )
  const users = fitting.filter(({ role }) => role === 'user')
  const [hit, ...others] = users.length > 0 ? users : fitting
  if (!hit) return { kind: 'none' }
  if (others.length > 0) {
    const message = `${fitting.length} contacts share the e-mail address: give the item a userId, or merge them in Intercom`
    return { kind: 'stopped', outcome: deadBy('conflict', message, 'who.email') }
  }
  if (who.userId === undefined || !isFree(hit)) {
    await remember(context, who, hit.id)
    return { kind: 'found', id: hit.id, cached: false }
  }
  // What search shows is minutes old: somebody else may have claimed the contact since.
  const now = await getContact(context, hit.id)
  if (now.kind !== 'ok') return { kind: 'none' }
  return isFree(contactOf(now.answer))
    ? { kind: 'found', id: hit.id, cached: false, unclaimed: true }
    : { kind: 'none' }
}

async function writeContact(context: Context, given: ContactChange): Promise<Outcome> {
  const found = await findContact(context, given.who)
  if (found.kind === 'stopped') return found.outcome
  return found.kind === 'found' ? updateContact(context, given, found) : createContact(context, given)
}

/** What a contact is called by; only for a contact that is not called so yet. */
const claimOf = ({ userId, email }: Identity): Readonly<Record<string, unknown>> =>
  userId === undefined ? { role: 'user', email } : { role: 'user', external_id: userId }

async function updateContact(
  context: Context,
  given: ContactChange,
  found: Extract<Found, { kind: 'found' }>,
  hop = 0,
): Promise<Outcome> {
  const { client, session } = context
  const { who, fields, custom } = given
  const body = {
    ...(found.unclaimed && claimOf(who)),
    ...fields,
    ...(Object.keys(custom).length > 0 && { custom_attributes: custom }),
  }
  const result = await client.call(session, 'PUT /contacts/{contact_id}', change(context), (sdk) =>
    sdk.contacts.update({ contact_id: found.id, ...body }),
  )
  if (result.kind === 'ok') {
    await remember(context, who, found.id)
    return stored(found.id)
  }
  const status = statusOf(result)
  if (status === 404 && found.cached) {
    await remember(context, who, '')
    const again = await findContact(context, who, true)
    if (again.kind === 'stopped') return again.outcome
    return again.kind === 'found' ? updateContact(context, given, again) : createContact(context, given)
  }
  if (status === 410 && result.kind === 'refused' && hop < maxHops) {
    const id = canonicalId(result.answer)
    if (id !== undefined) return updateContact(context, given, { kind: 'found', id, cached: false }, hop + 1)
  }
  return status === 409 ? takenBy(result) : outcomeOf(result)
}
const takenBy = (result: HttpResult): Outcome => {
  const said = result.kind === 'refused' ? result.fault.message : ''
  return deadBy(
    'conflict',
    `another contact holds the e-mail address or id (${said}): two people are never merged`,
  )
}

/** Leads never conflict, and Intercom makes their external id: a repeat makes another one. */
function isLead({ options }: Context, who: Identity): boolean {
  return who.userId === undefined && who.anonymousId !== undefined && options.anonymousPeople === 'lead'
}

async function createContact(context: Context, given: ContactChange): Promise<Outcome> {
  const { client, session } = context
  const { who, fields, custom } = given
  const lead = isLead(context, who)
  const body = {
    ...(lead ? { role: 'lead' } : claimOf(who)),
    ...withoutNull(fields),
    ...(Object.keys(custom).length > 0 && { custom_attributes: withoutNull(custom) }),
  }
  const result = await client.call(
    session,
    'POST /contacts',
    change(context, lead ? 'doubles' : 'natural'),
    (sdk) => sdk.contacts.create(body as Parameters<typeof sdk.contacts.create>[0]),
  )
  if (result.kind === 'ok') {
    const { id } = contactOf(result.answer)
    await remember(context, who, id)
    return stored(id, result.maybeTwice)
  }
  return statusOf(result) === 409 ? resolveConflict(context, given, result) : outcomeOf(result)
}
const withoutNull = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))

/** `A contact matching those details already exists with id=…`, also for archived and deleted ones. */
async function resolveConflict(context: Context, given: ContactChange, result: HttpResult): Promise<Outcome> {
  const said = result.kind === 'refused' ? result.fault.message : ''
  const id = /\bid=([0-9a-f]{24})\b/.exec(said)?.[1] ?? /\bid=(\S+)/.exec(said)?.[1]
  if (id === undefined) return takenBy(result)
  if (/^an archived/i.test(said)) return reviveTwin(context, given, id)
  // Without an address it can only be the external id that met; with one it may be somebody else's contact.
  const byId = given.who.userId !== undefined && given.fields['email'] === undefined
  const found: Extract<Found, { kind: 'found' }> = { kind: 'found', id, cached: false }
  if (byId) return updateContact(context, given, found)
  const twin = await getContact(context, id)
  if (twin.kind !== 'ok') return outcomeOf(twin)
  const { external_id: externalId } = contactOf(twin.answer)
  if (externalId === given.who.userId && externalId !== undefined) return updateContact(context, given, found)
  const isFree = externalId === null || externalId === undefined
  if (isFree && context.options.emailIdentifies === true)
    return updateContact(context, given, { ...found, unclaimed: true })
  return given.who.userId === undefined && context.options.emailIdentifies === true
    ? updateContact(context, given, found)
    : takenBy(result)
}

/** An address in the request may have met somebody else's archived contact: without it the twin is our own. */
async function reviveTwin(context: Context, given: ContactChange, id: string): Promise<Outcome> {
  const { email, ...fields } = given.fields
  if (email === undefined || given.who.userId === undefined || context.options.reviveArchived !== true)
    return reviveContact(context, given, id)
  const outcome = await createContact(context, { ...given, fields })
  return outcome.status === 'sent' && outcome.vendorId !== undefined
    ? updateContact(context, given, { kind: 'found', id: outcome.vendorId, cached: false })
    : outcome
}

/** Archived or deleted: the identifiers stay reserved. A sync never revives unless the account says so. */
async function reviveContact(context: Context, given: ContactChange, id: string): Promise<Outcome> {
  const { client, session, options } = context
  if (options.reviveArchived !== true)
    return deadBy(
      'conflict',
      `contact ${id} with the same ids is archived or deleted: bring it back in Intercom, or set reviveArchived`,
    )
  const result = await client.call(session, 'POST /contacts/{contact_id}/unarchive', change(context), (sdk) =>
    sdk.contacts.unarchive({ contact_id: id }),
  )
  if (result.kind === 'ok') return updateContact(context, given, { kind: 'found', id, cached: false })
  if (result.kind !== 'refused') return outcomeOf(result)
  const message = `contact ${id} with the same ids is being deleted for good and cannot be brought back (${result.fault.message})`
  return { status: 'dead', fault: { ...result.fault, code: 'conflict', message } }
}

async function createMissing(context: Context, who: Identity): Promise<Found> {
  if (who.userId === undefined && who.email === undefined && !isLead(context, who)) return { kind: 'none' }
  const outcome = await createContact(context, { who, fields: {}, custom: {} })
  return outcome.status === 'sent' && outcome.vendorId !== undefined
    ? {
        kind: 'found',
        id: outcome.vendorId,
        cached: false,
        ...(outcome.maybeTwice && { maybeTwice: true }),
      }
    : { kind: 'stopped', outcome }
}
