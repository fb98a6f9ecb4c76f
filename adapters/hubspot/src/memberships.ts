import {
  sentFrom,
  type Batch,
  type HttpResult,
  type Operation,
  type Sent,
  type Session,
  type Verdict,
} from '@tripline/kit'
import type { Ability, Fault } from '@tripline/model'
import type { ContactTools } from './contacts.ts'
import { maxOf } from './limits.ts'
import { endedBy } from './lookup.ts'
import { keyOf, type Contact } from './mapping/identifier.ts'
import { findPeople, noContact } from './people.ts'

export interface MembershipValue {
  readonly contact: Contact
  readonly listId: string
  readonly member: boolean
}
const gone: Fault = {
  code: 'not-found',
  message: 'HubSpot no longer knows this contact: it was deleted or merged',
  path: 'who',
}
const listAdvice = 'segments.ensure makes a MANUAL list; HubSpot alone decides who is on a DYNAMIC one'
const endpoint = 'PUT /crm/lists/{listId}/memberships/add-and-remove'

/**
 * Who is on a MANUAL list and who is not: one request per list, both ways.
 * @param ability `start`: joining the list is meant to start a workflow, which it does not for somebody who is on it
 */
export function createMembershipOperation(
  tools: ContactTools,
  ability: Extract<Ability, 'membership' | 'start'> = 'membership',
): Operation<MembershipValue> {
  return {
    endpoint,
    ability,
    repeat: 'natural',
    maxItems: tools.options.membershipsPerCall ?? maxOf('memberships.items'),
    maxBytes: Infinity, // HubSpot documents none
    frameBytes: 0,
    parallel: 2,
    groupOf: ({ listId }) => listId,
    foldOf: ({ contact, listId }) => `${listId} ${keyOf(contact)}`,
    fold: (_, later) => later,
    send: (batch, session) => sendMemberships(tools, ability, batch, session),
  }
}

async function sendMemberships(
  tools: ContactTools,
  ability: 'membership' | 'start',
  batch: Batch<MembershipValue>,
  session: Session,
): Promise<Sent> {
  const verdicts = new Map<MembershipValue, Verdict>()
  let left: readonly MembershipValue[] = batch.values
  // The second round is for those whose remembered record id is gone: HubSpot may know them by another one now.
  for (let round = 1; round <= 2 && left.length > 0; round++) {
    const sent = await sendRound(tools, ability, left, session)
    if ('kind' in sent) return sent
    for (const [value, verdict] of sent) verdicts.set(value, verdict)
    left = left.filter((value) => value.contact.by !== 'record' && isGone(verdicts.get(value)))
    if (left.length > 0)
      await tools.lookup.forget(
        session,
        left.map(({ contact }) => keyOf(contact)),
      )
  }
  return { kind: 'verdicts', verdicts: batch.values.map((value) => verdicts.get(value) ?? dead(gone)) }
}
const dead = (fault: Fault): Verdict => ({ outcome: { status: 'dead', fault } })
const isGone = (verdict: Verdict | undefined): boolean =>
  verdict?.outcome.status === 'dead' && verdict.outcome.fault === gone

async function sendRound(
  tools: ContactTools,
  ability: 'membership' | 'start',
  values: readonly MembershipValue[],
  session: Session,
): Promise<ReadonlyMap<MembershipValue, Verdict> | Sent> {
  const joining = values.filter(({ member }) => member).map(({ contact }) => contact)
  const leaving = values.filter(({ member }) => !member).map(({ contact }) => contact)
  const ids = new Map<string, string>()
  for (const found of [
    await findPeople(tools, joining, session),
    await tools.lookup.contacts(leaving, session), // nobody is created to be taken off a list
  ]) {
    if (found.kind === 'failed') return endedBy(found.result, ability, session, tools.options)
    for (const [key, id] of found.ids) ids.set(key, id)
  }
  const wanted = new Map<string, boolean>()
  for (const { contact, member } of values) {
    const id = ids.get(keyOf(contact))
    if (id !== undefined) wanted.set(id, member)
  }
  const written = await write(tools, ability, values[0]?.listId ?? '', wanted, session)
  if ('kind' in written) return written
  return new Map(
    values.map((value) => {
      const id = ids.get(keyOf(value.contact))
      if (id !== undefined) return [value, written.get(id) ?? dead(gone)]
      return [value, value.member ? dead(noContact) : notThere]
    }),
  )
}
const notThere: Verdict = {
  outcome: { status: 'skipped', because: 'unchanged', detail: 'no contact, so on no list' },
}

interface Changes {
  readonly recordsIdsAdded?: readonly string[] // sic
  readonly recordIdsMissing?: readonly string[]
}
/** By record id. */
async function write(
  { client }: ContactTools,
  ability: 'membership' | 'start',
  listId: string,
  wanted: ReadonlyMap<string, boolean>,
  session: Session,
): Promise<ReadonlyMap<string, Verdict> | Sent> {
  const ids = [...wanted.keys()]
  if (ids.length === 0) return new Map()
  const body = JSON.stringify({
    recordIdsToAdd: ids.filter((id) => wanted.get(id)),
    recordIdsToRemove: ids.filter((id) => !wanted.get(id)),
  })
  const send = (repeat: 'natural' | 'doubles'): Promise<HttpResult> =>
    session.request(client.request(endpoint, { purpose: 'write', repeat, parameters: { listId }, body }))
  // After a lost answer nobody can tell whether "already a member" was our own doing: then it counts as ours.
  let result = await send(ability === 'start' ? 'doubles' : 'natural')
  const inDoubt = result.kind === 'unknown'
  if (inDoubt) result = await send('natural')
  if (result.kind === 'refused' && isAboutList(result.fault)) {
    const fault: Fault = {
      ...result.fault,
      message: `${result.fault.message}: ${listAdvice}`,
      path: 'segment.id',
    }
    return new Map(ids.map((id) => [id, dead(fault)]))
  }
  if (result.kind !== 'ok') return sentFrom(result, () => ({ kind: 'verdicts', verdicts: [] }))
  const changes = (result.answer.json() ?? {}) as Changes
  const missing = new Set(changes.recordIdsMissing)
  const added = new Set(changes.recordsIdsAdded)
  const isOurs = ability === 'membership' || inDoubt || result.maybeTwice
  const verdictOf = (id: string): Verdict => {
    if (missing.has(id)) return dead(gone)
    if (isOurs || added.has(id))
      return { outcome: { status: 'sent', proof: ability === 'start' ? 'accepted' : 'stored', vendorId: id } }
    const detail = 'is on the list already, so HubSpot starts nothing'
    return { outcome: { status: 'skipped', because: 'unchanged', detail } }
  }
  return new Map(ids.map((id) => [id, verdictOf(id)]))
}

/** The list does not exist, or is DYNAMIC: no smaller request would do better. */
const isAboutList = ({ code, message }: Fault): boolean => code === 'not-found' || /DYNAMIC/.test(message)
