import type { Operation, Session } from '@tripline/kit'
import type { Identity } from '@tripline/model'
import type { Ask, IntercomClient } from './client.ts'
import { contactOf, type Contacts } from './contacts.ts'
import type { IntercomOptions } from './options.ts'
import { outcomeOf, sentNothing, sentOne, stored, type Outcome } from './outcomes.ts'

export interface LeadLink {
  readonly userId: string
  /** By anonymous id (a lead of ours) or by Intercom's id. */
  readonly lead: Identity
}
const ask: Ask = { purpose: 'write', repeat: 'natural', ability: 'link' }
const skip = (detail: string): Outcome => ({ status: 'skipped', because: 'unsupported', detail })

/** A lead becomes the user. Where the user exists already, only a merge would do, which cannot be undone. */
export function createLinkOperation(
  { mergeLeads }: IntercomOptions,
  client: IntercomClient,
  contacts: Contacts,
): Operation<LeadLink> {
  const becomeUser = async ({ userId, lead }: LeadLink, session: Session): Promise<Outcome> => {
    const found = await contacts.find(lead, session, 'link')
    if (found.kind === 'stopped') return found.outcome
    if (found.kind === 'none') return skip('no lead of this anonymous id was made here')
    const held = await client.call(
      session,
      'GET /contacts/{contact_id}',
      { purpose: 'lookup', repeat: 'read', ability: 'link' },
      (sdk) => sdk.contacts.find({ contact_id: found.id }),
    )
    // A device that two people share: the contact is a user by now, and a user never changes into another one.
    const { role, external_id: holder } = held.kind === 'ok' ? contactOf(held.answer) : {}
    if (role === 'user' && holder !== userId) return skip('the lead of this anonymous id became another user')
    const body = { contact_id: found.id, role: 'user', external_id: userId }
    const result = await client.call(session, 'PUT /contacts/{contact_id}', ask, (sdk) =>
      sdk.contacts.update(body),
    )
    if (result.kind === 'ok') {
      await contacts.remember({ userId }, found.id, session)
      return stored(found.id)
    }
    const status = result.kind === 'refused' ? result.answer?.status : undefined
    if (status === 404 || status === 410) {
      await contacts.forget(lead, session)
      return skip('the lead of this anonymous id has gone')
    }
    return status === 409 ? merge(userId, lead, found.id, session) : outcomeOf(result)
  }
  const merge = async (userId: string, lead: Identity, from: string, session: Session): Promise<Outcome> => {
    if (mergeLeads !== true) return skip('the user exists: a lead is merged only with the option mergeLeads')
    const into = await contacts.find({ userId }, session, 'link')
    if (into.kind === 'stopped') return into.outcome
    if (into.kind === 'none') return skip('another contact holds the id of the user, and cannot be read')
    // From 2.16 the two must share an address or a phone number, or this flag be set, which the SDK does not know.
    const body = JSON.stringify({ from, into: into.id, skip_duplicate_validation: true })
    const result = await session.request(client.request('POST /contacts/merge', { ...ask, body }))
    if (result.kind !== 'ok') return outcomeOf(result)
    await contacts.remember(lead, into.id, session)
    return stored(into.id)
  }
  return {
    endpoint: 'PUT /contacts/{contact_id}',
    ability: 'link',
    repeat: 'natural',
    maxItems: 1,
    maxBytes: Infinity,
    frameBytes: 0,
    parallel: 8,
    async send({ values: [value] }, session) {
      if (!value) return sentNothing
      return sentOne(await becomeUser(value, session))
    },
  }
}
