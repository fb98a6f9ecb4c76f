import { createCursorCodec, paginate, type HttpResult, type Session } from '@tripline/kit'
import {
  TriplineError,
  type Call,
  type Connector,
  type EnsuredSegment,
  type Fault,
  type ListedSegment,
  type Member,
  type Page,
} from '@tripline/model'
import type { SegmentClient } from './client.ts'
import { maxOf } from './limits.ts'
import { audienceQuery, segmentTrait } from './mapping/segments.ts'
import type { SegmentOptions } from './options.ts'
import { failed, isFeatureOff, readList, type Rows } from './public-api.ts'
import { readEach } from './read-profiles.ts'

interface ListState {
  readonly part: 'audiences' | 'traits'
  readonly cursor?: string
}
const codec = createCursorCodec<ListState>('segment', 'segments-1')

/** Audiences are read; what we write is a boolean trait, and an audience on it where the workspace has audiences. */
export function createSegments(options: SegmentOptions, client: SegmentClient): Connector['segments'] {
  return {
    list: (call) => listSegments(client, call),
    ensure: (name, call) => ensureSegment(options, client, name, call),
    async *members(segment, query, call): AsyncGenerator<Page<Member>, void, undefined> {
      if (query.mode !== 'ids')
        throw new TriplineError('segment', {
          code: 'unsupported',
          message:
            'Segment lists no members: ask for given ids, or take them from a webhook destination or Profiles Sync',
        })
      if (segment.form !== 'attribute' && segment.form !== 'audience')
        throw new TriplineError('segment', {
          code: 'unsupported',
          message: `Segment has audiences and traits (form attribute), no ${segment.form}`,
        })
      yield* readEach(options, client, query.who, [segment.id], call, (found, who): Member | undefined => {
        const trait = found.kind === 'found' ? found.traits[segment.id] : undefined
        // An absent trait was never evaluated: that says nothing about membership.
        if (typeof trait?.value !== 'boolean') return undefined
        const since = trait.value && typeof trait.updated_at === 'string' ? { since: trait.updated_at } : {}
        return { who, member: trait.value, ...since }
      })
    },
  }
}

/** Audiences first, then boolean traits. A part that the workspace does not have is left out, but not both. */
async function* listSegments(
  client: SegmentClient,
  call: Call | undefined,
): AsyncGenerator<Page<ListedSegment>, void, undefined> {
  const session = client.transport.session(call)
  const parameters = { spaceId: client.spaceId() }
  let noAudiences: Fault | undefined
  const readPage = async ({ part, cursor }: ListState) => {
    if (part === 'audiences') {
      const count = maxOf('audiences.page')
      const endpoint = 'GET /spaces/{spaceId}/audiences'
      const page = await readList(client, session, endpoint, 'audiences', { parameters, count, cursor })
      if (page.kind === 'off') noAudiences = page.fault
      const next = page.kind === 'page' && page.next !== undefined ? page.next : undefined
      const state: ListState = next === undefined ? { part: 'traits' } : { part, cursor: next }
      return { items: page.kind === 'page' ? page.rows.map(audienceOf) : [], next: state }
    }
    const endpoint = 'GET /spaces/{spaceId}/traits'
    const query = { collection: 'users' }
    const page = await readList(client, session, endpoint, 'traits', { parameters, query, cursor })
    if (page.kind === 'off') {
      if (noAudiences) throw failed('GET /spaces/{spaceId}/audiences', noAudiences)
      return { items: [], next: undefined }
    }
    const next: ListState | undefined = page.next === undefined ? undefined : { part, cursor: page.next }
    return { items: page.rows.flatMap(booleanTraitOf), next }
  }
  try {
    yield* paginate<ListedSegment, ListState>({ part: 'audiences' }, readPage, {
      codec,
      signal: session.signal,
    })
  } finally {
    session.close()
  }
}

/** The id is the audience's key, which never changes: under it members carry true or false. */
function audienceOf(row: Rows[number]): ListedSegment {
  const { count } = (row['size'] ?? {}) as { readonly count?: unknown }
  return {
    form: 'audience',
    id: String(row['key']),
    name: String(row['name']),
    ...(typeof count === 'number' && { size: count }),
    writable: false,
  }
}
function booleanTraitOf(row: Rows[number]): readonly ListedSegment[] {
  const { trait, type } = row
  if (typeof trait !== 'string' || !String(type).toLowerCase().startsWith('bool')) return []
  return [{ form: 'attribute', id: trait, name: trait, writable: true }]
}

async function ensureSegment(
  options: SegmentOptions,
  client: SegmentClient,
  name: string,
  call: Call | undefined,
): Promise<EnsuredSegment> {
  const trait = segmentTrait(name)
  const segment = { form: 'attribute', id: trait, name } as const
  const byHand = `In Segment, make the audience "${name}" with the condition: ${audienceQuery(trait)}`
  if (options.audiences === false || options.spaceId === undefined)
    return { segment, created: false, manual: [byHand] }
  const session = client.transport.session(call, { onUnknown: 'report' })
  try {
    const made = await ensureAudience(client, session, name, trait)
    switch (made.kind) {
      case 'exists':
        return { segment, created: false, manual: [] }
      case 'created':
        return { segment, created: !session.dryRun, manual: [] }
      case 'other':
        return { segment, created: false, manual: [`${byHand} (the one of this name says: ${made.query})`] }
      case 'off':
        return { segment, created: false, manual: [`${byHand} (no audiences by API: ${made.fault.message})`] }
    }
  } finally {
    session.close()
  }
}

type EnsuredAudience =
  | { readonly kind: 'exists' | 'created' }
  /** One of this name stands on something else. */
  | { readonly kind: 'other'; readonly query: string }
  | { readonly kind: 'off'; readonly fault: Fault }

const audiences = 'POST /spaces/{spaceId}/audiences'
/** How often it is looked up again after an answer was lost: making one twice would make two. */
const maxTries = 3

async function ensureAudience(
  client: SegmentClient,
  session: Session,
  name: string,
  trait: string,
): Promise<EnsuredAudience> {
  let lost: Fault | undefined
  for (let attempt = 1; attempt <= maxTries; attempt++) {
    const known = await findAudience(client, session, name, trait)
    if (known) return lost && known.kind === 'exists' ? { kind: 'created' } : known
    const result = await createAudience(client, session, name, trait)
    if (result.kind === 'ok') return { kind: 'created' }
    if (await isFeatureOff(client, session, result.fault)) return { kind: 'off', fault: result.fault }
    if (result.kind !== 'unknown') throw failed(audiences, result.fault)
    lost = result.fault
  }
  throw failed(audiences, lost ?? { code: 'unavailable', message: 'no answer' })
}

async function findAudience(
  client: SegmentClient,
  session: Session,
  name: string,
  trait: string,
): Promise<EnsuredAudience | undefined> {
  const parameters = { spaceId: client.spaceId() }
  const query = { 'search[type]': 'NAME', 'search[query]': name }
  let cursor: string | undefined
  do {
    const page = await readList(client, session, 'GET /spaces/{spaceId}/audiences', 'audiences', {
      parameters,
      query,
      count: maxOf('audiences.page'),
      cursor,
    })
    if (page.kind === 'off') return { kind: 'off', fault: page.fault }
    const same = page.rows.find((row) => row['name'] === name)
    if (same) {
      const { query: definition } = (same['definition'] ?? {}) as { readonly query?: unknown }
      const isOurs = definition === audienceQuery(trait) || definition === audienceQuery(trait, true)
      return isOurs ? { kind: 'exists' } : { kind: 'other', query: String(definition) }
    }
    cursor = page.next
  } while (cursor !== undefined)
  return undefined
}

/** Whether a boolean is compared with `true` or with `'true'` is not settled in the documents: the second is tried after the first. */
async function createAudience(
  client: SegmentClient,
  session: Session,
  name: string,
  trait: string,
): Promise<HttpResult> {
  const create = (quoted: boolean): Promise<HttpResult> =>
    session.request(
      client.request(audiences, {
        purpose: 'schema',
        repeat: 'doubles',
        parameters: { spaceId: client.spaceId() },
        body: JSON.stringify({
          name,
          description: `Members have the trait ${trait}, which Tripline writes.`,
          enabled: true,
          audienceType: 'USERS',
          definition: { query: audienceQuery(trait, quoted) },
        }),
      }),
    )
  const result = await create(false)
  const isQueryRefused =
    result.kind === 'refused' && result.fault.status === 422 && /quer|definition/i.test(result.fault.message)
  return isQueryRefused ? create(true) : result
}
