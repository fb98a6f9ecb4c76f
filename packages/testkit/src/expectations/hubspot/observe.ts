import type { Value, Values } from '@tripline/model'
import { createPictureBuilder } from '../picture-builder.ts'
import type { Picture } from '../picture.ts'
import { isServerMade } from './tables.ts'

interface Stored {
  readonly id: string
  readonly properties: Readonly<Record<string, string>>
  readonly archived: boolean
}
/** The parts of the simulator's state that are read; it is plain data, in HubSpot's own words. */
interface State {
  readonly contacts: readonly Stored[]
  readonly companies: readonly Stored[]
  readonly associations: readonly { readonly contactId: string; readonly companyId: string }[]
  readonly lists: readonly {
    readonly listId: string
    readonly processingType: string
    readonly members: readonly string[]
  }[]
  readonly events: readonly {
    readonly eventType: string
    readonly objectId: string
    readonly occurredAt: string
    readonly properties: Values
  }[]
  readonly consent: readonly {
    readonly email: string
    readonly subscriptionId: string
    readonly status: string
  }[]
}
export interface HubSpotIdProperties {
  /** @default 'tripline_user_id' */
  readonly contact?: string
  /** @default 'tripline_group_id' */
  readonly company?: string
}

/** What the simulator of HubSpot holds. */
export function observeHubSpot(state: unknown, idProperties: HubSpotIdProperties = {}): Picture {
  const { contact: idOfContact = 'tripline_user_id', company: idOfCompany = 'tripline_group_id' } =
    idProperties
  const { contacts, companies, associations, lists, events, consent } = state as State
  const picture = createPictureBuilder('hubspot')
  const people = new Map(contacts.map((one) => [one.id, nameOf(one, idOfContact, 'user')]))
  const groups = new Map(companies.map((one) => [one.id, nameOf(one, idOfCompany, 'group')]))
  const tell = (records: readonly Stored[], names: ReadonlyMap<string, string>, idProperty: string): void => {
    for (const { id, properties, archived } of records)
      for (const [name, value] of Object.entries(properties))
        if (!archived && name !== idProperty && !isServerMade(name))
          picture.setFact(names.get(id) ?? id, name, [value === '' ? null : value])
  }
  tell(contacts, people, idOfContact)
  tell(companies, groups, idOfCompany)
  const is = (id: string, what: string, value: Value = true): void =>
    picture.setFact(people.get(id) ?? `vendor:${id}`, what, [value])
  for (const { contactId, companyId } of associations)
    is(contactId, `in group ${groups.get(companyId)?.replace(/^\w+:/, '') ?? companyId}`)
  for (const { listId, processingType, members } of lists)
    if (processingType !== 'DYNAMIC') for (const id of members) is(id, `in segment ${listId}`)
  const outOfAll = new Set(
    consent.flatMap(({ email, subscriptionId, status }) =>
      subscriptionId === '*' && status === 'UNSUBSCRIBED' ? email : [],
    ),
  )
  for (const { email, subscriptionId, status } of consent)
    if (subscriptionId === '*' || !outOfAll.has(email))
      picture.setFact(`email:${email}`, `consent ${subscriptionId}`, [status])
  for (const { eventType, objectId, occurredAt, properties } of events)
    picture.addEvent({
      person: people.get(objectId) ?? `vendor:${objectId}`,
      name: eventType.replace(/^pe\d+_/, ''),
      at: occurredAt,
      properties,
    })
  return picture.build()
}

const nameOf = ({ id, properties }: Stored, idProperty: string, kind: 'user' | 'group'): string =>
  properties[idProperty] === undefined || properties[idProperty] === ''
    ? `vendor:${id}`
    : `${kind}:${properties[idProperty]}`
