import { addFlow } from './enrollments.ts'
import { addEventDefinition } from './event-definitions.ts'
import { readEventProperty } from './event-properties.ts'
import type { JsonObject } from './body.ts'
import { addList, listObjects, visibleMembers } from './lists.ts'
import type { Portal } from './portal.ts'
import type { PropertyDefinition } from './property-definitions.ts'
import { checkProperties, createRecord, findRecord } from './records.ts'
import { associate } from './routes/associations.ts'
import { checkFlow } from './routes/flows.ts'
import { addDefinition, readDefinition } from './routes/properties.ts'
import type {
  CounterName,
  CrmRecord,
  Enrollment,
  HistoryEntry,
  ObjectStore,
  ObjectType,
  Store,
  StoredEvent,
  StoredList,
  SubscriptionDefinition,
  SubscriptionStatus,
} from './store.ts'

interface RecordState {
  readonly id: string
  readonly properties: Readonly<Record<string, string>>
  readonly history: Readonly<Record<string, readonly HistoryEntry[]>>
  readonly createdAt: string
  readonly updatedAt: string
  readonly archived: boolean
}
interface ListState {
  readonly listId: string
  readonly name: string
  readonly objectTypeId: string
  readonly processingType: StoredList['processingType']
  readonly filterBranch?: JsonObject
  /** Record ids as membership reads see them now. */
  readonly members: readonly string[]
}
interface EventDefinitionState {
  readonly id: string
  readonly name: string
  readonly fullyQualifiedName: string
  readonly objectTypeId: string
  readonly label: string
  readonly primaryObject: string
  readonly properties: readonly PropertyDefinition[]
}
interface ConsentState {
  readonly email: string
  /** `*` is the opt-out from everything. */
  readonly subscriptionId: string
  readonly status: SubscriptionStatus['status']
  readonly source: string
  readonly timestamp: string
  readonly legalBasis?: string
}
interface AssociationState {
  readonly contactId: string
  readonly companyId: string
  readonly typeIds: readonly number[]
}
/** Everything the account holds, as HubSpot stores it. */
export interface HubspotState {
  readonly portalId: number
  readonly contacts: readonly RecordState[]
  readonly companies: readonly RecordState[]
  /** Custom properties only. */
  readonly properties: Readonly<Record<ObjectType, readonly PropertyDefinition[]>>
  readonly associations: readonly AssociationState[]
  readonly lists: readonly ListState[]
  readonly eventDefinitions: readonly EventDefinitionState[]
  /** In the order they were processed. */
  readonly events: readonly StoredEvent[]
  readonly flows: readonly (JsonObject & { readonly id: string })[]
  /** What flows were started for whom: by event or by joining a list. */
  readonly enrollments: readonly Enrollment[]
  readonly subscriptions: readonly SubscriptionDefinition[]
  readonly consent: readonly ConsentState[]
  /** Record ids that now lead to another record. */
  readonly mergedInto: Readonly<Record<string, string>>
  readonly counters: Readonly<Record<CounterName | 'eventsPending' | 'callsToday', number>>
}

interface PropertySeed {
  readonly name: string
  readonly type: string
  readonly fieldType: string
  readonly label?: string
  readonly groupName?: string
  readonly hasUniqueValue?: boolean
  readonly options?: readonly { readonly label: string; readonly value: string }[]
}
type RecordSeed = Partial<Pick<RecordState, 'id'>> & { readonly properties: Readonly<Record<string, string>> }

/** What can be put into an account before a test. Values are checked as a write would be; nothing waits for a lag. */
export interface HubspotSeed {
  readonly properties?: Readonly<Partial<Record<ObjectType, readonly PropertySeed[]>>>
  readonly contacts?: readonly RecordSeed[]
  readonly companies?: readonly RecordSeed[]
  readonly associations?: readonly AssociationState[]
  readonly lists?: readonly (Partial<ListState> & Pick<ListState, 'name'>)[]
  readonly eventDefinitions?: readonly {
    readonly name: string
    readonly label?: string
    readonly id?: string
    readonly primaryObject?: string
    readonly properties?: readonly {
      readonly name: string
      readonly type: string
      readonly options?: PropertySeed['options']
    }[]
  }[]
  /** `isEnabled` as given; a seeded flow misses nothing. */
  readonly flows?: readonly (JsonObject & { readonly id?: string })[]
  readonly subscriptions?: readonly SubscriptionDefinition[]
  readonly consent?: readonly (Partial<ConsentState> &
    Pick<ConsentState, 'email' | 'subscriptionId' | 'status'>)[]
  /** Tracking cookie (`utk`) → contact id. */
  readonly cookies?: Readonly<Record<string, string>>
}

export function seedPortal(portal: Portal, seed: HubspotSeed): void {
  const { store } = portal
  for (const type of ['contacts', 'companies'] as const) {
    for (const property of seed.properties?.[type] ?? []) seedProperty(portal, store.objects[type], property)
    for (const record of seed[type] ?? []) seedRecord(portal, store.objects[type], record)
  }
  for (const link of seed.associations ?? []) seedLink(portal, link)
  for (const list of seed.lists ?? []) seedList(portal, list)
  for (const {
    name,
    label = name,
    primaryObject = 'CONTACT',
    properties = [],
    ...rest
  } of seed.eventDefinitions ?? []) {
    const definitions = properties.map((property) =>
      readEventProperty(portal, { label: property.name, ...property }),
    )
    addEventDefinition(portal, { ...rest, name, label, primaryObject, properties: definitions })
    if (rest.id !== undefined) reserve(store, rest.id)
  }
  for (const { id = portal.newId(), ...body } of seed.flows ?? []) {
    reserve(store, id)
    addFlow(portal, {
      id,
      revisionId: '1',
      body: { isEnabled: true, ...checkFlow(body) },
      createdAtMs: portal.clock.now(),
      warmAtMs: 0,
      completeAtMs: 0,
    })
  }
  for (const subscription of seed.subscriptions ?? []) store.subscriptions.set(subscription.id, subscription)
  for (const { email, subscriptionId, ...status } of seed.consent ?? []) {
    const statuses = store.consent.get(email) ?? new Map<string, SubscriptionStatus>()
    store.consent.set(
      email,
      statuses.set(subscriptionId, { source: 'CONTACT', timestamp: portal.nowIso(), ...status }),
    )
  }
  for (const [cookie, contactId] of Object.entries(seed.cookies ?? {})) store.cookies.set(cookie, contactId)
}

/** A given id is never handed out again. */
function reserve(store: Store, id: string): void {
  store.nextId = Math.max(store.nextId, Number(id) + 1)
}

function seedProperty(portal: Portal, store: ObjectStore, seed: PropertySeed): void {
  const groupName = seed.groupName ?? [...store.groups.keys()][0] ?? ''
  if (!store.groups.has(groupName))
    store.groups.set(groupName, { name: groupName, label: groupName, displayOrder: -1, archived: false })
  addDefinition(store, readDefinition(portal, store, { label: seed.name, ...seed, groupName }))
}

function seedRecord(portal: Portal, store: ObjectStore, seed: RecordSeed): void {
  const record = createRecord(
    portal,
    store,
    checkProperties(portal, store, seed.properties),
    seed.id === undefined ? {} : { id: seed.id },
  )
  reserve(portal.store, record.id)
  store.indexed.set(record.id, { record, properties: record.properties, updatedAtMs: record.updatedAtMs })
}

function seedLink(portal: Portal, { contactId, companyId, typeIds }: AssociationState): void {
  const contact = findRecord(portal.store.objects.contacts, contactId, undefined)
  const company = findRecord(portal.store.objects.companies, companyId, undefined)
  if (contact === undefined || company === undefined)
    throw new Error(`No contact ${contactId} or no company ${companyId} to associate`)
  associate(portal, contact, company, typeIds)
}

function seedList(portal: Portal, seed: Partial<ListState> & Pick<ListState, 'name'>): void {
  const { members = [], objectTypeId = '0-1', processingType = 'MANUAL', ...rest } = seed
  const list = addList(portal, { ...rest, objectTypeId, processingType })
  reserve(portal.store, list.listId)
  const objects = listObjects(portal, objectTypeId)
  for (const id of members) {
    if (!objects.records.has(id)) throw new Error(`No record ${id} to put on the list ${list.name}`)
    list.members.set(id, portal.clock.now())
    list.visible.set(id, portal.clock.now())
    list.firstAdded.set(id, portal.clock.now())
    portal.store.listsOf.set(id, (portal.store.listsOf.get(id) ?? new Set()).add(list.listId))
  }
}

const showRecordState = (record: CrmRecord): RecordState => ({
  id: record.id,
  properties: record.properties,
  history: Object.fromEntries(record.history),
  createdAt: new Date(record.createdAtMs).toISOString(),
  updatedAt: new Date(record.updatedAtMs).toISOString(),
  archived: record.archivedAtMs !== undefined,
})

export function inspectPortal(portal: Portal, callsToday: number): HubspotState {
  portal.settle()
  const { store, account } = portal
  const { contacts, companies } = store.objects
  const custom = (objects: ObjectStore): readonly PropertyDefinition[] =>
    [...objects.properties.values()].filter((definition) => !definition.hubspotDefined)
  return {
    portalId: account.portalId,
    contacts: [...contacts.records.values()].map(showRecordState),
    companies: [...companies.records.values()].map(showRecordState),
    properties: { contacts: custom(contacts), companies: custom(companies) },
    associations: [...store.associations].flatMap(([key, links]) => {
      const [type, contactId = ''] = key.split(' ')
      return type === 'contacts'
        ? [...links].map(([companyId, typeIds]) => ({ contactId, companyId, typeIds: [...typeIds] }))
        : []
    }),
    lists: [...store.lists.values()]
      .filter((list) => !list.deleted)
      .map((list) => showListState(portal, list)),
    eventDefinitions: [...store.eventDefinitions.values()].map(
      ({ id, name, fullyQualifiedName, objectTypeId, label, primaryObject, properties }) => ({
        id,
        name,
        fullyQualifiedName,
        objectTypeId,
        label,
        primaryObject,
        properties: [...properties.values()],
      }),
    ),
    events: [...store.events],
    flows: [...store.flows.values()].map((flow) => ({ ...flow.body, id: flow.id })),
    enrollments: [...store.enrollments],
    subscriptions: [...store.subscriptions.values()],
    consent: [...store.consent].flatMap(([email, statuses]) =>
      [...statuses].map(([subscriptionId, status]) => ({ email, subscriptionId, ...status })),
    ),
    mergedInto: Object.fromEntries([...contacts.mergedInto, ...companies.mergedInto]),
    counters: { ...store.counters, eventsPending: store.queues.events.size, callsToday },
  }
}

function showListState(portal: Portal, list: StoredList): ListState {
  const { listId, name, objectTypeId, processingType, filterBranch } = list
  const members = [...visibleMembers(portal, list).keys()]
  return { listId, name, objectTypeId, processingType, members, ...(filterBranch && { filterBranch }) }
}
