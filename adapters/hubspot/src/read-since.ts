import { createCursorCodec, type Session } from '@tripline/kit'
import { TriplineError, type Page, type ProfileRow, type Query } from '@tripline/model'
import type { SearchInput } from './client.ts'
import { maxOf } from './limits.ts'
import { rowsOf, type ContactRow } from './lookup.ts'
import { answerOf, askedProperties, readRecords, toProfileRow } from './profile-rows.ts'
import type { HubSpotTools } from './tools.ts'

/**
 * How far a new read goes back behind the end of the last one: search lags some seconds behind, so a record may appear
 * after younger ones were read.
 */
const overlapMs = 60_000
const modified = 'lastmodifieddate'
const pageSize = maxOf('search.page')

/** Where a read stands. Offsets are not used: HubSpot ends them at 10,000, and a changed record would move others. */
interface Position {
  /** Last modification seen, ms since 1970. */
  readonly valueMs: number
  /** Records of that very moment that were read already. */
  readonly seen: readonly string[]
  /** A whole page shares the moment: it is walked by record id, from here. */
  readonly byId?: string
  /** Where the read was asked to begin: a read that finds nothing does not fall behind it. */
  readonly fromMs: number
  /** The read reached the end; the next one begins before it. */
  readonly ended?: true
}
const codec = createCursorCodec<Position>('hubspot', 'since-1')

/** Contacts changed since a moment, oldest change first. The last page carries the cursor for the next read. */
export async function* readSince(
  tools: HubSpotTools,
  session: Session,
  query: Extract<Query, { mode: 'since' }>,
): AsyncGenerator<Page<ProfileRow>, void, undefined> {
  let position: Position | undefined = startOf(query)
  while (position !== undefined) {
    session.signal.throwIfAborted()
    const rows: readonly ContactRow[] = await searchRows(tools, session, position, query.fields)
    const { seen: before }: Position = position
    const fresh = rows.filter(({ id }) => !before.includes(id))
    const next: Position = advance(position, rows)
    const isLast = next.ended === true
    yield {
      items: fresh.map((row) => toProfileRow(tools, row, query.fields)),
      last: isLast,
      cursor: codec.encode(next),
    }
    position = isLast ? undefined : next
  }
}

function startOf({ from }: Extract<Query, { mode: 'since' }>): Position {
  if (typeof from !== 'string') {
    const position = codec.decode(from)
    return position.ended ? beginAt(position.valueMs) : position
  }
  const valueMs = Date.parse(from)
  if (Number.isNaN(valueMs))
    throw new TriplineError('hubspot', {
      code: 'invalid',
      message: 'read since an instant, e.g. 2026-11-01T10:00:00.000Z, or a cursor',
      path: 'query.from',
    })
  return beginAt(valueMs)
}
const beginAt = (fromMs: number): Position => ({ valueMs: fromMs - overlapMs, seen: [], fromMs })

function advance({ valueMs: before, byId, fromMs }: Position, rows: readonly ContactRow[]): Position {
  const last = rows.at(-1)
  const isFull = rows.length === pageSize
  if (byId !== undefined) {
    if (!isFull || !last) return { valueMs: before + 1, seen: [], fromMs } // the moment is done
    return { valueMs: before, seen: [], byId: last.id, fromMs }
  }
  const valueMs = last ? modifiedMs(last) : before
  if (!isFull) return { valueMs: Math.max(valueMs, fromMs), seen: [], fromMs, ended: true }
  const seen = rows.filter((row) => modifiedMs(row) === valueMs).map(({ id }) => id)
  return seen.length === pageSize ? { valueMs, seen, byId: '0', fromMs } : { valueMs, seen, fromMs }
}
const modifiedMs = (row: ContactRow): number => Date.parse(row.properties[modified] ?? row.updatedAt ?? '')

async function searchRows(
  tools: HubSpotTools,
  session: Session,
  { valueMs, byId }: Position,
  fields: readonly string[],
): Promise<readonly ContactRow[]> {
  const value = String(valueMs)
  const filters: SearchInput['filters'] =
    byId === undefined
      ? [{ propertyName: modified, operator: 'GTE', value }]
      : [
          { propertyName: modified, operator: 'EQ', value },
          { propertyName: 'hs_object_id', operator: 'GT', value: byId },
        ]
  const sort = byId === undefined ? modified : 'hs_object_id'
  const properties = askedProperties(tools, fields)
  const search: SearchInput = { filters, sort, properties, limit: pageSize }
  // The body may have 3,000 characters: when the names are too many, the values are read by record id.
  if (JSON.stringify(search).length + bodyFrameChars <= maxOf('search.bytes'))
    return rowsOf(answerOf(await tools.client.searchContacts(session, search)))
  const bare = { ...search, properties: [tools.idProperty, modified] }
  const rows = rowsOf(answerOf(await tools.client.searchContacts(session, bare)))
  const full = await readRecords(
    tools,
    session,
    rows.map(({ id }) => id),
    properties,
  )
  return rows.map((row) => withValues(row, full.get(row.id)))
}
/** What the request has around what we count. */
const bodyFrameChars = 100

/** The place in the search stays that of the search: the record may have changed since. */
const withValues = (row: ContactRow, full: ContactRow | undefined): ContactRow =>
  full ? { ...full, properties: { ...full.properties, [modified]: row.properties[modified] ?? null } } : row
