import { createCursorCodec, type Session } from '@tripline/kit'
import { TriplineError, type Cursor, type Page } from '@tripline/model'
import type { MixpanelClient } from './client.ts'
import { toWhere, type Expression } from './expression.ts'
import { maxOf } from './limits.ts'

/** A profile as the query answers it. */
export interface QueriedProfile {
  readonly distinctId: string
  readonly properties: Readonly<Record<string, unknown>>
}
/** What to ask for. https://developer.mixpanel.com/reference/engage-query */
export interface ProfileQuery {
  readonly outputProperties: readonly string[]
  readonly where?: Expression
  /** Digits. */
  readonly cohortId?: string
}
/** Where a read stands: pages are counted in a session of the vendor. */
interface Place {
  readonly sessionId: string
  readonly page: number
}
interface AnsweredPage {
  readonly rows: readonly QueriedProfile[]
  readonly sessionId: string
  readonly isLast: boolean
}

const codec = createCursorCodec<Place>('mixpanel', 'engage-1')
/** Rows shift between pages while people change, so one may come again some pages later. */
const rememberedIds = 50_000
const maxRestarts = 2

/**
 * All profiles of a query, page by page. The first page costs one of the project's 60 queries an hour, further ones of
 * its session are free. When the session has expired (in a resumed read: likely) the read begins anew, so profiles may
 * come twice; those that come twice in short order are left out. It is no snapshot: a profile that is deleted while
 * reading shifts the rest, and may hide another one.
 * @throws {TriplineError} `unavailable`: the session expired three times in one read
 */
export async function* readAllPages<Row>(
  client: MixpanelClient,
  session: Session,
  query: ProfileQuery,
  resume: Cursor | undefined,
  toRow: (profile: QueriedProfile) => Row,
): AsyncGenerator<Page<Row>, void, undefined> {
  const seen = new Set<string>()
  let place = resume && codec.decode(resume)
  for (let restarts = 0; ;) {
    session.signal.throwIfAborted()
    const answered = await readPage(client, session, query, place)
    if (!answered) {
      if (restarts++ >= maxRestarts) throw expired()
      place = undefined
      continue
    }
    const fresh = answered.rows.filter(({ distinctId }) => remember(seen, distinctId))
    const next: Place = { sessionId: answered.sessionId, page: (place?.page ?? 0) + 1 }
    const items = fresh.map(toRow)
    if (answered.isLast) return yield { items, last: true }
    yield { items, last: false, cursor: codec.encode(next) }
    place = next
  }
}
const expired = (): TriplineError =>
  new TriplineError('mixpanel', {
    code: 'unavailable',
    message: 'the query expired between two pages, three times: read faster, or a cohort at a time',
  })

/** False when the id was seen. Forgets the oldest beyond a bound, so that a read of millions stays small. */
function remember(seen: Set<string>, id: string): boolean {
  if (seen.has(id)) return false
  seen.add(id)
  if (seen.size > rememberedIds) {
    const [oldest] = seen
    if (oldest !== undefined) seen.delete(oldest)
  }
  return true
}

/** @returns undefined when the vendor no longer knows the session */
async function readPage(
  client: MixpanelClient,
  session: Session,
  query: ProfileQuery,
  place: Place | undefined,
): Promise<AnsweredPage | undefined> {
  const form = { ...formOf(query), ...(place && { session_id: place.sessionId, page: String(place.page) }) }
  const request = client.request('POST /api/query/engage', {
    purpose: 'lookup',
    repeat: 'read',
    form,
    ...(place && { weights: { 'queries.rate': 0 } }),
  })
  const result = await session.request(request)
  if (result.kind === 'ok') return readRows(result.answer.json())
  if (place && result.kind === 'refused' && result.answer?.text.includes('uncached query')) return undefined
  throw new TriplineError('mixpanel', {
    ...result.fault,
    message: `POST /api/query/engage: ${result.fault.message}`,
  })
}

function formOf({ outputProperties, where, cohortId }: ProfileQuery): Record<string, string> {
  return {
    output_properties: JSON.stringify(outputProperties),
    ...(where && { where: toWhere(where) }),
    // The id stays text: it may have more digits than a number holds. Members without a profile belong to it, too.
    ...(cohortId !== undefined && { filter_by_cohort: `{"id":${cohortId}}`, include_all_users: 'true' }),
  }
}

interface EngageAnswer {
  readonly results?: readonly {
    readonly $distinct_id: unknown
    readonly $properties?: Record<string, unknown>
  }[]
  readonly page_size?: number
  readonly session_id?: unknown
}
function readRows(body: unknown): AnsweredPage {
  const { results = [], page_size = 0, session_id } = body as EngageAnswer
  return {
    // Old projects answer numbers.
    rows: results.map(({ $distinct_id, $properties }) => ({
      distinctId: String($distinct_id),
      properties: $properties ?? {},
    })),
    sessionId: String(session_id),
    isLast: results.length < page_size || results.length === 0,
  }
}

/** Profiles of the given ids by id; who has none is not in it. One query for 2,000 ids. */
export async function readByIds(
  client: MixpanelClient,
  session: Session,
  ids: readonly string[],
  outputProperties: readonly string[],
): Promise<ReadonlyMap<string, QueriedProfile['properties']>> {
  const found = new Map<string, QueriedProfile['properties']>()
  if (ids.length === 0) return found
  const form = { ...formOf({ outputProperties }), distinct_ids: JSON.stringify(ids) }
  const request = { purpose: 'lookup', repeat: 'read' } as const
  const first = await session.read(client.request('POST /api/query/engage', { ...request, form }))
  let page = readRows(first.json())
  for (let number = 1; ; number++) {
    for (const { distinctId, properties } of page.rows) found.set(distinctId, properties)
    if (page.isLast) return found
    const more = { ...form, session_id: page.sessionId, page: String(number) }
    const free = { weights: { 'queries.rate': 0 } }
    page = readRows(
      (
        await session.read(client.request('POST /api/query/engage', { ...request, ...free, form: more }))
      ).json(),
    )
  }
}
export const maxIdsPerQuery = maxOf('query.ids')
