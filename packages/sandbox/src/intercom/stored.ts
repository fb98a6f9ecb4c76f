export type Scalar = string | number | boolean
export type AttributeType = 'string' | 'integer' | 'float' | 'boolean' | 'date'
export type ContactRole = 'user' | 'lead'
/** `archived` can come back; `deleted` keeps its identifiers reserved; `merged` points at another contact. */
export type ContactStanding = 'active' | 'archived' | 'deleted' | 'merged'

export interface MergeRecord {
  readonly source_contact_id: string
  readonly source_contact_role: ContactRole
  /** Unix seconds, as all times here. */
  readonly merged_at: number
}
/** A contact's own fields, as stored. */
export interface ContactFields {
  readonly id: string
  role: ContactRole
  external_id: string | null
  email: string | null
  email_verified: boolean | null
  phone: string | null
  name: string | null
  avatar: string | null
  owner_id: string | null
  unsubscribed_from_emails: boolean
  signed_up_at: number | null
  last_seen_at: number | null
  last_contacted_at: number | null
  created_at: number
  updated_at: number
  custom_attributes: Record<string, Scalar>
  standing: ContactStanding
  blocked: boolean
  merged_into: string | null
}
export interface Contact extends ContactFields {
  /** Tag id → when it was put on. */
  readonly tags: Map<string, number>
  readonly companies: Set<string>
  /** Explicit choices: opted out of an `opt_out` type, or into an `opt_in` type. */
  readonly subscriptions: Set<string>
  readonly notes: string[]
  readonly mergeHistory: MergeRecord[]
}
export interface CompanyFields {
  readonly id: string
  readonly company_id: string
  name: string | null
  plan: string | null
  size: number | null
  website: string | null
  industry: string | null
  monthly_spend: number
  remote_created_at: number | null
  last_request_at: number | null
  created_at: number
  updated_at: number
  custom_attributes: Record<string, Scalar>
}
export interface Company extends CompanyFields {
  readonly contacts: Set<string>
  readonly tags: Set<string>
}
export interface Tag {
  readonly id: string
  name: string
  readonly contacts: Set<string>
  readonly companies: Set<string>
}
export interface SegmentFields {
  readonly id: string
  readonly name: string
  readonly person_type: 'contact' | 'user'
  readonly created_at: number
  readonly updated_at: number
  /** A search query that decides who is in. Segments without one have fixed members. */
  readonly rule: Readonly<Record<string, unknown>> | null
}
export interface Segment extends SegmentFields {
  readonly members: ReadonlySet<string>
}
export interface DataAttribute {
  readonly id: number
  readonly name: string
  readonly model: 'contact' | 'company'
  readonly data_type: AttributeType
  options: readonly string[] | null
  description: string | null
  messenger_writable: boolean
  archived: boolean
  readonly created_at: number
  updated_at: number
}
export type MetadataValue = Scalar | null | Readonly<Record<string, string | number>>
export interface StoredEvent {
  readonly id: string
  readonly event_name: string
  readonly created_at: number
  intercom_user_id: string
  readonly metadata: Readonly<Record<string, MetadataValue>>
}
export interface EventSummary {
  readonly name: string
  first: number
  last: number
  count: number
}
export interface EventName {
  /** In the spelling first seen; names do not differ by case. */
  readonly name: string
  /** Metadata keys that can be filtered on: the first ten ever seen, each with its first type. */
  readonly metadata: Record<string, string>
}
export interface SubscriptionType {
  readonly id: string
  readonly name: string
  readonly state: 'live' | 'draft' | 'archived'
  readonly consent_type: 'opt_out' | 'opt_in'
  readonly content_types: readonly ('email' | 'sms_message')[]
}
/** One send started over the API. */
export interface SentMessage {
  readonly id: string
  readonly message_type: 'inapp' | 'email'
  readonly from: string
  readonly to: readonly string[]
  readonly cc: readonly string[]
  readonly bcc: readonly string[]
  readonly subject: string | null
  readonly body: string
  readonly template: string | null
  readonly created_at: number
}
export interface Visitor {
  readonly id: string
  readonly user_id: string
  readonly email: string | null
  readonly name: string | null
  readonly created_at: number
}
export interface Note {
  readonly id: string
  contact_id: string
  readonly author_id: string
  readonly body: string
  readonly created_at: number
}
