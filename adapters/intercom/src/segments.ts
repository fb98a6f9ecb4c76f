import { createCursorCodec, paginate, type HttpResult, type Session } from '@tripline/kit'
import {
  TriplineError,
  type Call,
  type Connector,
  type EnsuredSegment,
  type Identity,
  type ListedSegment,
  type Member,
  type Page,
  type Query,
  type SegmentRef,
} from '@tripline/model'
import type { Ask, IntercomClient } from './client.ts'
import { inParallel } from './in-parallel.ts'
import { segmentTag } from './mapping/segments.ts'
import type { IntercomOptions } from './options.ts'
import { identityOf, lookUpContact, parallelReads } from './read-profiles.ts'
import { searchContacts } from './search.ts'

const codec = createCursorCodec<{ readonly after: string }>('intercom', 'members-1')
const idsPerPage = 100

interface Context {
  readonly client: IntercomClient
  readonly session: Session
  readonly options: IntercomOptions
}
interface ListedSegmentAnswer {
  readonly id: string
  readonly name: string
  readonly count?: unknown
}

/** Segments are read only, their rules hidden; what we write is a tag, on which a person builds a segment. */
export function createSegments(options: IntercomOptions, client: IntercomClient): Connector['segments'] {
  return {
    async *list(call?: Call): AsyncGenerator<Page<ListedSegment>, void, undefined> {
      const session = client.transport.session(call)
      try {
        yield { items: await listSegments({ client, session, options }), last: false }
        yield { items: await listTags({ client, session, options }), last: true }
      } finally {
        session.close()
      }
    },
    async ensure(name, call) {
      const session = client.transport.session(call)
      try {
        return await ensureTag({ client, session, options }, name)
      } finally {
        session.close()
      }
    },
    members: (segment, query, call) => readMembers(options, client, segment, query, call),
  }
}
const ask = (ability: Ask['ability'], purpose: Ask['purpose'] = 'lookup'): Ask => ({
  purpose,
  repeat: purpose === 'lookup' ? 'read' : 'natural',
  ability,
})
function bodyOf(result: HttpResult): unknown {
  if (result.kind === 'ok') return result.answer.json()
  throw new TriplineError('intercom', result.fault)
}

async function listSegments({ client, session }: Context): Promise<readonly ListedSegment[]> {
  const result = await client.call(session, 'GET /segments', ask('segments.list'), (sdk) =>
    sdk.segments.list({ include_count: true }),
  )
  const { segments } = bodyOf(result) as { readonly segments: readonly ListedSegmentAnswer[] }
  return segments.map(({ id, name, count }) => ({
    form: 'segment',
    id,
    name,
    writable: false,
    ...(typeof count === 'number' && { size: count }),
  }))
}
async function listTags({ client, session }: Context): Promise<readonly ListedSegment[]> {
  const result = await client.call(session, 'GET /tags', ask('segments.list'), (sdk) => sdk.tags.list())
  const { data } = bodyOf(result) as { readonly data: readonly { id: string | number; name: string }[] }
  return data.map(({ id, name }) => ({ form: 'tag', id: String(id), name, writable: true }))
}

async function ensureTag(context: Context, name: string): Promise<EnsuredSegment> {
  const { client, session } = context
  const tag = segmentTag(name)
  const manual = [
    `To use it in messages and Series, build a segment in Intercom with the rule "Tag is ${tag}", or use the tag in their audience rules.`,
  ]
  const tags = await listTags(context)
  const known = tags.find((each) => each.name?.toLowerCase() === tag.toLowerCase()) // case does not count
  if (known) return { segment: { form: 'tag', id: known.id, name }, created: false, manual }
  const result = await client.call(session, 'POST /tags', ask('segments.ensure', 'schema'), (sdk) =>
    sdk.tags.create({ name: tag }),
  )
  const { id } = bodyOf(result) as { readonly id: string | number }
  return { segment: { form: 'tag', id: String(id), name }, created: !session.dryRun, manual }
}

async function* readMembers(
  options: IntercomOptions,
  client: IntercomClient,
  segment: SegmentRef,
  query: Query,
  call: Call | undefined,
): AsyncGenerator<Page<Member>, void, undefined> {
  if ((segment.form !== 'segment' && segment.form !== 'tag') || query.mode === 'since') {
    const message =
      query.mode === 'since'
        ? 'Intercom does not tell who came or went since: read all members, and compare'
        : `Intercom has segments and tags, no ${segment.form}`
    throw new TriplineError('intercom', { code: 'unsupported', message })
  }
  const session = client.transport.session(call)
  try {
    const context: Context = { client, session, options }
    if (query.mode === 'ids') yield* membersByIds(context, segment, query.who)
    else yield* allMembers(context, segment, query)
  } finally {
    session.close()
  }
}

/** By search, whose index lags by minutes: who was tagged just now may be missing. */
async function* allMembers(
  { client, session }: Context,
  segment: SegmentRef,
  { resume }: Extract<Query, { mode: 'all' }>,
): AsyncGenerator<Page<Member>, void, undefined> {
  const search = { field: `${segment.form}_id`, operator: '=', value: segment.id } as const
  yield* paginate(
    resume ? codec.decode(resume) : { after: '' },
    async ({ after }) => {
      const at = { after: after === '' ? undefined : after, ability: 'members.all' } as const
      const { contacts, next } = await searchContacts(client, session, search, at)
      const items = contacts.map((contact): Member => ({ who: identityOf(contact), member: true }))
      return { items, next: next === undefined ? undefined : { after: next } }
    },
    { codec, signal: session.signal },
  )
}

async function* membersByIds(
  context: Context,
  segment: SegmentRef,
  who: readonly Identity[],
): AsyncGenerator<Page<Member>, void, undefined> {
  yield* paginate<Member, number>(
    0,
    async (from) => {
      const asked = who.slice(from, from + idsPerPage)
      const items = await inParallel(asked, parallelReads, (one) => memberOf(context, segment, one))
      return { items, next: from + idsPerPage < who.length ? from + idsPerPage : undefined }
    },
    { signal: context.session.signal },
  )
}

async function memberOf(context: Context, segment: SegmentRef, who: Identity): Promise<Member> {
  const { client, session } = context
  const looked = await lookUpContact(context, who)
  if (looked.kind !== 'contact') return { who, member: false }
  const contact_id = looked.contact.id
  const result =
    segment.form === 'tag'
      ? await client.call(session, 'GET /contacts/{contact_id}/tags', ask('members.ids'), (sdk) =>
          sdk.contacts.listAttachedTags({ contact_id }),
        )
      : await client.call(session, 'GET /contacts/{contact_id}/segments', ask('members.ids'), (sdk) =>
          sdk.contacts.listAttachedSegments({ contact_id }),
        )
  const { data } = bodyOf(result) as {
    readonly data: readonly { id: string | number; applied_at?: unknown }[]
  }
  const hit = data.find(({ id }) => String(id) === segment.id)
  const applied = hit?.applied_at
  return {
    who,
    member: hit !== undefined,
    ...(typeof applied === 'number' && { since: new Date(applied * 1_000).toISOString() }),
  }
}
