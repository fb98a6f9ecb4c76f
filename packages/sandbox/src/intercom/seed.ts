import { addContact, newContact } from './contact-store.ts'
import { ensureEventName, foldName, storeEvent, summarise } from './event-store.ts'
import type { ContactState, IntercomState } from './inspect.ts'
import { addCompany, newCompany } from './routes/companies.ts'
import { addAttribute } from './routes/data-attributes.ts'
import { eventLogOf, type IntercomContext } from './state.ts'
import type {
  CompanyFields,
  Contact,
  DataAttribute,
  EventSummary,
  Note,
  SegmentFields,
  SentMessage,
  StoredEvent,
  SubscriptionType,
  Visitor,
} from './stored.ts'
import { addTag, tagCompany } from './tag-store.ts'

type Given<Whole, Needed extends keyof Whole> = Pick<Whole, Needed> & Partial<Whole>

/**
 * Parts of `IntercomState`; what is left out is made up or empty. Seeded contacts are in the search index at once.
 * `segments[].contacts` are the members of segments without a `rule`.
 */
export interface IntercomSeed {
  readonly contacts?: readonly Partial<ContactState>[]
  readonly companies?: readonly Given<CompanyFields, 'company_id'>[]
  readonly tags?: readonly {
    id?: string
    name: string
    contacts?: readonly string[]
    companies?: readonly string[]
  }[]
  readonly segments?: readonly (Given<SegmentFields, 'name'> & { readonly contacts?: readonly string[] })[]
  readonly dataAttributes?: readonly Given<DataAttribute, 'name' | 'data_type'>[]
  readonly events?: readonly Given<StoredEvent, 'event_name' | 'created_at' | 'intercom_user_id'>[]
  readonly eventNames?: IntercomState['eventNames']
  readonly eventSummaries?: readonly (EventSummary & { readonly contact_id: string })[]
  readonly subscriptionTypes?: readonly Given<SubscriptionType, 'id' | 'consent_type'>[]
  readonly messages?: readonly SentMessage[]
  readonly visitors?: readonly Given<Visitor, 'user_id'>[]
  readonly notes?: readonly Note[]
  readonly counters?: Partial<IntercomState['counters']>
}

/** Order matters: tags, companies and contacts before what points at them. */
export function seedStore(seed: IntercomSeed, context: IntercomContext): void {
  seedDefinitions(seed, context)
  const contacts = (seed.contacts ?? []).map((contact) => seedContact(contact, context))
  seedMembers(seed, context)
  seedEvents(seed, context)
  const store = context.store()
  for (const note of seed.notes ?? []) {
    store.notes.set(note.id, { ...note })
    store.contacts.get(note.contact_id)?.notes.push(note.id)
  }
  store.messages.push(...(seed.messages ?? []))
  Object.assign(store.counters, seed.counters)
  const tagged = (seed.tags ?? []).flatMap((tag) => tag.contacts ?? [])
  for (const contact of [...contacts, ...tagged.map((id) => store.contacts.get(id))])
    if (contact?.standing === 'active') store.index.put(contact, 0)
  store.index.touch()
}
function seedDefinitions(seed: IntercomSeed, context: IntercomContext): void {
  const store = context.store()
  const now = context.nowSeconds()
  for (const { name, data_type, ...given } of seed.dataAttributes ?? [])
    addAttribute(store, {
      id: store.ids.number(),
      model: 'contact',
      options: null,
      description: null,
      messenger_writable: false,
      archived: false,
      created_at: now,
      updated_at: now,
      ...given,
      name,
      data_type,
    })
  for (const type of seed.subscriptionTypes ?? [])
    store.subscriptionTypes.set(type.id, { name: type.id, state: 'live', content_types: ['email'], ...type })
  for (const given of seed.visitors ?? []) {
    const visitor = { id: store.ids.objectId(), email: null, name: null, created_at: now, ...given }
    store.visitors.set(visitor.id, visitor)
    store.visitorByUserId.set(visitor.user_id, visitor)
  }
  for (const { custom_attributes, ...given } of seed.companies ?? []) {
    const company = newCompany(given.id ?? store.ids.objectId(), given.company_id, now)
    addCompany(store, Object.assign(company, given, { custom_attributes: { ...custom_attributes } }))
  }
}

function seedContact(given: Partial<ContactState>, context: IntercomContext): Contact {
  const store = context.store()
  const { tags: _tags, companies = [], subscriptions = [], merge_history: history = [], ...fields } = given
  if (fields.id !== undefined && store.contacts.has(fields.id))
    throw new Error(`contact ${fields.id} is there already`)
  const role = fields.role ?? 'user'
  const contact = newContact({
    created_at: context.nowSeconds(),
    ...fields,
    id: fields.id ?? store.ids.objectId(),
    role,
    email: fields.email?.toLowerCase() ?? null,
    external_id: fields.external_id ?? (role === 'lead' ? store.ids.uuid() : null),
    custom_attributes: { ...fields.custom_attributes },
  })
  for (const id of companies) {
    contact.companies.add(id)
    store.companies.get(id)?.contacts.add(contact.id)
  }
  for (const id of subscriptions) contact.subscriptions.add(id)
  contact.mergeHistory.push(...history)
  addContact(store, contact)
  return contact
}

function seedMembers(seed: IntercomSeed, context: IntercomContext): void {
  const store = context.store()
  const now = context.nowSeconds()
  for (const { id, name, contacts = [], companies = [] } of seed.tags ?? []) {
    const tag = addTag(store, id ?? String(store.ids.number()), name)
    for (const contactId of contacts) {
      tag.contacts.add(contactId)
      store.contacts.get(contactId)?.tags.set(tag.id, now)
    }
    for (const companyId of companies) {
      const company = store.companies.get(companyId)
      if (company) tagCompany(tag, company, true)
    }
  }
  for (const contact of seed.contacts ?? [])
    for (const { id, applied_at } of contact.tags ?? []) {
      const tagged = store.contacts.get(contact.id ?? '')
      if (tagged) store.tags.get(id)?.contacts.add(tagged.id)
      tagged?.tags.set(id, applied_at)
    }
  for (const { contacts = [], ...given } of seed.segments ?? []) {
    const segment = {
      id: store.ids.objectId(),
      person_type: 'user' as const,
      created_at: now,
      updated_at: now,
      rule: null,
      ...given,
      members: new Set(contacts),
    }
    store.segments.set(segment.id, segment)
  }
}

function seedEvents(seed: IntercomSeed, context: IntercomContext): void {
  const store = context.store()
  for (const { name, metadata } of seed.eventNames ?? [])
    store.eventNames.set(name.toLowerCase(), { name, metadata: { ...metadata } })
  for (const { event_name, created_at, intercom_user_id, metadata = {} } of seed.events ?? []) {
    const contact = store.contacts.get(intercom_user_id)
    const definition = ensureEventName(store, foldName(event_name), Infinity)
    if (contact && definition) storeEvent(store, contact, definition, { event_name, created_at, metadata })
  }
  for (const { contact_id, ...summary } of seed.eventSummaries ?? []) {
    eventLogOf(store, contact_id).summaries.delete(summary.name.toLowerCase())
    summarise(store, contact_id, summary.name, summary)
  }
}
