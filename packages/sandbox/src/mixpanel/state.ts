import type { CohortDefinition } from './cohort-definition.ts'

export type Properties = Record<string, unknown>

/** An event as it was kept: strings cut, `token` and `ip` gone, `time` in milliseconds. */
export interface StoredEvent {
  readonly event: string
  readonly properties: Properties
  readonly timeMs: number
  /** As it came in, before identities are joined. */
  readonly distinctId: string
  readonly insertId: string
  readonly receivedAtMs: number
}
export interface StoredCohort extends CohortDefinition {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly is_visible: boolean
  readonly is_locked: boolean
  readonly data_group_id: string | null
  readonly createdAtMs: number
  readonly editedAtMs: number
}
export interface StoredSchema {
  readonly entityType: 'event' | 'profile'
  readonly name: string
  readonly schemaJson: Properties
}
export interface Deletion {
  readonly trackingId: string
  readonly requestedAtMs: number
  readonly complianceType: string
  readonly distinctIds: readonly string[]
  status: 'PENDING' | 'STARTED' | 'SUCCESS' | 'REVOKED'
}
export interface EngageSession {
  /** Ids of the result and the profile revision they were computed at. */
  ids: readonly string[]
  revision: number
  readonly fingerprint: string
}
export interface Counters {
  eventsReceived: number
  eventsLost: number
  profileUpdates: number
  profileUpdatesLost: number
  groupUpdates: number
  queriesCounted: number
  exports: number
}

/** Everything the project keeps. Maps throughout: no request costs more than what it carries. */
export interface ProjectState {
  events: StoredEvent[]
  /** Query-time view: the copy received last for each event + time + distinct_id + $insert_id. */
  readonly latest: Map<string, StoredEvent>
  /** Raised with each change that a query can see. */
  revision: number
  readonly eventsPerDay: Map<string, number>
  readonly profiles: Map<string, Properties>
  /** Group profiles by group key, then group id. */
  readonly groups: Map<string, Map<string, Properties>>
  /** Simplified identity: the first user to claim a device keeps it. */
  readonly devices: Map<string, { readonly userId: string; readonly joinedAtMs: number }>
  /** Original identity: id → its cluster. */
  readonly clusters: Map<string, { readonly canonical: string; readonly members: Set<string> }>
  readonly cohorts: Map<number, StoredCohort>
  readonly schemas: Map<string, StoredSchema>
  readonly deletions: Map<string, Deletion>
  readonly sessions: Map<string, EngageSession>
  /** Profile updates that are not visible yet, in order. */
  readonly delayed: { readonly dueAtMs: number; readonly apply: () => void }[]
  nextId: number
  readonly counters: Counters
}

export const createState = (): ProjectState => ({
  events: [],
  latest: new Map(),
  revision: 0,
  eventsPerDay: new Map(),
  profiles: new Map(),
  groups: new Map(),
  devices: new Map(),
  clusters: new Map(),
  cohorts: new Map(),
  schemas: new Map(),
  deletions: new Map(),
  sessions: new Map(),
  delayed: [],
  nextId: 1_000_001,
  counters: {
    eventsReceived: 0,
    eventsLost: 0,
    profileUpdates: 0,
    profileUpdatesLost: 0,
    groupUpdates: 0,
    queriesCounted: 0,
    exports: 0,
  },
})

/** The key of query-time de-duplication. https://developer.mixpanel.com/reference/import-events#deduplication */
const dedupeKey = (event: StoredEvent): string =>
  JSON.stringify([event.event, event.timeMs, event.distinctId, event.insertId])

export function addEvent(state: ProjectState, event: StoredEvent): void {
  state.events.push(event)
  state.latest.set(dedupeKey(event), event)
  state.revision += 1
}
