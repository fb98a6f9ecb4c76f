import { createCursorCodec, paginate, type Answer, type Session } from '@tripline/kit'
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
import { maxOf } from './limits.ts'
import { isFault, keyOf, targetOf } from './mapping/identifier.ts'
import { answerOf, askedProperties, identityOf, readRecords } from './profile-rows.ts'
import type { HubSpotTools } from './tools.ts'

const contactType = '0-1'
/** Requests for the lists of single people under way at a time. */
const parallelReads = 8
const listCodec = createCursorCodec<{ readonly offset: number }>('hubspot', 'lists-1')
const memberCodec = createCursorCodec<{ readonly after: string }>('hubspot', 'members-1')

interface RawList {
  readonly listId: string
  readonly name: string
  readonly processingType: string
  readonly size?: number
  readonly additionalProperties?: Readonly<Record<string, string>>
}
/** HubSpot decides who is on a DYNAMIC list; the members of the others are set. */
const isWritable = ({ processingType }: RawList): boolean => processingType !== 'DYNAMIC'

/** Lists of contacts. Ours are MANUAL. */
export function createSegments(tools: HubSpotTools): Connector['segments'] {
  return {
    async *list(call) {
      const session = tools.client.transport.session(call)
      try {
        yield* listLists(tools, session)
      } finally {
        session.close()
      }
    },
    async ensure(name, call) {
      const session = tools.client.transport.session(call)
      try {
        return await ensureList(tools, session, name)
      } finally {
        session.close()
      }
    },
    members: (segment, query, call) => readMembers(tools, segment, query, call),
  }
}

async function* listLists(
  { client }: HubSpotTools,
  session: Session,
): AsyncGenerator<Page<ListedSegment>, void, undefined> {
  const readPage = async ({ offset }: { readonly offset: number }) => {
    const body = JSON.stringify({
      objectTypeId: contactType,
      // Empty lists filter nothing, but HubSpot's description requires them.
      listIds: [],
      processingTypes: [],
      additionalProperties: ['hs_list_size'],
      offset,
      count: maxOf('listSearch.page'),
    })
    const answer = await session.read(
      client.request('POST /crm/lists/search', { purpose: 'lookup', repeat: 'read', body }),
    )
    const page = answer.json() as { lists?: readonly RawList[]; hasMore?: boolean; offset?: number }
    const items = (page.lists ?? []).map((list): ListedSegment => {
      const size = Number(list.additionalProperties?.['hs_list_size'] ?? Number.NaN)
      return {
        form: 'list',
        id: list.listId,
        name: list.name,
        writable: isWritable(list),
        ...(!Number.isNaN(size) && { size }),
      }
    })
    const next =
      page.hasMore && page.offset !== undefined && page.offset > offset ? { offset: page.offset } : undefined
    return { items, next }
  }
  yield* paginate({ offset: 0 }, readPage, { codec: listCodec, signal: session.signal })
}

/** Names are unique without regard to case, so a taken one is the list we want. */
async function ensureList({ client }: HubSpotTools, session: Session, name: string): Promise<EnsuredSegment> {
  const body = JSON.stringify({ name, objectTypeId: contactType, processingType: 'MANUAL' })
  const result = await session.request(
    client.request('POST /crm/lists', { purpose: 'schema', repeat: 'natural', body }),
  )
  if (result.kind === 'ok') {
    const list = listOf(result.answer)
    return session.dryRun ? ensured({ ...list, name }, false) : ensured(list, true)
  }
  const isTaken =
    result.kind === 'refused' &&
    (result.fault.code === 'conflict' || /DUPLICATE_LIST_NAMES/.test(result.fault.body ?? ''))
  if (!isTaken) throw new TriplineError('hubspot', result.fault)
  const answer = await session.read(
    client.request('GET /crm/lists/object-type-id/{objectTypeId}/name/{listName}', {
      purpose: 'schema',
      repeat: 'read',
      parameters: { objectTypeId: contactType, listName: name },
    }),
  )
  return ensured(listOf(answer), false)
}
const listOf = (answer: Answer): RawList => (answer.json() as { readonly list: RawList }).list
function ensured(list: RawList, created: boolean): EnsuredSegment {
  const dynamic = `In HubSpot, the list "${list.name}" is DYNAMIC: rename it, or choose another name. Nobody but HubSpot decides who is on it.`
  return {
    segment: { form: 'list', id: list.listId, name: list.name },
    created,
    manual: isWritable(list) ? [] : [dynamic],
  }
}

async function* readMembers(
  tools: HubSpotTools,
  segment: SegmentRef,
  query: Query,
  call: Call | undefined,
): AsyncGenerator<Page<Member>, void, undefined> {
  if ((segment.form !== 'list' && segment.form !== 'segment') || query.mode === 'since')
    throw new TriplineError('hubspot', {
      code: 'unsupported',
      message: 'HubSpot reads all members of a list, or whether given people are on it',
    })
  const session = tools.client.transport.session(call)
  try {
    if (query.mode === 'all') yield* readAllMembers(tools, session, segment.id, query)
    else yield* readGiven(tools, session, segment.id, query.who)
  } finally {
    session.close()
  }
}

async function* readAllMembers(
  tools: HubSpotTools,
  session: Session,
  listId: string,
  query: Extract<Query, { mode: 'all' }>,
): AsyncGenerator<Page<Member>, void, undefined> {
  const properties = askedProperties(tools, [])
  const readPage = async ({ after }: { readonly after: string }) => {
    const answer = await session.read(
      tools.client.request('GET /crm/lists/{listId}/memberships', {
        purpose: 'lookup',
        repeat: 'read',
        parameters: { listId },
        query: `limit=${maxOf('memberships.page')}${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`,
      }),
    )
    const page = answer.json() as {
      readonly results?: readonly {
        readonly recordId: string | number
        readonly membershipTimestamp?: string
      }[]
      readonly paging?: { readonly next?: { readonly after?: string } }
    }
    const members = page.results ?? []
    const rows = await readRecords(
      tools,
      session,
      members.map(({ recordId }) => String(recordId)),
      properties,
    )
    const items = members.map(({ recordId, membershipTimestamp }): Member => {
      const row = rows.get(String(recordId))
      return {
        who: row ? identityOf(tools, row) : { vendorIds: { hubspot: String(recordId) } },
        member: true,
        ...(membershipTimestamp && { since: new Date(membershipTimestamp).toISOString() }),
      }
    })
    const next = page.paging?.next?.after
    return { items, next: next === undefined ? undefined : { after: next } }
  }
  const start = query.resume ? memberCodec.decode(query.resume) : { after: '' }
  yield* paginate(start, readPage, { codec: memberCodec, signal: session.signal })
}

/** The lists of each of them, one call a person. */
async function* readGiven(
  tools: HubSpotTools,
  session: Session,
  listId: string,
  all: readonly Identity[],
): AsyncGenerator<Page<Member>, void, undefined> {
  const perPage = maxOf('batch.items')
  yield* paginate<Member, number>(0, async (from) => {
    const who = all.slice(from, from + perPage)
    const contacts = who.map((one) => {
      const target = targetOf(one, tools.options)
      return target === undefined || isFault(target) || target.by === 'utk' ? undefined : target
    })
    const found = await tools.lookup.contacts(
      contacts.filter((one) => one !== undefined),
      session,
    )
    if (found.kind === 'failed') throw new TriplineError('hubspot', found.result.fault)
    const items: Member[] = []
    for (let start = 0; start < who.length; start += parallelReads)
      items.push(
        ...(await Promise.all(
          who.slice(start, start + parallelReads).map(async (one, place): Promise<Member> => {
            const contact = contacts[start + place]
            const recordId = contact && found.ids.get(keyOf(contact))
            const since =
              recordId === undefined ? undefined : await joinedAt(tools, session, listId, recordId)
            return { who: one, member: since !== undefined, ...(since && { since }) }
          }),
        )),
      )
    return { items, next: from + perPage < all.length ? from + perPage : undefined }
  })
}

/** When somebody joined the list, `''` when HubSpot does not tell; undefined: is not on it. */
async function joinedAt(
  { client }: HubSpotTools,
  session: Session,
  listId: string,
  recordId: string,
): Promise<string | undefined> {
  const result = await session.request(
    client.request('GET /crm/lists/records/{objectTypeId}/{recordId}/memberships', {
      purpose: 'lookup',
      repeat: 'read',
      parameters: { objectTypeId: contactType, recordId },
    }),
  )
  if (result.kind === 'refused' && result.fault.code === 'not-found') return undefined
  const lists = answerOf(result).json() as {
    readonly results?: readonly { readonly listId: string | number; readonly lastAddedTimestamp?: string }[]
  }
  const own = (lists.results ?? []).find((each) => String(each.listId) === listId)
  if (!own) return undefined
  return own.lastAddedTimestamp ? new Date(own.lastAddedTimestamp).toISOString() : ''
}
