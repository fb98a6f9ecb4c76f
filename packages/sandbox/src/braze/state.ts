import type { Json, JsonObject } from './json.ts'

export interface BrazeAlias {
  readonly alias_name: string
  readonly alias_label: string
}
/** How often a person did one thing; times in ISO 8601 UTC. */
export interface BrazeTally {
  readonly name: string
  readonly first: string
  readonly last: string
  readonly count: number
}
/** A user as stored. `standard` holds Braze's reserved fields under their own names. */
export interface BrazeProfile {
  readonly braze_id: string
  readonly external_id?: string
  readonly deprecated_external_ids: readonly string[]
  readonly user_aliases: readonly BrazeAlias[]
  readonly created_at: string
  readonly updated_at: string
  readonly random_bucket: number
  readonly standard: JsonObject
  readonly custom_attributes: JsonObject
  readonly custom_events: readonly BrazeTally[]
  readonly purchases: readonly BrazeTally[]
  readonly total_revenue: number
  readonly subscription_groups: Readonly<Record<string, 'Subscribed' | 'Unsubscribed'>>
}
export interface BrazeEvent {
  readonly braze_id: string
  readonly external_id?: string
  readonly name: string
  /** As stored: never later than when it was taken. */
  readonly time: string
  readonly properties: JsonObject
  readonly app_id?: string
}
export interface BrazePurchase extends Omit<BrazeEvent, 'name'> {
  readonly product_id: string
  readonly currency: string
  readonly price: number
  readonly quantity: number
}
export type AttributeType = 'String' | 'Number' | 'Boolean' | 'Time' | 'Array' | 'Object' | 'Object Array'
export interface BrazeCustomAttribute {
  readonly name: string
  readonly type: AttributeType
  /** Set by hand in the dashboard, not by the first value seen. */
  readonly forced?: boolean
  readonly description?: string
  /** A blocklisted attribute takes no values. */
  readonly status?: 'Active' | 'Blocklisted'
  readonly tag_names?: readonly string[]
}
/** Members are named one by one, or are those with a boolean attribute of that value. */
export interface BrazeSegment {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly archived?: boolean
  readonly analytics_tracking_enabled?: boolean
  readonly members?: readonly string[]
  readonly rule?: { readonly attribute: string; readonly equals: boolean }
}
interface Startable {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly archived?: boolean
  readonly draft?: boolean
  /** False is "paused". @default true */
  readonly enabled?: boolean
  /** @default 'api_triggered' */
  readonly schedule_type?: 'api_triggered' | 'action_based' | 'time_based'
  readonly channels?: readonly string[]
  /** The dashboard's own audience: a segment id. @default everybody */
  readonly audience?: string
  readonly last_edited?: string
}
export interface BrazeCampaign extends Startable {
  /** @default 'standard' */
  readonly kind?: 'standard' | 'api' | 'transactional'
  readonly messages?: JsonObject
}
export interface BrazeCanvas extends Startable {
  readonly variants?: readonly JsonObject[]
  readonly steps?: readonly JsonObject[]
}
export interface BrazeSubscriptionGroup {
  readonly id: string
  readonly name: string
  readonly channel: 'email' | 'sms' | 'whats_app'
}
/** One person who got one message, campaign or Canvas entry. */
export interface BrazeSend {
  readonly dispatch_id: string
  readonly kind: 'campaign' | 'canvas' | 'message' | 'transactional'
  /** Of the campaign or Canvas; absent for a message without one. */
  readonly id?: string
  readonly at: string
  readonly braze_id: string
  readonly external_user_id?: string
  readonly user_alias?: BrazeAlias
  /** What Liquid would see: top-level keys with the recipient's own laid over them. */
  readonly properties: JsonObject
  readonly channels: readonly string[]
  readonly send_id?: string
  readonly external_send_id?: string
  readonly messages?: JsonObject
}
/** Asked for and not sent; Braze says nothing about these. */
export interface BrazeUnsent {
  readonly dispatch_id: string
  readonly kind: BrazeSend['kind']
  readonly id?: string
  readonly recipient: Json
  readonly because: 'unknown-user' | 'ambiguous' | 'not-in-audience' | 'not-reachable' | 'not-live'
}
export interface BrazeExport {
  readonly segment_id: string
  readonly object_prefix: string
  readonly state: 'running' | 'ready'
  readonly users: number
  readonly callback_endpoint?: string
}
/** All a sandbox holds. */
export interface BrazeState {
  readonly profiles: readonly BrazeProfile[]
  /** In the order they were stored. */
  readonly events: readonly BrazeEvent[]
  readonly purchases: readonly BrazePurchase[]
  readonly custom_attributes: readonly BrazeCustomAttribute[]
  readonly segments: readonly (BrazeSegment & { readonly size: number })[]
  readonly campaigns: readonly BrazeCampaign[]
  readonly canvases: readonly BrazeCanvas[]
  readonly subscription_groups: readonly BrazeSubscriptionGroup[]
  readonly sends: readonly BrazeSend[]
  readonly unsent: readonly BrazeUnsent[]
  readonly send_ids: readonly string[]
  readonly exports: readonly BrazeExport[]
  /** What would be on the bill. */
  readonly data_points: {
    readonly attributes: number
    readonly events: number
    readonly purchases: number
    readonly total: number
  }
  /** Attribute values that were accepted with 201 and then not stored, by attribute and reason. */
  readonly lost_values: Readonly<Record<string, number>>
  /** Body fields that Braze does not know and passed over, by endpoint. */
  readonly ignored_fields: Readonly<Record<string, readonly string[]>>
  /** Requests accepted and not yet worked off (deletes, merges, exports). */
  readonly queued: number
}
type Loose<T> = { readonly [K in keyof T]?: T[K] }
/** What to put in; anything left out gets a default. Events and purchases name their user by `external_id`. */
export interface BrazeSeed {
  readonly profiles?: readonly Loose<BrazeProfile>[]
  readonly events?: readonly (Loose<BrazeEvent> & {
    readonly external_id: string
    readonly name: string
    readonly time: string
  })[]
  readonly custom_attributes?: readonly BrazeCustomAttribute[]
  readonly segments?: readonly BrazeSegment[]
  readonly campaigns?: readonly BrazeCampaign[]
  readonly canvases?: readonly BrazeCanvas[]
  readonly subscription_groups?: readonly BrazeSubscriptionGroup[]
}
