import { createProfileIndex, type ProfileIndex } from './profile-index.ts'
import type {
  BrazeCampaign,
  BrazeCanvas,
  BrazeCustomAttribute,
  BrazeEvent,
  BrazePurchase,
  BrazeSegment,
  BrazeSend,
  BrazeSubscriptionGroup,
  BrazeUnsent,
} from './state.ts'

export interface ExportJob {
  readonly segmentId: string
  readonly prefix: string
  readonly path: string
  readonly startedAt: number
  readonly callback: string | undefined
  /** The archive, once it is finished. */
  archive: Buffer | undefined
  users: number
}
export interface HeldSubscription {
  readonly state: 'Subscribed' | 'Unsubscribed'
  readonly until: number
}
/** All of one workspace. Only `clear` and the functions that work off requests change it. */
export interface BrazeStore {
  readonly profiles: ProfileIndex
  readonly attributes: Map<string, BrazeCustomAttribute>
  readonly eventNames: Set<string>
  readonly productIds: Set<string>
  readonly events: BrazeEvent[]
  readonly purchases: BrazePurchase[]
  readonly segments: Map<string, BrazeSegment>
  readonly campaigns: Map<string, BrazeCampaign>
  readonly canvases: Map<string, BrazeCanvas>
  readonly groups: Map<string, BrazeSubscriptionGroup>
  readonly sends: BrazeSend[]
  readonly unsent: BrazeUnsent[]
  readonly sendIds: Set<string>
  readonly transactions: Map<string, { readonly dispatchId: string; readonly at: number }>
  /** By the path of the download. */
  readonly exports: Map<string, ExportJob>
  /** The export under way of a segment. */
  readonly running: Map<string, ExportJob>
  /** By user identifier, then by group: states set before the user exists. */
  readonly held: Map<string, Map<string, HeldSubscription>>
  readonly points: { attributes: number; events: number; purchases: number }
  readonly lost: Map<string, number>
  readonly ignored: Map<string, Set<string>>
  lose(attribute: string, because: string): void
  clear(): void
}

export function createStore(): BrazeStore {
  const store: BrazeStore = {
    profiles: createProfileIndex(),
    attributes: new Map(),
    eventNames: new Set(),
    productIds: new Set(),
    events: [],
    purchases: [],
    segments: new Map(),
    campaigns: new Map(),
    canvases: new Map(),
    groups: new Map(),
    sends: [],
    unsent: [],
    sendIds: new Set(),
    transactions: new Map(),
    exports: new Map(),
    running: new Map(),
    held: new Map(),
    points: { attributes: 0, events: 0, purchases: 0 },
    lost: new Map(),
    ignored: new Map(),
    lose(attribute, because) {
      const key = `${attribute}: ${because}`
      store.lost.set(key, (store.lost.get(key) ?? 0) + 1)
    },
    clear() {
      for (const value of Object.values(store) as unknown[]) {
        if (Array.isArray(value)) value.length = 0
        else if (value instanceof Map || value instanceof Set) value.clear()
      }
      store.profiles.clear()
      Object.assign(store.points, { attributes: 0, events: 0, purchases: 0 })
    },
  }
  return store
}
