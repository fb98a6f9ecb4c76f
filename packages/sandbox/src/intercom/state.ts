import type { SandboxClock } from '../core/index.ts'
import type { IntercomAccount } from './account.ts'
import { createIds, type IdSource } from './ids.ts'
import { createSearchIndex, type SearchIndex } from './search-index.ts'
import type {
  Company,
  Contact,
  DataAttribute,
  EventName,
  EventSummary,
  Note,
  Segment,
  SentMessage,
  StoredEvent,
  SubscriptionType,
  Tag,
  Visitor,
} from './stored.ts'

export interface EventLog {
  /** In order of arrival. */
  readonly events: StoredEvent[]
  /** By lower-case name. */
  readonly summaries: Map<string, EventSummary>
}
export interface Counters {
  /** Events answered with 202 and not stored, because one like them was there. */
  duplicateEvents: number
  /** Messages sent although one with the same recipients, kind and text was sent before. */
  repeatedMessages: number
  metadataKeysDropped: number
  textsTruncated: number
}
/** All that the workspace holds. Every look-up that a request makes is a Map or Set access. */
export interface IntercomStore {
  readonly ids: IdSource
  readonly contacts: Map<string, Contact>
  /** Every contact once, oldest first, also those archived, deleted or merged. */
  readonly contactOrder: Contact[]
  activeContacts: number
  /** Users by `external_id`; archived and deleted ones keep theirs. */
  readonly userByExternalId: Map<string, Contact>
  readonly usersByEmail: Map<string, Set<Contact>>
  readonly mergedByExternalId: Map<string, Contact>
  readonly companies: Map<string, Company>
  readonly companyByCompanyId: Map<string, Company>
  readonly companyByName: Map<string, Company>
  readonly tags: Map<string, Tag>
  /** By lower-case name. */
  readonly tagByName: Map<string, Tag>
  readonly segments: Map<string, Segment>
  readonly attributes: Map<number, DataAttribute>
  readonly attributeByName: Map<string, DataAttribute>
  readonly events: StoredEvent[]
  readonly eventLogs: Map<string, EventLog>
  /** By lower-case name. */
  readonly eventNames: Map<string, EventName>
  readonly seenEvents: Set<string>
  readonly subscriptionTypes: Map<string, SubscriptionType>
  readonly messages: SentMessage[]
  readonly seenMessages: Set<string>
  readonly visitors: Map<string, Visitor>
  readonly visitorByUserId: Map<string, Visitor>
  readonly notes: Map<string, Note>
  readonly counters: Counters
  readonly index: SearchIndex
}
export interface IntercomContext {
  readonly account: () => IntercomAccount
  readonly store: () => IntercomStore
  readonly nowSeconds: () => number
  readonly clock: SandboxClock
}

export function createStore(clock: SandboxClock): IntercomStore {
  return {
    ids: createIds(clock),
    contacts: new Map(),
    contactOrder: [],
    activeContacts: 0,
    userByExternalId: new Map(),
    usersByEmail: new Map(),
    mergedByExternalId: new Map(),
    companies: new Map(),
    companyByCompanyId: new Map(),
    companyByName: new Map(),
    tags: new Map(),
    tagByName: new Map(),
    segments: new Map(),
    attributes: new Map(),
    attributeByName: new Map(),
    events: [],
    eventLogs: new Map(),
    eventNames: new Map(),
    seenEvents: new Set(),
    subscriptionTypes: new Map(),
    messages: [],
    seenMessages: new Set(),
    visitors: new Map(),
    visitorByUserId: new Map(),
    notes: new Map(),
    counters: { duplicateEvents: 0, repeatedMessages: 0, metadataKeysDropped: 0, textsTruncated: 0 },
    index: createSearchIndex(clock),
  }
}

export function eventLogOf(store: IntercomStore, contactId: string): EventLog {
  const known = store.eventLogs.get(contactId)
  if (known) return known
  const log: EventLog = { events: [], summaries: new Map() }
  store.eventLogs.set(contactId, log)
  return log
}
