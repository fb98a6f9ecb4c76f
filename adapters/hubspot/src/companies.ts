import {
  sentFrom,
  type Answer,
  type Batch,
  type Operation,
  type Sent,
  type Session,
  type Verdict,
} from '@tripline/kit'
import type { Fault } from '@tripline/model'
import type { ContactTools } from './contacts.ts'
import { isPassing, recordFault, type HubSpotError } from './errors.ts'
import { maxOf } from './limits.ts'
import { companyKey, endedBy, isMissingIdProperty } from './lookup.ts'
import { keyOf, type Contact } from './mapping/identifier.ts'
import type { Properties } from './mapping/profiles.ts'
import { companyIdPropertyOf } from './options.ts'
import { findPeople, noContact } from './people.ts'
import { readUpsert } from './upsert-answer.ts'

export interface CompanyValue {
  readonly groupId: string
  readonly properties: Properties
}
export interface LinkValue {
  readonly contact: Contact
  readonly groupId: string
}
/** Contact → company without a label. https://developers.hubspot.com/docs/api-reference/latest/crm/associations/guide */
const unlabelled = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }]
const dead = (fault: Fault): Verdict => ({ outcome: { status: 'dead', fault } })

/**
 * Upserts companies, 100 a call.
 * @param pathOf where a property of a company comes from in the item
 */
export function createCompanyOperation(
  tools: ContactTools,
  pathOf: ContactTools['pathOf'],
): Operation<CompanyValue> {
  const endpoint = 'POST /crm/objects/companies/batch/upsert'
  const { client, lookup, options } = tools
  const idProperty = companyIdPropertyOf(options)
  return {
    endpoint,
    ability: 'group',
    repeat: 'natural',
    maxItems: maxOf('batch.items'),
    maxBytes: Infinity, // HubSpot documents none
    frameBytes: 0,
    parallel: 2,
    foldOf: ({ groupId }) => groupId,
    fold: (earlier, later) => ({ ...later, properties: { ...earlier.properties, ...later.properties } }),
    async send({ values }, session) {
      const inputs = values.map(({ groupId, properties }, index) => ({
        id: groupId,
        idProperty,
        properties: { ...properties, [idProperty]: groupId },
        objectWriteTraceId: String(index),
      }))
      const body = JSON.stringify({ inputs })
      const result = await session.request(
        client.request(endpoint, { purpose: 'write', repeat: 'natural', body }),
      )
      if (result.kind === 'refused' && isMissingIdProperty(result.fault))
        return endedBy(result, 'group', session, options)
      if (result.kind !== 'ok') return sentFrom(result, () => ({ kind: 'verdicts', verdicts: [] }))
      const { rows, errors } = readUpsert(result.answer)
      const ids = new Map<string, string>()
      const verdicts = values.map(({ groupId }, index): Verdict => {
        const row = rows.get(String(index))
        const error = errors.get(String(index))
        if (row) {
          ids.set(companyKey(groupId), row.id)
          return { outcome: { status: 'sent', proof: 'stored', vendorId: row.id } }
        }
        const fault = error ? recordFault(error, pathOf) : unmentioned
        return { outcome: { status: error && !isPassing(fault) ? 'dead' : 'retry', fault } }
      })
      await lookup.remember(session, ids)
      return { kind: 'verdicts', verdicts }
    },
  }
}
const unmentioned: Fault = {
  code: 'unavailable',
  message: 'HubSpot’s answer mentions this company neither as written nor as refused',
}

/** Puts people into companies by the default association; both must exist. */
export function createLinkOperation(tools: ContactTools): Operation<LinkValue> {
  return {
    endpoint: 'POST /crm/associations/contacts/companies/batch/create',
    ability: 'group',
    repeat: 'natural',
    maxItems: maxOf('associations.items'),
    maxBytes: Infinity, // HubSpot documents none
    frameBytes: 0,
    parallel: 2,
    foldOf: ({ contact, groupId }) => `${groupId} ${keyOf(contact)}`,
    fold: (_, later) => later,
    send: (batch, session) => sendLinks(tools, batch, session),
  }
}

async function sendLinks(tools: ContactTools, { values }: Batch<LinkValue>, session: Session): Promise<Sent> {
  const { client, lookup, options } = tools
  const people = await findPeople(
    tools,
    values.map(({ contact }) => contact),
    session,
  )
  if (people.kind === 'failed') return endedBy(people.result, 'group', session, options)
  const companies = await lookup.companies(
    values.map(({ groupId }) => groupId),
    session,
  )
  if (companies.kind === 'failed') return endedBy(companies.result, 'group', session, options)
  const verdicts: (Verdict | undefined)[] = values.map(() => undefined)
  const ready: { readonly index: number; readonly from: string; readonly to: string }[] = []
  for (const [index, { contact, groupId }] of values.entries()) {
    const from = people.ids.get(keyOf(contact))
    const to = companies.ids.get(companyKey(groupId))
    if (from === undefined) verdicts[index] = dead(noContact)
    else if (to === undefined) verdicts[index] = dead(noCompany)
    else ready.push({ index, from, to })
  }
  if (ready.length > 0) {
    const inputs = ready.map(({ from, to }) => ({ from: { id: from }, to: { id: to }, types: unlabelled }))
    const result = await session.request(
      client.request('POST /crm/associations/contacts/companies/batch/create', {
        purpose: 'write',
        repeat: 'natural',
        body: JSON.stringify({ inputs }),
      }),
    )
    const fault = result.kind === 'ok' ? refusedLink(result.answer) : undefined
    if (fault && ready.length > 1 && !isPassing(fault)) return { kind: 'refused', fault }
    if (result.kind === 'refused' && ready.length > 1) return { kind: 'refused', fault: result.fault }
    if (result.kind === 'refused')
      // A record id that we remembered is gone: the next look-up asks HubSpot.
      await lookup.forget(
        session,
        values.flatMap(({ contact, groupId }) => [keyOf(contact), companyKey(groupId)]),
      )
    const verdict: Verdict | undefined =
      result.kind === 'ok' ? linkVerdict(fault) : result.kind === 'refused' ? dead(result.fault) : undefined
    if (!verdict) return sentFrom(result, () => ({ kind: 'verdicts', verdicts: [] }))
    for (const { index } of ready) verdicts[index] = verdict
  }
  return { kind: 'verdicts', verdicts: verdicts as Verdict[] }
}
const linkVerdict = (fault: Fault | undefined): Verdict =>
  fault
    ? { outcome: { status: isPassing(fault) ? 'retry' : 'dead', fault } }
    : { outcome: { status: 'sent', proof: 'stored' } }

/** A 2xx (207) may hold errors, which do not say whose they are. */
function refusedLink(answer: Answer): Fault | undefined {
  const { errors = [] } = (answer.json() ?? {}) as { readonly errors?: readonly HubSpotError[] }
  return errors[0] && recordFault(errors[0], () => 'member')
}
const noCompany: Fault = { code: 'not-found', message: 'no company with this group id', path: 'groupId' }
