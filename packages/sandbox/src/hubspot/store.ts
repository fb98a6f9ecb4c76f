import { createDelayQueue, type DelayQueue } from './delay-queue.ts'
import { definedProperties, type PropertyDefinition, type PropertyGroup } from './property-definitions.ts'
import type { JsonObject } from './body.ts'

export type ObjectType = 'contacts' | 'companies'
export const objectTypes = {
  contacts: {
    id: '0-1',
    singular: 'Contact',
    modified: 'lastmodifieddate',
    shown: ['email', 'firstname', 'lastname'],
  },
  companies: { id: '0-2', singular: 'Company', modified: 'hs_lastmodifieddate', shown: ['domain', 'name'] },
} as const satisfies Record<ObjectType, object>

export interface HistoryEntry {
  readonly value: string
  readonly timestamp: string
  readonly sourceType: string
  readonly sourceId: string
}
export interface CrmRecord {
  readonly id: string
  readonly type: ObjectType
  /** Never changed in place: the search index keeps older ones. Cleared properties are absent. */
  properties: Readonly<Record<string, string>>
  /** Newest first. */
  readonly history: Map<string, HistoryEntry[]>
  readonly createdAtMs: number
  updatedAtMs: number
  archivedAtMs?: number
}
/** One record as search knows it. */
export interface IndexedRecord {
  readonly record: CrmRecord
  readonly properties: Readonly<Record<string, string>>
  readonly updatedAtMs: number
}
export interface ObjectStore {
  readonly type: ObjectType
  readonly records: Map<string, CrmRecord>
  /** Ascending, archived ones included. */
  readonly ids: string[]
  /** Unique property → value in comparable form → record id. */
  readonly unique: Map<string, Map<string, string>>
  /** Id of a merged record → the record it became. */
  readonly mergedInto: Map<string, string>
  readonly indexed: Map<string, IndexedRecord>
  readonly properties: Map<string, PropertyDefinition>
  /** Archived properties keep their name. */
  readonly archivedProperties: Map<string, PropertyDefinition>
  readonly groups: Map<string, PropertyGroup>
}
export interface StoredList {
  readonly listId: string
  name: string
  readonly objectTypeId: string
  readonly processingType: 'MANUAL' | 'DYNAMIC' | 'SNAPSHOT'
  readonly filterBranch?: JsonObject
  readonly createdAtMs: number
  updatedAtMs: number
  readonly completeAtMs: number
  /** Record id → joined at, ms. What writes answer from. */
  readonly members: Map<string, number>
  /** The same, as membership reads see it. */
  readonly visible: Map<string, number>
  readonly firstAdded: Map<string, number>
  deleted: boolean
}
export interface StoredEventDefinition {
  readonly id: string
  readonly name: string
  readonly fullyQualifiedName: string
  readonly objectTypeId: string
  readonly label: string
  readonly description?: string
  readonly primaryObject: string
  readonly primaryObjectId: string
  readonly matching?: { readonly eventPropertyName: string; readonly targetObjectPropertyName: string }
  readonly properties: Map<string, PropertyDefinition>
  readonly createdAtMs: number
  updatedAtMs: number
}
export interface StoredEvent {
  readonly id: string
  readonly eventType: string
  readonly objectTypeId: string
  readonly objectType: string
  readonly objectId: string
  readonly occurredAt: string
  readonly properties: Readonly<Record<string, string>>
  readonly uuid?: string
}
export interface StoredFlow {
  readonly body: JsonObject
  readonly id: string
  readonly revisionId: string
  readonly createdAtMs: number
  /** What happens before it is missed. */
  readonly warmAtMs: number
  readonly completeAtMs: number
}
export interface Enrollment {
  readonly flowId: string
  readonly objectId: string
  readonly at: string
  readonly via:
    | {
        readonly kind: 'event'
        readonly eventTypeId: string
        readonly eventId: string
        readonly properties: Readonly<Record<string, string>>
      }
    | { readonly kind: 'list'; readonly listId: string }
}
export interface SubscriptionDefinition {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly isActive: boolean
  readonly isDefault: boolean
  readonly isInternal: boolean
  readonly purpose: string
  readonly communicationMethod: string
  readonly createdAt: string
  readonly updatedAt: string
}
export interface SubscriptionStatus {
  readonly status: 'SUBSCRIBED' | 'UNSUBSCRIBED' | 'NOT_SPECIFIED'
  /** `API`, or `CONTACT` when the person did it himself: then it is sticky. */
  readonly source: string
  readonly timestamp: string
  readonly legalBasis?: string
  readonly legalBasisExplanation?: string
}
export interface Store {
  nextId: number
  readonly objects: Readonly<Record<ObjectType, ObjectStore>>
  /** "fromType fromId toType" → other id → association type ids. */
  readonly associations: Map<string, Map<string, Set<number>>>
  readonly lists: Map<string, StoredList>
  /** "objectTypeId name in lower case" → list id. */
  readonly listNames: Map<string, string>
  /** Record id → lists it is a visible member of. */
  readonly listsOf: Map<string, Set<string>>
  /** By fully qualified name. */
  readonly eventDefinitions: Map<string, StoredEventDefinition>
  readonly eventNames: Map<string, string>
  readonly retiredEventNames: Set<string>
  readonly events: StoredEvent[]
  readonly eventsByType: Map<string, StoredEvent[]>
  readonly eventsByObject: Map<string, StoredEvent[]>
  /** "event type uuid" → accepted at, ms. */
  readonly eventUuids: Map<string, number>
  /** Tracking cookie → contact id. */
  readonly cookies: Map<string, string>
  readonly flows: Map<string, StoredFlow>
  readonly flowsByEvent: Map<string, Set<string>>
  readonly flowsByList: Map<string, Set<string>>
  readonly enrollments: Enrollment[]
  readonly enrolled: Map<string, Set<string>>
  readonly subscriptions: Map<string, SubscriptionDefinition>
  /** E-mail in lower case → subscription id (`*`: all) → status. */
  readonly consent: Map<string, Map<string, SubscriptionStatus>>
  readonly blocklist: Set<string>
  readonly oauthExpiry: Map<string, number>
  readonly queues: {
    readonly search: DelayQueue
    readonly events: DelayQueue
    readonly memberships: DelayQueue
  }
  /** What HubSpot would not tell: events answered with 204 and then lost, values of events dropped, and the like. */
  readonly counters: Record<CounterName, number>
}
export type CounterName =
  | 'eventsAccepted'
  | 'eventsStored'
  | 'eventsDuplicate'
  | 'eventsWithoutObject'
  | 'eventsLost'
  | 'eventPropertiesDropped'
  | 'enrollmentsSuppressed'
  | 'enrollmentsMissed'

export function createStore(atMs: number): Store {
  return {
    nextId: 101,
    objects: {
      contacts: createObjectStore('contacts', atMs),
      companies: createObjectStore('companies', atMs),
    },
    associations: new Map(),
    lists: new Map(),
    listNames: new Map(),
    listsOf: new Map(),
    eventDefinitions: new Map(),
    eventNames: new Map(),
    retiredEventNames: new Set(),
    events: [],
    eventsByType: new Map(),
    eventsByObject: new Map(),
    eventUuids: new Map(),
    cookies: new Map(),
    flows: new Map(),
    flowsByEvent: new Map(),
    flowsByList: new Map(),
    enrollments: [],
    enrolled: new Map(),
    subscriptions: new Map(defaultSubscriptions(atMs).map((row) => [row.id, row])),
    consent: new Map(),
    blocklist: new Set(),
    oauthExpiry: new Map(),
    queues: { search: createDelayQueue(), events: createDelayQueue(), memberships: createDelayQueue() },
    counters: {
      eventsAccepted: 0,
      eventsStored: 0,
      eventsDuplicate: 0,
      eventsWithoutObject: 0,
      eventsLost: 0,
      eventPropertiesDropped: 0,
      enrollmentsSuppressed: 0,
      enrollmentsMissed: 0,
    },
  }
}

function createObjectStore(type: ObjectType, atMs: number): ObjectStore {
  const group = `${type === 'contacts' ? 'contact' : 'company'}information`
  return {
    type,
    records: new Map(),
    ids: [],
    unique: new Map(type === 'contacts' ? [['email', new Map<string, string>()]] : []),
    mergedInto: new Map(),
    indexed: new Map(),
    properties: definedProperties(type, atMs),
    archivedProperties: new Map(),
    groups: new Map([[group, { name: group, label: group, displayOrder: 0, archived: false }]]),
  }
}

function defaultSubscriptions(atMs: number): readonly SubscriptionDefinition[] {
  const at = new Date(atMs).toISOString()
  const row = {
    isActive: true,
    isInternal: false,
    communicationMethod: 'Email',
    createdAt: at,
    updatedAt: at,
  }
  return [
    {
      ...row,
      id: '1001',
      name: 'Marketing Information',
      description: 'Offers and news',
      isDefault: true,
      purpose: 'Marketing',
    },
    {
      ...row,
      id: '1002',
      name: 'Product Updates',
      description: 'What is new',
      isDefault: false,
      purpose: 'Marketing',
    },
  ]
}

/** HubSpot takes the name, its singular and the type id. */
const objectTypeNames: Readonly<Record<string, ObjectType>> = {
  contacts: 'contacts',
  contact: 'contacts',
  '0-1': 'contacts',
  companies: 'companies',
  company: 'companies',
  '0-2': 'companies',
}
export const objectTypeOf = (name: string): ObjectType | undefined => objectTypeNames[name.toLowerCase()]
