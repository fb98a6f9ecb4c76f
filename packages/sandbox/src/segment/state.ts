import type { AccountSource, AccountSpace, SegmentAccount } from './account.ts'
import type {
  Destination,
  Drop,
  Duplicate,
  Regulation,
  Rejection,
  Source,
  Space,
  StoredMessage,
  TrackingPlan,
} from './store-types.ts'

/** Everything the simulated workspace holds. */
export interface Store {
  readonly sources: Map<string, Source>
  readonly sourceByWriteKey: Map<string, Source>
  readonly spaces: Map<string, Space>
  messages: StoredMessage[]
  /** messageId to the time it was first accepted, oldest first: over all sources. */
  readonly seenMessageIds: Map<string, number>
  readonly rejected: Rejection[]
  readonly dropped: Drop[]
  readonly duplicates: Duplicate[]
  /** Messages answered with 200 by the wrong region or by a silent fault. */
  lost: number
  /** Counts for Delivery Overview by stage, source, minute, event name, call type and reason. */
  readonly metrics: Map<string, MetricBucket>
  readonly regulations: Map<string, Regulation>
  readonly suppressed: Set<string>
  readonly trackingPlans: Map<string, TrackingPlan>
  readonly destinations: Map<string, Destination>
  readonly accessTokens: Map<string, { readonly scopes: readonly string[]; readonly expiresAtMs: number }>
  readonly usedAssertions: Set<string>
  nextNumber: number
}
export interface MetricBucket {
  readonly stage: 'successfully-received' | 'failed-on-ingest'
  readonly sourceId: string
  readonly minuteMs: number
  readonly eventName: string
  readonly eventType: string
  readonly reason: string
  count: number
}

export function createStore(account: SegmentAccount): Store {
  const store: Store = {
    sources: new Map(),
    sourceByWriteKey: new Map(),
    spaces: new Map(),
    messages: [],
    seenMessageIds: new Map(),
    rejected: [],
    dropped: [],
    duplicates: [],
    lost: 0,
    metrics: new Map(),
    regulations: new Map(),
    suppressed: new Set(),
    trackingPlans: new Map(),
    destinations: new Map(),
    accessTokens: new Map(),
    usedAssertions: new Set(),
    nextNumber: 1,
  }
  applyAccount(store, account)
  return store
}

/** Takes over the sources and spaces an account names; those created by the API stay. */
export function applyAccount(store: Store, account: SegmentAccount): void {
  for (const source of account.sources) putSource(store, toSource(source))
  for (const space of account.spaces)
    if (!store.spaces.has(space.id)) store.spaces.set(space.id, createSpace(space))
}

export function putSource(store: Store, source: Source): void {
  for (const key of store.sources.get(source.id)?.writeKeys ?? []) store.sourceByWriteKey.delete(key)
  store.sources.set(source.id, source)
  for (const key of source.writeKeys) store.sourceByWriteKey.set(key, source)
}

/** An id in the vendor's manner: a prefix and 22 characters; the same run gives the same ids. */
export const newId = (store: Store, prefix: string): string =>
  `${prefix}${(store.nextNumber++).toString(36).padStart(22, '0')}`

const toSource = (source: AccountSource): Source => ({
  id: source.id,
  slug: source.slug,
  name: source.name,
  enabled: source.enabled,
  writeKeys: [source.writeKey],
  metadataId: 'iUM16Md8P2',
  settings: {},
  spaceIds: source.spaceIds,
  requiresOAuth: source.requiresOAuth,
})

const createSpace = ({ id, slug, name }: AccountSpace): Space => ({
  id,
  slug,
  name,
  profiles: new Map(),
  index: new Map(),
  mergedInto: new Map(),
  audiences: new Map(),
  usedKeys: new Set(),
  previews: new Map(),
  events: new Map(),
  traits: { users: new Map(), accounts: new Map() },
  consentCategories: new Set(),
  pending: [],
  nextPending: 0,
  nextComputeAtMs: Number.POSITIVE_INFINITY,
})
