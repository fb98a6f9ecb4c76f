import { paginate, type Session } from '@tripline/kit'
import {
  TriplineError,
  type Call,
  type Identity,
  type Page,
  type ProfileRow,
  type Query,
} from '@tripline/model'
import type { SegmentClient, SegmentEndpoint } from './client.ts'
import { isMissingProfile } from './errors.ts'
import { maxOf } from './limits.ts'
import { isWellFormed } from './mapping/identifier.ts'
import { createProfileMapper, type VerboseTrait } from './mapping/profiles.ts'
import type { SegmentOptions } from './options.ts'

const traitsEndpoint = 'GET /v1/spaces/{spaceId}/collections/{collection}/profiles/{id}/traits'
/** Profiles of one page; read side by side as far as the limits allow. */
const pageSize = 100
/** A longer list of names is not sent: all traits are read instead, page by page. */
const maxIncludeChars = 1_500

export function createReadProfiles(
  options: SegmentOptions,
  client: SegmentClient,
): (query: Query, call?: Call) => AsyncIterable<Page<ProfileRow>> {
  const profiles = createProfileMapper(options)
  return async function* (query, call) {
    if (query.mode !== 'ids')
      throw new TriplineError('segment', {
        code: 'unsupported',
        message:
          'Segment reads profiles by id only; for all of them, or by time of change, use Profiles Sync into a warehouse',
      })
    const { fields } = query
    const names = fields.map((field) => profiles.vendorName(field))
    yield* readEach(options, client, query.who, names, call, (found, who): ProfileRow => {
      if (found.kind !== 'found') return { kind: found.kind, who }
      return { kind: 'profile', who, ...profiles.fromTraits(found.traits, fields) }
    })
  }
}

/** What a look-up of one person gave. `ambiguous`: Segment cannot tell this id from another one that was asked for. */
export type Found =
  | { readonly kind: 'found'; readonly traits: Readonly<Record<string, VerboseTrait>> }
  | { readonly kind: 'missing' | 'ambiguous' }

/**
 * Pages of what `toRow` makes of each person, in the order asked; undefined leaves one out.
 * @param names traits to read; none: only whether there is such a profile
 */
export async function* readEach<Row>(
  options: SegmentOptions,
  client: SegmentClient,
  who: readonly Identity[],
  names: readonly string[],
  call: Call | undefined,
  toRow: (found: Found, who: Identity) => Row | undefined,
): AsyncGenerator<Page<Row>, void, undefined> {
  const session = client.transport.session(call)
  try {
    const lookUp = createLookUp(options, client, session, who, names)
    yield* paginate<Row, number>(
      0,
      async (from) => {
        const part = who.slice(from, from + pageSize)
        const found = await Promise.all(part.map((one) => lookUp(one)))
        const items = part.flatMap((one, index) => toRow(found[index] ?? { kind: 'missing' }, one) ?? [])
        return { items, next: from + pageSize < who.length ? from + pageSize : undefined }
      },
      { signal: session.signal },
    )
  } finally {
    session.close()
  }
}

function createLookUp(
  options: SegmentOptions,
  client: SegmentClient,
  session: Session,
  who: readonly Identity[],
  names: readonly string[],
): (who: Identity) => Promise<Found> {
  const spaceId = client.spaceId()
  const twins = idsDifferingInCase(who)
  return async (one) => {
    if (identifiersOf(one, options).some((identifier) => twins.has(fold(identifier))))
      return { kind: 'ambiguous' }
    for (const identifier of identifiersOf(one, options)) {
      const traits = await readTraits(client, session, spaceId, encodeIdentifier(identifier), names)
      if (traits) return { kind: 'found', traits }
    }
    return { kind: 'missing' }
  }
}

/** `type:value`, or Segment's own id: vendor id → userId → anonymousId → e-mail, where that identifies. */
function identifiersOf(
  { vendorIds, userId, anonymousId, email }: Identity,
  options: SegmentOptions,
): string[] {
  const found: string[] = []
  const own = vendorIds?.['segment']
  if (own) found.push(own)
  if (userId) found.push(`user_id:${userId}`)
  if (anonymousId) found.push(`anonymous_id:${anonymousId}`)
  if (email && options.emailIdentifies) found.push(`email:${email.trim()}`)
  return found.filter(isWellFormed)
}
/** Unify keeps identifiers in lower case, and looks them up only so. https://segment.com/docs/unify/profile-api/ */
const fold = (identifier: string): string =>
  identifier.includes(':') ? identifier.toLowerCase() : identifier

/** Everything that is no letter, digit or `-._~` is escaped: a bare `+` is read as a space, odd characters answer 500. */
function encodeIdentifier(identifier: string): string {
  const folded = fold(identifier)
  const colon = folded.indexOf(':')
  const escaped = encodeURIComponent(folded.slice(colon + 1)).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return folded.slice(0, colon + 1) + escaped
}

/** Folded userIds and anonymousIds that were asked for in more than one spelling. */
function idsDifferingInCase(who: readonly Identity[]): ReadonlySet<string> {
  const spellings = new Map<string, string>()
  const twins = new Set<string>()
  for (const one of who)
    for (const identifier of identifiersOf(one, {})) {
      const folded = fold(identifier)
      const other = spellings.get(folded)
      if (other === undefined) spellings.set(folded, identifier)
      else if (other !== identifier) twins.add(folded)
    }
  return twins
}

/** The traits of one profile, page by page; undefined when there is no such profile. */
async function readTraits(
  client: SegmentClient,
  session: Session,
  spaceId: string,
  id: string,
  names: readonly string[],
): Promise<Readonly<Record<string, VerboseTrait>> | undefined> {
  const traits: Record<string, VerboseTrait> = {}
  const include = names.join(',')
  const isListed =
    include !== '' && include.length <= maxIncludeChars && !names.some((name) => name.includes(','))
  const seen = new Set<string>()
  for (let next = ''; !seen.has(next);) {
    seen.add(next)
    const answer = await readProfilePage(client, session, traitsEndpoint, spaceId, id, {
      limit: String(names.length === 0 ? 1 : maxOf('traits.page')),
      verbose: 'true',
      ...(isListed && { include }),
      ...(next !== '' && { next }),
    })
    if (!answer) return undefined
    const page = answer as {
      readonly traits?: Readonly<Record<string, VerboseTrait>>
      readonly cursor?: { readonly has_more?: unknown; readonly next?: unknown }
    }
    Object.assign(traits, page.traits)
    const { has_more: hasMore, next: following } = page.cursor ?? {}
    if (names.length === 0 || hasMore !== true || typeof following !== 'string' || following === '') break
    next = following
  }
  return traits
}

/** One page of a profile's resource; undefined when there is no such profile. */
async function readProfilePage(
  client: SegmentClient,
  session: Session,
  endpoint: SegmentEndpoint,
  spaceId: string,
  id: string,
  query: Readonly<Record<string, string>>,
): Promise<unknown> {
  const parameters = { spaceId, collection: 'users', id }
  const request = client.request(endpoint, { purpose: 'lookup', repeat: 'read', parameters, query })
  const result = await session.request(request)
  if (result.kind === 'ok') return result.answer.json()
  if (result.kind === 'refused' && isMissingProfile(result.fault)) return undefined
  throw new TriplineError('segment', {
    ...result.fault,
    message: `${endpoint}: ${result.fault.message}`,
  })
}
