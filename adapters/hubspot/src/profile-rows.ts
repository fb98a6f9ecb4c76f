import type { HttpResult, Session } from '@tripline/kit'
import { TriplineError, type Identity, type ProfileRow } from '@tripline/model'
import { maxOf } from './limits.ts'
import { chunksOf, rowsOf, type ContactRow } from './lookup.ts'
import type { HubSpotTools } from './tools.ts'

/** HubSpot's names of the asked fields, with the ids. */
export function askedProperties(
  { profiles, idProperty, options }: HubSpotTools,
  fields: readonly string[],
): readonly string[] {
  const names = new Set([idProperty, 'lastmodifieddate'])
  if (options.emailIdentifies) names.add('email')
  for (const field of fields) for (const name of profiles.vendorNames(field)) names.add(name)
  return [...names]
}

/** Who a contact is, in canonical words. The address is told where it identifies. */
export function identityOf({ idProperty, options }: HubSpotTools, row: ContactRow): Identity {
  const userId = row.properties[idProperty]
  const email = options.emailIdentifies ? row.properties['email'] : undefined
  return { ...(userId && { userId }), ...(email && { email }), vendorIds: { hubspot: row.id } }
}

export function toProfileRow(tools: HubSpotTools, row: ContactRow, fields: readonly string[]): ProfileRow {
  const changedAt = row.properties['lastmodifieddate'] ?? row.updatedAt
  return {
    kind: 'profile',
    who: identityOf(tools, row),
    traits: tools.profiles.fromProperties(row.properties, fields),
    ...(changedAt && { changedAt: new Date(changedAt).toISOString() }),
  }
}

/** Contacts by record id, 100 a call; archived and unknown ones are left out. */
export async function readRecords(
  tools: HubSpotTools,
  session: Session,
  ids: readonly string[],
  properties: readonly string[],
  archived = false,
): Promise<ReadonlyMap<string, ContactRow>> {
  const rows = new Map<string, ContactRow>()
  for (const chunk of chunksOf(ids, maxOf('batch.items'))) {
    const result = await tools.client.readContacts(session, { ids: chunk, properties, archived })
    for (const row of rowsOf(answerOf(result))) rows.set(row.id, row)
  }
  return rows
}
/** @throws {TriplineError} with the fault of a read that came to nothing */
export function answerOf(result: HttpResult): Extract<HttpResult, { kind: 'ok' }>['answer'] {
  if (result.kind === 'ok') return result.answer
  throw new TriplineError('hubspot', result.fault)
}
