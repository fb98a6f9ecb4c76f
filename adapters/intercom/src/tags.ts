import type { HttpResult, Operation, Session } from '@tripline/kit'
import type { Ability, Identity } from '@tripline/model'
import type { Ask, IntercomClient } from './client.ts'
import type { Contacts, Found } from './contacts.ts'
import { errorOf } from './errors.ts'
import { inParallel } from './in-parallel.ts'
import { maxOf } from './limits.ts'
import { asSureAs, notFound, outcomeOf, sentNothing, sentOne, stored, type Outcome } from './outcomes.ts'

export interface Tagging {
  readonly who: Identity
  /** Tells people apart: two values of one person and tag are one. */
  readonly person: string
  readonly tagId: string
}
type Tagged = Extract<Found, { kind: 'found' }>
interface Context {
  readonly client: IntercomClient
  readonly contacts: Contacts
  readonly session: Session
  readonly ability: Ability
}

/** Look-ups of contacts under way at a time, for one request that tags many. */
const parallelLookUps = 10
/** A tag may be renamed in the UI, and tagging many goes by name: names are kept for a minute only. */
const namesTtlMs = 60_000

/** Puts a tag on: one person by id, several by one `POST /tags`, which goes by the tag's name. */
export function createTagOperation(
  client: IntercomClient,
  contacts: Contacts,
  ability: Ability,
): Operation<Tagging> {
  return {
    endpoint: 'POST /tags',
    ability,
    repeat: 'natural',
    maxItems: maxOf('tags.items'),
    maxBytes: Infinity,
    frameBytes: 0,
    parallel: 4,
    groupOf: ({ tagId }) => tagId,
    foldOf: ({ tagId, person }) => `${tagId}\n${person}`,
    fold: (_earlier, later) => later,
    encode: ({ person }) => JSON.stringify(person),
    async send({ values }, session) {
      const context = { client, contacts, session, ability }
      const found = await inParallel(values, parallelLookUps, ({ who }) =>
        contacts.findOrCreate(who, session, ability),
      )
      const outcomes = await tagFound(context, values, found)
      const now = new Date(session.clock.now()).toISOString()
      const sure = outcomes.map((outcome, index) => {
        const each = found[index]
        return each?.kind === 'found' ? asSureAs(each, outcome) : outcome
      })
      return { kind: 'verdicts', verdicts: sure.map((outcome) => ({ outcome: endRetry(outcome, now) })) }
    },
  }
}

/** A retry without a time would be sent again in this call, though its request has just had all its tries. */
const endRetry = (outcome: Outcome, now: string): Outcome =>
  outcome.status === 'retry' ? { notBefore: now, ...outcome } : outcome

async function tagFound(
  context: Context,
  values: readonly Tagging[],
  found: readonly Found[],
): Promise<readonly Outcome[]> {
  const tagId = values[0]?.tagId ?? ''
  const ids = found.flatMap((each) => (each.kind === 'found' ? each.id : []))
  const many = ids.length > 1 ? await tagMany(context, tagId, ids) : { tagged: new Set<string>() }
  return inParallel(values, parallelLookUps, async (value, index): Promise<Outcome> => {
    const each = found[index]
    if (!each || each.kind === 'none') return notFound('no such contact at Intercom')
    if (each.kind === 'stopped') return each.outcome
    if ('outcome' in many) return many.outcome
    return many.tagged.has(each.id) ? stored(each.id) : tagOne(context, value, each)
  })
}

/**
 * Who got the tag. Versions before 2.16 do not tell (and refuse the whole call for one unknown contact), and leads may be
 * left out: who is not named is tagged alone.
 */
async function tagMany(
  context: Context,
  tagId: string,
  ids: readonly string[],
): Promise<{ readonly tagged: ReadonlySet<string> } | { readonly outcome: Outcome }> {
  const { client, session, ability } = context
  const name = await nameOf(context, tagId)
  if (name === undefined) return { tagged: new Set() }
  const result = await client.call(
    session,
    'POST /tags',
    { purpose: 'write', repeat: 'natural', ability },
    (sdk) => sdk.tags.create({ name, users: [...new Set(ids)].map((id) => ({ id })) }),
  )
  if (result.kind === 'refused') return { tagged: new Set() }
  if (result.kind !== 'ok') return { outcome: outcomeOf(result) }
  const body = result.answer.json() as {
    readonly id: string | number
    readonly users?: readonly { readonly id?: unknown; readonly tagged?: unknown }[]
  }
  if (session.dryRun) return { tagged: new Set(ids) }
  if (String(body.id) !== tagId) {
    // Renamed in the meantime: another tag has got them. Its name is asked for anew, and each person tagged by id.
    await session.cache.set(new Map([[client.cacheKey('tag', tagId), '']]), namesTtlMs)
    return { tagged: new Set() }
  }
  return {
    tagged: new Set((body.users ?? []).filter(({ tagged }) => tagged === true).map(({ id }) => String(id))),
  }
}

async function nameOf({ client, session, ability }: Context, tagId: string): Promise<string | undefined> {
  const key = client.cacheKey('tag', tagId)
  const kept = (await session.cache.get([key])).get(key)
  if (kept) return kept
  const result = await client.call(
    session,
    'GET /tags',
    { purpose: 'lookup', repeat: 'read', ability },
    (sdk) => sdk.tags.list(),
  )
  if (result.kind !== 'ok' || session.dryRun) return undefined
  const { data } = result.answer.json() as { readonly data: readonly { id: string | number; name: string }[] }
  const names = new Map(data.map(({ id, name }) => [client.cacheKey('tag', String(id)), name]))
  await session.cache.set(names, namesTtlMs)
  return names.get(key)
}

/** Takes a tag off, one person a call: Intercom has no other way. */
export function createUntagOperation(
  client: IntercomClient,
  contacts: Contacts,
  ability: Ability,
): Operation<Tagging> {
  return {
    endpoint: 'DELETE /contacts/{contact_id}/tags/{tag_id}',
    ability,
    repeat: 'natural',
    maxItems: 1,
    maxBytes: Infinity,
    frameBytes: 0,
    parallel: 16,
    foldOf: ({ tagId, person }) => `${tagId}\n${person}`,
    fold: (_earlier, later) => later,
    encode: ({ person }) => JSON.stringify(person),
    async send({ values: [value] }, session) {
      if (!value) return sentNothing
      const found = await contacts.find(value.who, session, ability)
      const outcome =
        found.kind === 'found'
          ? await untagOne({ client, contacts, session, ability }, value, found)
          : found.kind === 'stopped'
            ? found.outcome
            : noContact
      return sentOne(outcome)
    },
  }
}
const noContact: Outcome = { status: 'skipped', because: 'unchanged', detail: 'no such contact at Intercom' }

const write = (ability: Ability): Ask => ({ purpose: 'write', repeat: 'natural', ability })
const isUserNotFound = (result: HttpResult): boolean =>
  result.kind === 'refused' &&
  result.answer?.status === 404 &&
  /user not found/i.test(errorOf(result.answer).message ?? '')

async function tagOne(context: Context, value: Tagging, found: Tagged): Promise<Outcome> {
  const { client, contacts, session, ability } = context
  const result = await client.call(session, 'POST /contacts/{contact_id}/tags', write(ability), (sdk) =>
    sdk.tags.tagContact({ contact_id: found.id, id: value.tagId }),
  )
  if (result.kind === 'ok') return stored(found.id)
  if (isUserNotFound(result)) {
    await contacts.forget(value.who, session)
    const again = found.cached ? await contacts.findOrCreate(value.who, session, ability) : undefined
    if (again?.kind === 'stopped') return again.outcome
    return again?.kind === 'found'
      ? tagOne(context, value, { ...again, cached: false })
      : notFound('no such contact')
  }
  return namingTag(outcomeOf(result))
}

async function untagOne(context: Context, value: Tagging, found: Tagged): Promise<Outcome> {
  const { client, contacts, session, ability } = context
  const result = await client.call(
    session,
    'DELETE /contacts/{contact_id}/tags/{tag_id}',
    write(ability),
    (sdk) => sdk.tags.untagContact({ contact_id: found.id, tag_id: value.tagId }),
  )
  if (result.kind === 'ok') return stored(found.id)
  if (isUserNotFound(result)) {
    await contacts.forget(value.who, session)
    const again: Found = found.cached ? await contacts.find(value.who, session, ability) : { kind: 'none' }
    if (again.kind === 'stopped') return again.outcome
    return again.kind === 'found' ? untagOne(context, value, { ...again, cached: false }) : noContact
  }
  // Not tagged (any more), e.g. by a try whose answer was lost: that is what was asked for.
  return result.kind === 'refused' && result.answer?.status === 404 ? stored(found.id) : outcomeOf(result)
}

function namingTag(outcome: Outcome): Outcome {
  if (outcome.status !== 'dead' || outcome.fault.code !== 'not-found') return outcome
  const message = 'Intercom has no such tag: make it with segments.ensure'
  return { ...outcome, fault: { ...outcome.fault, message, path: 'segment.id' } }
}
