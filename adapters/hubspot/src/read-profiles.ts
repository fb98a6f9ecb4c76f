import { createCursorCodec, paginate, type Session } from '@tripline/kit'
import type { Call, Identity, Page, ProfileRow, Query } from '@tripline/model'
import { maxOf } from './limits.ts'
import { emailsOf, rowsOf, type ContactRow } from './lookup.ts'
import { emailOf, isFault, keyOf, targetOf, type Contact } from './mapping/identifier.ts'
import { answerOf, askedProperties, identityOf, readRecords, toProfileRow } from './profile-rows.ts'
import { readSince } from './read-since.ts'
import type { HubSpotTools } from './tools.ts'

const codec = createCursorCodec<{ readonly after: string }>('hubspot', 'all-1')
/** Longer addresses are refused by HubSpot's gateway (414); then the properties are asked for by a batch read. */
const maxQueryChars = 4_000

export function createReadProfiles(
  tools: HubSpotTools,
): (query: Query, call?: Call) => AsyncIterable<Page<ProfileRow>> {
  return async function* (query, call) {
    const session = tools.client.transport.session(call)
    try {
      if (query.mode === 'ids') yield* readIds(tools, session, query)
      else if (query.mode === 'all') yield* readAll(tools, session, query)
      else yield* readSince(tools, session, query)
    } finally {
      session.close()
    }
  }
}

async function* readIds(
  tools: HubSpotTools,
  session: Session,
  query: Extract<Query, { mode: 'ids' }>,
): AsyncGenerator<Page<ProfileRow>, void, undefined> {
  const perPage = maxOf('batch.items')
  yield* paginate<ProfileRow, number>(0, async (from) => {
    const who = query.who.slice(from, from + perPage)
    const items = await findRows(tools, session, who, query.fields)
    return { items, next: from + perPage < query.who.length ? from + perPage : undefined }
  })
}

/** One row per identity, in order. */
async function findRows(
  tools: HubSpotTools,
  session: Session,
  who: readonly Identity[],
  fields: readonly string[],
): Promise<readonly ProfileRow[]> {
  const targets = who.map((one) => targetOf(one, tools.options))
  const contacts = targets.map((target) =>
    target === undefined || isFault(target) || target.by === 'utk' ? undefined : target,
  )
  const rows = await readContacts(
    tools,
    session,
    contacts.filter((one) => one !== undefined),
    fields,
  )
  const missing = new Set(
    contacts.flatMap((contact) =>
      contact?.by === 'record' && !rows.has(keyOf(contact)) ? [contact.id] : [],
    ),
  )
  const archived =
    missing.size > 0
      ? await readRecords(tools, session, [...missing], [tools.idProperty], true)
      : new Map<string, ContactRow>()
  return who.map((asked, index): ProfileRow => {
    const contact = contacts[index]
    const row = contact && rows.get(keyOf(contact))
    if (row && contact.by === 'record' && row.id !== contact.id)
      return { kind: 'gone', who: asked, mergedInto: identityOf(tools, row) }
    if (row) {
      const found = toProfileRow(tools, row, fields)
      return { ...found, who: { ...found.who, ...asked } }
    }
    const isGone = contact?.by === 'record' && archived.has(contact.id)
    return { kind: isGone ? 'gone' : 'missing', who: asked }
  })
}

/** Rows by `keyOf(contact)`. A merged record answers under the id that it became. */
async function readContacts(
  tools: HubSpotTools,
  session: Session,
  contacts: readonly Contact[],
  fields: readonly string[],
): Promise<ReadonlyMap<string, ContactRow>> {
  const { client, idProperty } = tools
  const found = new Map<string, ContactRow>()
  const asked = askedProperties(tools, fields)
  for (const by of ['user', 'email', 'record'] as const) {
    const ids = [...new Set(contacts.filter((contact) => contact.by === by).map(({ id }) => id))]
    if (ids.length === 0) continue
    const properties =
      by === 'user'
        ? asked
        : [...asked, ...(by === 'email' ? ['email', 'hs_additional_emails'] : ['hs_merged_object_ids'])]
    const result = await client.readContacts(session, {
      ids,
      properties,
      ...(by !== 'record' && { idProperty: by === 'user' ? idProperty : 'email' }),
    })
    for (const row of rowsOf(answerOf(result)))
      for (const id of idsOf(row, by, idProperty)) found.set(`${by}:${id}`, row)
  }
  return found
}
function idsOf(row: ContactRow, by: Contact['by'], idProperty: string): readonly string[] {
  if (by === 'user') return [row.properties[idProperty] ?? '']
  if (by === 'email') return emailsOf(row).map(emailOf)
  return [row.id, ...(row.properties['hs_merged_object_ids'] ?? '').split(';')]
}

async function* readAll(
  tools: HubSpotTools,
  session: Session,
  query: Extract<Query, { mode: 'all' }>,
): AsyncGenerator<Page<ProfileRow>, void, undefined> {
  const properties = askedProperties(tools, query.fields)
  const list = `properties=${encodeURIComponent(properties.join(','))}`
  const fits = list.length <= maxQueryChars
  const start = query.resume ? codec.decode(query.resume) : { after: '' }
  const readPage = async ({ after }: { readonly after: string }) => {
    const parts = [`limit=${maxOf('contacts.page')}`]
    if (after !== '') parts.push(`after=${encodeURIComponent(after)}`)
    if (fits) parts.push(list)
    const answer = await session.read(
      tools.client.request('GET /crm/objects/contacts', {
        purpose: 'lookup',
        repeat: 'read',
        query: parts.join('&'),
      }),
    )
    const next = (answer.json() as { paging?: { next?: { after?: string } } }).paging?.next?.after
    const rows = rowsOf(answer)
    const full = fits
      ? undefined
      : await readRecords(
          tools,
          session,
          rows.map(({ id }) => id),
          properties,
        )
    const items = rows.flatMap((row): readonly ProfileRow[] => {
      const complete = full ? full.get(row.id) : row
      return complete ? [toProfileRow(tools, complete, query.fields)] : []
    })
    return { items, next: next === undefined ? undefined : { after: next } }
  }
  yield* paginate(start, readPage, { codec, signal: session.signal })
}
