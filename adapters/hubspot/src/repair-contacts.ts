import { sentFrom, type HttpResult, type Session, type Verdict } from '@tripline/kit'
import type { Loss } from '@tripline/model'
import type { UpsertInput } from './client.ts'
import type { ContactTools } from './contacts.ts'
import { existingIdOf, invalidValuesOf, type HubSpotError } from './errors.ts'
import { endedVerdict, rowsOf } from './lookup.ts'
import { idPropertyOf } from './options.ts'
import { readUpsert, type UpsertAnswer } from './upsert-answer.ts'

/** A batch upsert and what became of it so far. */
export interface Round {
  readonly inputs: readonly UpsertInput[]
  /** By trace id, which is the place in the batch. */
  readonly answer: UpsertAnswer
  readonly losses: Map<string, readonly Loss[]>
  /** Those whose further request came to nothing. */
  readonly ended: Map<string, Verdict>
}

/** Sends those again that can be helped: without refused properties, or to the contact that holds their address. */
export async function repairRefused(tools: ContactTools, state: Round, session: Session): Promise<void> {
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
  if (result.kind !== 'ok') return endAll(state, repaired, result, session)
  const again = readUpsert(result.answer)
  for (const { objectWriteTraceId: trace } of repaired) {
    const [row, error] = [again.rows.get(trace), again.errors.get(trace)]
    state.answer.errors.delete(trace)
    if (row) state.answer.rows.set(trace, row)
    else if (error) state.answer.errors.set(trace, error)
  }
}

/** The further request came to nothing: what its inputs come back as. */
function endAll(
  state: Round,
  inputs: readonly UpsertInput[],
  result: Exclude<HttpResult, { kind: 'ok' }>,
  session: Session,
): void {
  const sent = sentFrom(result, () => ({ kind: 'verdicts', verdicts: [] }))
  for (const { objectWriteTraceId } of inputs)
    if (sent.kind === 'ended') state.ended.set(objectWriteTraceId, endedVerdict(sent.outcome, session))
    else if (sent.kind === 'refused')
      state.ended.set(objectWriteTraceId, { outcome: { status: 'dead', fault: sent.fault } })
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
export async function repeatStepsBack(tools: ContactTools, state: Round, session: Session): Promise<void> {
  const { answer } = state
  const ignored = state.inputs.flatMap(({ properties, objectWriteTraceId }): readonly UpsertInput[] => {
    const row = answer.rows.get(objectWriteTraceId)
    const wanted = properties['lifecyclestage']
    const stored = row?.properties['lifecyclestage']
    if (!row || !wanted || !stored || stored === wanted) return []
    return [{ id: row.id, properties: { lifecyclestage: wanted }, objectWriteTraceId }]
  })
  if (ignored.length === 0 || session.dryRun) return
  const cleared = ignored.map((input) => ({ ...input, properties: { lifecyclestage: '' } }))
  for (const inputs of [cleared, ignored]) {
    const result = await tools.client.upsertContacts(session, inputs)
    if (result.kind !== 'ok') return endAll(state, inputs, result, session)
    const { rows } = readUpsert(result.answer)
    for (const { objectWriteTraceId: trace } of inputs) if (!rows.has(trace)) answer.rows.delete(trace)
  }
}
