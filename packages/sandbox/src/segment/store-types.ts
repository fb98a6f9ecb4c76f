import type { Condition } from './audience/ast.ts'

export type Json = Readonly<Record<string, unknown>>
export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const callTypes = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const
export type CallType = (typeof callTypes)[number]

/** A message as Segment keeps it: what was sent, plus the server's own times. */
export interface StoredMessage {
  readonly messageId: string
  readonly type: CallType
  readonly sourceId: string
  readonly userId?: string
  readonly anonymousId?: string
  readonly event?: string
  readonly name?: string
  readonly category?: string
  readonly groupId?: string
  readonly previousId?: string
  readonly properties?: Json
  readonly traits?: Json
  readonly context: Json
  readonly integrations: Json
  readonly originalTimestamp: string
  readonly sentAt: string
  readonly receivedAt: string
  /** `receivedAt - (sentAt - originalTimestamp)`. */
  readonly timestamp: string
  readonly version: 2
}
export interface Source {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly enabled: boolean
  readonly writeKeys: readonly string[]
  readonly metadataId: string
  readonly settings: Json
  readonly spaceIds: readonly string[]
  readonly requiresOAuth: boolean
}
/** Answered with 200 and not ingested; `code` is what Delivery Overview shows under "failed on ingest". */
export interface Rejection {
  readonly at: string
  readonly code: string
  readonly sourceId: string | undefined
  readonly type: string | undefined
  readonly messageId: string | undefined
  readonly index: number
}
/** Ingested, but lost on the way to profiles, or suppressed; the vendor shows this nowhere. */
export interface Drop {
  readonly at: string
  readonly reason: string
  readonly messageId: string
  readonly spaceId: string | undefined
}
export interface Duplicate {
  readonly at: string
  readonly messageId: string
  readonly sourceId: string
}
export interface TraitValue {
  readonly value: unknown
  readonly sourceId: string
  readonly updatedAtMs: number
  readonly kind: 'custom' | 'audience'
}
export interface ExternalId {
  readonly type: string
  readonly id: string
  readonly sourceId: string
  readonly createdAtMs: number
  readonly firstMessageId: string
}
export interface ProfileEvent {
  readonly event: string
  readonly properties: Json
  readonly atMs: number
  readonly message: StoredMessage
}
export type Collection = 'users' | 'accounts'
export interface Profile {
  readonly id: string
  readonly collection: Collection
  readonly traits: Map<string, TraitValue>
  readonly externalIds: ExternalId[]
  readonly events: ProfileEvent[]
  readonly eventsByName: Map<string, ProfileEvent[]>
  readonly links: Set<string>
  readonly consent: Map<string, boolean | 'conflict'>
  readonly createdAtMs: number
  readonly firstMessageId: string
  readonly firstSourceId: string
  merges: number
  updatedAtMs: number
  lastMessageId: string
  lastSourceId: string
}
export interface AudienceOptions {
  readonly includeHistoricalData?: boolean
  readonly filterByExternalIds?: readonly string[]
  readonly backfillEventDataDays?: number
}
export interface Audience {
  readonly id: string
  readonly key: string
  readonly audienceType: 'USERS' | 'ACCOUNTS'
  readonly createdAtMs: number
  name: string
  description: string
  enabled: boolean
  query: string
  condition: Condition
  options: AudienceOptions
  cadence: 'REALTIME' | 'BATCH'
  /** Membership changes as time passes, without any new message. */
  timeDependent: boolean
  updatedAtMs: number
  /** When the backfill of the present definition is done. */
  readyAtMs: number
  backfilled: boolean
  edited: boolean
  nextBatchAtMs: number
  readonly members: Set<string>
}
export interface Preview {
  readonly id: string
  readonly query: string
  readonly condition: Condition
  readonly audienceType: 'USERS' | 'ACCOUNTS'
  readonly options: AudienceOptions
  readonly readyAtMs: number
}
export interface SeenName {
  readonly kind: string
  lastSeenAtMs: number
  readonly fields: Map<string, SeenField>
}
export interface SeenField {
  type: string
  lastSeenAtMs: number
  readonly samples: string[]
}
export interface Space {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly profiles: Map<string, Profile>
  /** `collection|type|value` to profile id. */
  readonly index: Map<string, string>
  readonly mergedInto: Map<string, string>
  readonly audiences: Map<string, Audience>
  readonly usedKeys: Set<string>
  readonly previews: Map<string, Preview>
  readonly events: Map<string, SeenName>
  readonly traits: { readonly users: Map<string, SeenField>; readonly accounts: Map<string, SeenField> }
  readonly consentCategories: Set<string>
  pending: { readonly dueAtMs: number; readonly message: StoredMessage }[]
  nextPending: number
  nextComputeAtMs: number
}
export type RegulationStatus = 'INITIALIZED' | 'RUNNING' | 'FINISHED'
export interface Regulation {
  readonly id: string
  readonly regulationType: string
  readonly subjectType: 'USER_ID'
  readonly subjectIds: readonly string[]
  readonly createdAtMs: number
  readonly suppressAtMs: number
  readonly finishAtMs: number
  suppressed: boolean
  finished: boolean
}
export interface TrackingRule {
  readonly type: string
  readonly key?: string
  readonly jsonSchema: unknown
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
}
export interface TrackingPlan {
  readonly id: string
  readonly type: string
  readonly slug: string
  readonly createdAt: string
  name: string
  description: string
  updatedAt: string
  readonly rules: Map<string, TrackingRule>
}
export interface Destination {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly sourceId: string
  readonly metadataId: string
  readonly settings: Json
}
