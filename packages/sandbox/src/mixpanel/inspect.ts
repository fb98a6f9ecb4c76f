import type { Project } from './project.ts'
import {
  addEvent,
  createState,
  type Counters,
  type Deletion,
  type Properties,
  type StoredCohort,
  type StoredSchema,
} from './state.ts'
import { readSimplifiedIds, joinDevice } from './identity.ts'
import { readCohortFields } from './cohort-fields.ts'
import { addCohort } from './routes/cohorts.ts'
import { timeToMs } from './validate-event.ts'

export interface MixpanelEvent {
  readonly event: string
  /** As kept: `time` in milliseconds, `distinct_id` as received, strings cut. */
  readonly properties: Properties
}
export interface MixpanelProfile {
  readonly distinctId: string
  readonly properties: Properties
}
export interface MixpanelGroupProfile {
  readonly groupKey: string
  readonly groupId: string
  readonly properties: Properties
}
/** Everything the project keeps, as plain data. */
export interface MixpanelState {
  /** Every copy received, oldest first. */
  readonly events: readonly MixpanelEvent[]
  /** How many are left once queries have removed the copies. */
  readonly distinctEvents: number
  readonly profiles: readonly MixpanelProfile[]
  readonly groups: readonly MixpanelGroupProfile[]
  readonly devices: readonly { readonly deviceId: string; readonly userId: string }[]
  readonly clusters: readonly { readonly canonical: string; readonly members: readonly string[] }[]
  readonly cohorts: readonly StoredCohort[]
  readonly schemas: readonly StoredSchema[]
  readonly deletions: readonly Deletion[]
  /** Updates accepted and not visible yet. */
  readonly pendingProfileUpdates: number
  readonly counters: Counters
}
/** What to put into a project before a test. It is visible at once and not validated, except cohorts. */
export interface MixpanelSeed {
  readonly events?: readonly MixpanelEvent[]
  readonly profiles?: readonly MixpanelProfile[]
  readonly groups?: readonly MixpanelGroupProfile[]
  readonly devices?: readonly { readonly deviceId: string; readonly userId: string }[]
  /** `{ name, selector, behaviors }` as the App API takes them. */
  readonly cohorts?: readonly object[]
  readonly schemas?: readonly StoredSchema[]
}

export function inspectProject({ state }: Project): MixpanelState {
  return {
    events: state.events.map(({ event, properties }) => ({ event, properties })),
    distinctEvents: state.latest.size,
    profiles: [...state.profiles].map(([distinctId, properties]) => ({ distinctId, properties })),
    groups: [...state.groups].flatMap(([groupKey, ofKey]) =>
      [...ofKey].map(([groupId, properties]) => ({ groupKey, groupId, properties })),
    ),
    devices: [...state.devices].map(([deviceId, { userId }]) => ({ deviceId, userId })),
    clusters: [...new Set(state.clusters.values())].map(({ canonical, members }) => ({
      canonical,
      members: [...members],
    })),
    cohorts: [...state.cohorts.values()],
    schemas: [...state.schemas.values()],
    deletions: [...state.deletions.values()].map((deletion) => ({ ...deletion })),
    pendingProfileUpdates: state.delayed.length,
    counters: { ...state.counters },
  }
}

/** @throws {TypeError} a cohort that the App API would refuse */
export function seedProject(project: Project, seed: MixpanelSeed): void {
  const { state } = project
  for (const { deviceId, userId } of seed.devices ?? [])
    state.devices.set(deviceId, { userId, joinedAtMs: -Infinity })
  for (const event of seed.events ?? []) seedEvent(project, event)
  for (const { distinctId, properties } of seed.profiles ?? [])
    state.profiles.set(distinctId, { ...properties })
  for (const { groupKey, groupId, properties } of seed.groups ?? []) {
    const ofKey = state.groups.get(groupKey) ?? new Map<string, Properties>()
    state.groups.set(groupKey, ofKey.set(groupId, { ...properties }))
  }
  for (const cohort of seed.cohorts ?? []) {
    const fields = readCohortFields(cohort, undefined)
    if (typeof fields === 'string') throw new TypeError(`seeded cohort: ${fields}`)
    addCohort(project, fields)
  }
  for (const schema of seed.schemas ?? [])
    state.schemas.set(JSON.stringify([schema.entityType, schema.name]), schema)
  state.revision += 1
}

function seedEvent(project: Project, { event, properties }: MixpanelEvent): void {
  const nowMs = project.clock.now()
  const simplified = project.account.identityMode === 'simplified'
  const ids = simplified
    ? readSimplifiedIds(properties)
    : { distinctId: textOf(properties['distinct_id']) ?? '' }
  if (simplified) joinDevice(project, ids)
  const timeMs = typeof properties['time'] === 'number' ? timeToMs(properties['time']) : nowMs
  const insertId = textOf(properties['$insert_id']) ?? `seed-${project.state.events.length}`
  const kept = { ...properties, time: timeMs, distinct_id: ids.distinctId, $insert_id: insertId }
  addEvent(project.state, {
    event,
    properties: kept,
    timeMs,
    distinctId: ids.distinctId,
    insertId,
    receivedAtMs: -Infinity,
  })
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

export function resetProject(project: Project): void {
  project.state = createState()
}
