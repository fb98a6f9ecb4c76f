import type { Session } from '@tripline/kit'
import type { Fault } from '@tripline/model'
import type { UpsertInput } from './client.ts'
import type { ContactTools } from './contacts.ts'
import { maxOf } from './limits.ts'
import { chunksOf, type Found } from './lookup.ts'
import { keyOf, type Contact } from './mapping/identifier.ts'
import { idPropertyOf } from './options.ts'
import { readUpsert } from './upsert-answer.ts'

/** Somebody whom HubSpot does not know: what to do. */
export const noContact: Fault = {
  code: 'not-found',
  message: 'no contact with this id: deliver the profile first, or set missingContact to "create"',
  path: 'who',
}

/** Record ids of people; who is missing is created where the account asks for it. */
export async function findPeople(
  { options, client, lookup }: ContactTools,
  contacts: readonly Contact[],
  session: Session,
): Promise<Found> {
  const found = await lookup.contacts(contacts, session)
  if (found.kind === 'failed' || options.missingContact !== 'create') return found
  const missing = new Map(
    contacts
      .filter((contact) => contact.by !== 'record' && !found.ids.has(keyOf(contact)))
      .map((contact) => [keyOf(contact), contact]),
  )
  const ids = new Map(found.ids)
  const created = new Map<string, string>()
  for (const chunk of chunksOf([...missing], maxOf('batch.items'))) {
    const inputs = chunk.map(([, { by, id }], index): UpsertInput => {
      const idProperty = by === 'user' ? idPropertyOf(options) : 'email'
      return { id, idProperty, properties: { [idProperty]: id }, objectWriteTraceId: String(index) }
    })
    const result = await client.upsertContacts(session, inputs)
    if (result.kind !== 'ok') return { kind: 'failed', result }
    const { rows } = readUpsert(result.answer)
    for (const [index, [key]] of chunk.entries()) {
      const row = rows.get(String(index))
      if (row) created.set(key, row.id)
    }
  }
  for (const [key, id] of created) ids.set(key, id)
  await lookup.remember(session, created)
  return { kind: 'found', ids }
}
