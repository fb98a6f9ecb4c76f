import { sentFrom, type Operation, type Sent, type Session } from '@tripline/kit'
import type { ContactTools } from './contacts.ts'
import { endedBy, rowsOf } from './lookup.ts'
import { emailOf, keyOf, type Contact } from './mapping/identifier.ts'
import type { Subscription } from './mapping/segments.ts'
import { noContact } from './people.ts'

export interface ConsentValue extends Subscription {
  /** Whose address it is; absent: `email` is known. */
  readonly contact?: Contact
  readonly email?: string
}

/** One status of one address a call: the batch calls need Marketing Hub Enterprise. */
export function createConsentOperation(tools: ContactTools): Operation<ConsentValue> {
  return {
    endpoint: 'POST /communication-preferences/statuses/{email}',
    ability: 'consent',
    repeat: 'natural',
    maxItems: 1,
    maxBytes: Infinity, // HubSpot documents none
    frameBytes: 0,
    parallel: 8,
    foldOf: ({ contact, email, subscriptionId }) =>
      `${contact ? keyOf(contact) : `email:${email ?? ''}`} ${subscriptionId ?? '*'}`,
    fold: (_, later) => later,
    async send({ values }, session) {
      const [value] = values
      if (!value) return { kind: 'verdicts', verdicts: [] }
      const email = value.email ?? (await addressOf(tools, value.contact, session))
      if (typeof email !== 'string') return email ?? { kind: 'refused', fault: noAddress }
      const { subscriptionId, statusState, legalBasis, legalBasisExplanation } = value
      const result = await session.request(
        subscriptionId === undefined
          ? tools.client.request('POST /communication-preferences/statuses/{email}/unsubscribe-all', {
              purpose: 'write',
              repeat: 'natural',
              parameters: { email },
              query: 'channel=EMAIL',
            })
          : tools.client.request('POST /communication-preferences/statuses/{email}', {
              purpose: 'write',
              repeat: 'natural',
              parameters: { email },
              body: JSON.stringify({
                subscriptionId,
                channel: 'EMAIL',
                statusState,
                ...(legalBasis !== undefined && { legalBasis }),
                ...(legalBasisExplanation !== undefined && { legalBasisExplanation }),
              }),
            }),
      )
      return sentFrom(result, () => ({
        kind: 'verdicts',
        verdicts: [{ outcome: { status: 'sent', proof: 'stored' } }],
      }))
    },
  }
}
const noAddress = {
  code: 'not-found',
  message: 'the contact has no e-mail address, and consent at HubSpot is kept by address',
  path: 'who.email',
} as const

/** The address of a contact, asked anew each time: people change it. */
async function addressOf(
  { client, lookup, options }: ContactTools,
  contact: Contact | undefined,
  session: Session,
): Promise<string | Sent | undefined> {
  if (!contact) return undefined
  const found = await lookup.contacts([contact], session)
  if (found.kind === 'failed') return endedBy(found.result, 'consent', session, options)
  const id = found.ids.get(keyOf(contact))
  if (id === undefined) return { kind: 'refused', fault: noContact }
  const result = await client.readContacts(session, { ids: [id], properties: ['email'] })
  if (result.kind !== 'ok') return endedBy(result, 'consent', session, options)
  const email = session.dryRun ? '{e-mail}' : rowsOf(result.answer)[0]?.properties['email']
  return email ? emailOf(email) : undefined
}
