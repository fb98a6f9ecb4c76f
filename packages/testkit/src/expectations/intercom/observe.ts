import type { Value, Values } from '@tripline/model'
import { createPictureBuilder } from '../picture-builder.ts'
import type { Picture } from '../picture.ts'
import { companyFields, contactFields, eventKey } from './tables.ts'

interface Contact extends Readonly<Record<string, unknown>> {
  readonly id: string
  readonly external_id: string | null
  readonly role: 'user' | 'lead'
  readonly standing: 'active' | 'archived' | 'deleted' | 'merged'
  readonly custom_attributes: Values
  readonly unsubscribed_from_emails: boolean
  readonly tags: readonly { readonly id: string }[]
  readonly companies: readonly string[]
  readonly subscriptions: readonly string[]
}
interface Company extends Readonly<Record<string, unknown>> {
  readonly id: string
  readonly company_id: string
  readonly custom_attributes: Values
}
/** The parts of the simulator's state that are read; it is plain data, in Intercom's own words. */
interface State {
  readonly contacts: readonly Contact[]
  readonly companies: readonly Company[]
  readonly events: readonly {
    readonly event_name: string
    readonly created_at: number
    readonly intercom_user_id: string
    readonly metadata: Values
  }[]
}

/** What the simulator of Intercom holds. */
export function observeIntercom(state: unknown): Picture {
  const { contacts, companies, events } = state as State
  const picture = createPictureBuilder('intercom')
  const names = new Map(contacts.map((contact) => [contact.id, nameOf(contact)]))
  const groups = new Map(companies.map((company) => [company.id, company.company_id]))
  const fields = (name: string, from: Contact | Company, table: Readonly<Record<string, string>>): void => {
    for (const field of Object.values(table)) {
      const value = (from[field] ?? null) as Value
      // A company that nobody gave an amount has none.
      if (value !== null && !(field === 'monthly_spend' && value === 0)) picture.setFact(name, field, [value])
    }
    for (const [field, value] of Object.entries(from.custom_attributes)) picture.setFact(name, field, [value])
  }
  for (const contact of contacts) {
    const name = names.get(contact.id) ?? contact.id
    if (contact.standing !== 'active') continue
    fields(name, contact, contactFields)
    if (contact.unsubscribed_from_emails) picture.setFact(name, 'unsubscribed_from_emails', [true])
    for (const { id } of contact.tags) picture.setFact(name, `in segment ${id}`, [true])
    for (const id of contact.companies) picture.setFact(name, `in group ${groups.get(id) ?? id}`, [true])
    for (const id of contact.subscriptions) picture.setFact(name, `consent ${id}`, [true])
  }
  for (const company of companies) fields(`group:${company.company_id}`, company, companyFields)
  for (const { event_name, created_at, intercom_user_id, metadata } of events)
    picture.addEvent({
      person: names.get(intercom_user_id) ?? `vendor:${intercom_user_id}`,
      name: eventKey(event_name),
      at: new Date(created_at * 1_000).toISOString(),
      properties: metadata,
    })
  return picture.build()
}

const nameOf = ({ id, role, external_id }: Contact): string =>
  role === 'user' && external_id !== null ? `user:${external_id}` : `vendor:${id}`
