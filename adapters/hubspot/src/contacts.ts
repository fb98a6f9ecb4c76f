import { sentFrom, type Batch, type Operation, type Sent, type Session, type Verdict } from '@tripline/kit'
import type { Fault } from '@tripline/model'
import type { HubSpotClient, UpsertInput } from './client.ts'
import { isPassing, recordFault } from './errors.ts'
import { maxOf } from './limits.ts'
import { endedBy, isMissingIdProperty, type Found, type Lookup } from './lookup.ts'
import { keyOf, type Contact } from './mapping/identifier.ts'
import type { Properties } from './mapping/profiles.ts'
import { idPropertyOf, type HubSpotOptions } from './options.ts'
import { repairRefused, repeatStepsBack, type Round } from './repair-contacts.ts'
import { readUpsert } from './upsert-answer.ts'

/** What one item writes to a contact. */
export interface ContactValue {
  readonly contact: Contact
  readonly properties: Properties
}
/** Everything that writes to contacts shares these. */
export interface ContactTools {
  readonly options: HubSpotOptions
  readonly client: HubSpotClient
  readonly lookup: Lookup
  /** Where a property comes from in the item. */
  readonly pathOf: (property: string) => string
}

/** Upserts contacts, 100 a call. Two values of one person become one: HubSpot refuses a batch that names a record twice. */
export function createContactOperation(tools: ContactTools): Operation<ContactValue> {
  return {
    endpoint: 'POST /crm/objects/contacts/batch/upsert',
    ability: 'profile',
    repeat: 'natural',
    maxItems: maxOf('batch.items'),
    maxBytes: Infinity, // HubSpot documents none
    frameBytes: 0,
    parallel: 4,
    groupOf: ({ contact }) => contact.by,
    foldOf: ({ contact }) => keyOf(contact),
    fold: (earlier, later) => ({ ...later, properties: { ...earlier.properties, ...later.properties } }),
    send: (batch, session) => sendContacts(tools, batch, session),
  }
}

async function sendContacts(
  tools: ContactTools,
  batch: Batch<ContactValue>,
  session: Session,
): Promise<Sent> {
  const { options, client } = tools
  const named = await nameContacts(tools, batch.values, session)
  if ('kind' in named) return named
  const result = await client.upsertContacts(session, named)
  if (result.kind === 'refused' && isMissingIdProperty(result.fault))
    return endedBy(result, 'profile', session, options)
  if (result.kind !== 'ok') return sentFrom(result, () => ({ kind: 'verdicts', verdicts: [] }))
  const state: Round = {
    inputs: named,
    answer: readUpsert(result.answer),
    losses: new Map(),
    ended: new Map(),
  }
  await repairRefused(tools, state, session)
  await repeatStepsBack(tools, state, session)
  await rememberIds(tools, batch.values, state, session)
  return { kind: 'verdicts', verdicts: named.map((_, index) => verdictOf(tools, state, index)) }
}

function verdictOf({ pathOf }: ContactTools, { answer, losses, ended }: Round, index: number): Verdict {
  const trace = String(index)
  const lost = losses.get(trace)
  const more = lost ? { losses: lost } : {}
  const end = ended.get(trace)
  if (end) return end
  const row = answer.rows.get(trace)
  if (row) return { outcome: { status: 'sent', proof: 'stored', vendorId: row.id }, ...more }
  const error = answer.errors.get(trace)
  const fault: Fault = error
    ? recordFault(error, pathOf)
    : {
        code: 'unavailable',
        message: 'HubSpot’s answer mentions this record neither as written nor as refused',
      }
  return { outcome: { status: error && !isPassing(fault) ? 'dead' : 'retry', fault }, ...more }
}

/**
 * The inputs. Somebody known by address only is written by record id: HubSpot has no partial upsert by address. Who is
 * not there yet is created whole, and then nothing of it is partial.
 */
async function nameContacts(
  { options, lookup }: ContactTools,
  values: readonly ContactValue[],
  session: Session,
): Promise<readonly UpsertInput[] | Sent> {
  const idProperty = idPropertyOf(options)
  const byEmail = values.filter(({ contact }) => contact.by === 'email').map(({ contact }) => contact)
  const found: Found =
    byEmail.length > 0 ? await lookup.contacts(byEmail, session) : { kind: 'found', ids: new Map() }
  if (found.kind === 'failed') return endedBy(found.result, 'profile', session, options)
  return values.map(({ contact, properties }, index): UpsertInput => {
    const objectWriteTraceId = String(index)
    if (contact.by === 'user') return { id: contact.id, idProperty, properties, objectWriteTraceId }
    const recordId = contact.by === 'record' ? contact.id : found.ids.get(keyOf(contact))
    if (recordId !== undefined) return { id: recordId, properties, objectWriteTraceId }
    return {
      id: contact.id,
      idProperty: 'email',
      properties: { ...properties, email: contact.id },
      objectWriteTraceId,
    }
  })
}

async function rememberIds(
  { lookup }: ContactTools,
  values: readonly ContactValue[],
  { answer }: Round,
  session: Session,
): Promise<void> {
  const ids = new Map<string, string>()
  for (const [index, { contact }] of values.entries()) {
    const row = answer.rows.get(String(index))
    if (row && contact.by !== 'record') ids.set(keyOf(contact), row.id)
  }
  await lookup.remember(session, ids)
}
