import { sentFrom, type Batch, type Operation, type Sent, type Session, type Verdict } from '@tripline/kit'
import type { Fault, Loss } from '@tripline/model'
import type { HubSpotClient, UpsertInput } from './client.ts'
import { existingIdOf, invalidValuesOf, isPassing, recordFault, type HubSpotError } from './errors.ts'
import { maxOf } from './limits.ts'
import { endedBy, isMissingIdProperty, rowsOf, type Found, type Lookup } from './lookup.ts'
import { keyOf, type Contact } from './mapping/identifier.ts'
import type { Properties } from './mapping/profiles.ts'
import { idPropertyOf, type HubSpotOptions } from './options.ts'
import { readUpsert, type UpsertAnswer } from './upsert-answer.ts'

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
  const state: Round = { inputs: named, answer: readUpsert(result.answer), losses: new Map() }
  await repairRefused(tools, state, session)
  await repeatStepsBack(tools, state, session)
  await rememberIds(tools, batch.values, state, session)
  return { kind: 'verdicts', verdicts: named.map((_, index) => verdictOf(tools, state, index)) }
}

interface Round {
  inputs: readonly UpsertInput[]
  /** By trace id, which is the place in the batch. */
  readonly answer: UpsertAnswer
  readonly losses: Map<string, readonly Loss[]>
}

function verdictOf({ pathOf }: ContactTools, { answer, losses }: Round, index: number): Verdict {
  const trace = String(index)
  const lost = losses.get(trace)
  const more = lost ? { losses: lost } : {}
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
): Promise<readonly UpsertInput[] | Extract<Sent, { kind: 'ended' }> | Sent> {
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

/** Sends those again that can be helped: without refused properties, or to the contact that holds their address. */
async function repairRefused(tools: ContactTools, state: Round, session: Session): Promise<void> {
  const repaired: UpsertInput[] = []
  const adopted = await adoptable(tools, state, session)
  for (const input of state.inputs) {
    const trace = input.objectWriteTraceId
    const error = state.answer.errors.get(trace)
    if (!error) continue
    const existing = adopted.get(trace)
    if (existing !== undefined && input.idProperty !== undefined)
      repaired.push({
        id: existing,
        properties: { ...input.properties, [input.idProperty]: input.id },
        objectWriteTraceId: trace,
      })
    else if (tools.options.invalidFields === 'drop') {
      const shorter = withoutInvalid(tools, input, error, state.losses)
      if (shorter) repaired.push(shorter)
    }
  }
  if (repaired.length === 0) return
  const result = await tools.client.upsertContacts(session, repaired)
  if (result.kind !== 'ok') {
    for (const { objectWriteTraceId } of repaired)
      if (result.kind === 'retry') state.answer.errors.delete(objectWriteTraceId)
    return
  }
  const again = readUpsert(result.answer)
  for (const { objectWriteTraceId: trace } of repaired) {
    const [row, error] = [again.rows.get(trace), again.errors.get(trace)]
    state.answer.errors.delete(trace)
    if (row) state.answer.rows.set(trace, row)
    else if (error) state.answer.errors.set(trace, error)
  }
}

function withoutInvalid(
  { pathOf }: ContactTools,
  input: UpsertInput,
  error: HubSpotError,
  losses: Map<string, readonly Loss[]>,
): UpsertInput | undefined {
  const invalid = invalidValuesOf(error)
  const properties = { ...input.properties }
  for (const { name } of invalid) delete properties[name]
  if (invalid.length === 0 || Object.keys(properties).length === 0) return undefined
  losses.set(
    input.objectWriteTraceId,
    invalid.map(({ name, error: code }) => ({
      path: pathOf(name),
      kind: 'dropped',
      because: `HubSpot refused "${name}": ${code}`,
      source: 'https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide',
    })),
  )
  return { ...input, properties }
}

/** Contacts that hold the address of a refused one and no id of ours: record id by trace. */
async function adoptable(
  { options, client }: ContactTools,
  { inputs, answer }: Round,
  session: Session,
): Promise<ReadonlyMap<string, string>> {
  const adopted = new Map<string, string>()
  if (!options.emailIdentifies) return adopted
  const idProperty = idPropertyOf(options)
  const holders = new Map<string, string>()
  for (const { objectWriteTraceId: trace, idProperty: by } of inputs) {
    const existing = existingIdOf(answer.errors.get(trace) ?? {})
    if (existing !== undefined && by === idProperty && !holders.has(existing)) holders.set(existing, trace)
  }
  if (holders.size === 0) return adopted
  const result = await client.readContacts(session, { ids: [...holders.keys()], properties: [idProperty] })
  if (result.kind !== 'ok') return adopted
  for (const row of rowsOf(result.answer)) {
    const trace = holders.get(row.id)
    if (trace !== undefined && !row.properties[idProperty]) adopted.set(trace, row.id)
  }
  return adopted
}

/** HubSpot ignores a step back of the life-cycle without a word; clearing it first helps. */
async function repeatStepsBack(
  { client }: ContactTools,
  { inputs, answer }: Round,
  session: Session,
): Promise<void> {
  const ignored = inputs.flatMap(({ properties, objectWriteTraceId }): readonly UpsertInput[] => {
    const row = answer.rows.get(objectWriteTraceId)
    const wanted = properties['lifecyclestage']
    const stored = row?.properties['lifecyclestage']
    if (!row || !wanted || stored === undefined || stored === null || stored === wanted) return []
    return [{ id: row.id, properties: { lifecyclestage: wanted }, objectWriteTraceId }]
  })
  if (ignored.length === 0 || session.dryRun) return
  const cleared = ignored.map((input) => ({ ...input, properties: { lifecyclestage: '' } }))
  for (const inputs of [cleared, ignored]) {
    const result = await client.upsertContacts(session, inputs)
    const done = result.kind === 'ok' ? readUpsert(result.answer).rows : new Map<string, never>()
    for (const { objectWriteTraceId: trace } of inputs) if (!done.has(trace)) answer.rows.delete(trace)
    if (result.kind !== 'ok') return
  }
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
