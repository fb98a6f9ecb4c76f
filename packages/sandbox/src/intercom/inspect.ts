import { membersOf } from './routes/segments.ts'
import type { Counters, IntercomContext } from './state.ts'
import type {
  CompanyFields,
  ContactFields,
  DataAttribute,
  EventName,
  EventSummary,
  MergeRecord,
  Note,
  SegmentFields,
  SentMessage,
  StoredEvent,
  SubscriptionType,
  Visitor,
} from './stored.ts'

export type ContactState = ContactFields & {
  /** Ids, each with the second it was put on. */
  readonly tags: readonly { readonly id: string; readonly applied_at: number }[]
  readonly companies: readonly string[]
  readonly subscriptions: readonly string[]
  readonly merge_history: readonly MergeRecord[]
}
export interface TagState {
  readonly id: string
  readonly name: string
  readonly contacts: readonly string[]
  readonly companies: readonly string[]
}
/** Everything stored, as plain data. Times are Unix seconds. */
export interface IntercomState {
  readonly contacts: readonly ContactState[]
  readonly companies: readonly CompanyFields[]
  readonly tags: readonly TagState[]
  /** With the contacts that search finds in them now. */
  readonly segments: readonly (SegmentFields & { readonly contacts: readonly string[] })[]
  readonly dataAttributes: readonly DataAttribute[]
  /** In order of arrival; ignored duplicates are only counted. */
  readonly events: readonly StoredEvent[]
  readonly eventNames: readonly EventName[]
  readonly eventSummaries: readonly (EventSummary & { readonly contact_id: string })[]
  readonly subscriptionTypes: readonly SubscriptionType[]
  readonly messages: readonly SentMessage[]
  readonly visitors: readonly Visitor[]
  readonly notes: readonly Note[]
  readonly counters: Readonly<Counters>
}

export function inspectStore(context: IntercomContext): IntercomState {
  const store = context.store()
  return structuredClone({
    contacts: store.contactOrder.map(
      ({ tags, companies, subscriptions, notes: _notes, mergeHistory, ...fields }) => ({
        ...fields,
        tags: [...tags].map(([id, applied_at]) => ({ id, applied_at })),
        companies: [...companies],
        subscriptions: [...subscriptions],
        merge_history: mergeHistory,
      }),
    ),
    companies: [...store.companies.values()].map(({ contacts: _contacts, tags: _tags, ...fields }) => fields),
    tags: [...store.tags.values()].map(({ id, name, contacts, companies }) => ({
      id,
      name,
      contacts: [...contacts],
      companies: [...companies],
    })),
    segments: [...store.segments.values()].map(({ members: _members, ...fields }) => ({
      ...fields,
      contacts: membersOf({ ...fields, members: _members }, context),
    })),
    dataAttributes: [...store.attributes.values()],
    events: store.events,
    eventNames: [...store.eventNames.values()],
    eventSummaries: [...store.eventLogs].flatMap(([contact_id, { summaries }]) =>
      [...summaries.values()].map((summary) => ({ contact_id, ...summary })),
    ),
    subscriptionTypes: [...store.subscriptionTypes.values()],
    messages: store.messages,
    visitors: [...store.visitors.values()],
    notes: [...store.notes.values()],
    counters: store.counters,
  })
}
