import { createHash } from 'node:crypto'
import { foldProperties } from './fold-properties.ts'
import { callerAddress, eventPlace } from './geo.ts'
import { joinDevice, readSimplifiedIds, type Ids } from './identity.ts'
import { runVerb } from './identity-original.ts'
import type { Project } from './project.ts'
import { addEvent, type Properties } from './state.ts'
import { identityVerbs, timeToMs, type RawEvent } from './validate-event.ts'

const dayMs = 86_400_000

interface StoreOptions {
  readonly road: 'import' | 'track'
  /** Take the caller's place when the event names no address. */
  readonly geoFromCaller: boolean
}

/** Keeps one accepted event in the vendor's form: ids joined, strings cut, address turned into a place, time in ms. */
export function storeEvent(project: Project, raw: RawEvent, options: StoreOptions): void {
  const { state, clock } = project
  state.counters.eventsReceived += 1
  if (raw.properties['$ignore']) {
    state.counters.eventsLost += 1
    return
  }
  const nowMs = clock.now()
  const ids = idsOf(project, raw)
  joinDevice(project, ids)
  const verb = identityVerbs.has(raw.event) ? runVerb(state, raw, options.road) : {}
  const given = raw.properties['time']
  const timeMs = typeof given === 'number' ? Math.min(timeToMs(given), nowMs) : nowMs
  const insertId = insertIdOf(raw, nowMs, state.nextId)
  if (raw.properties['$insert_id'] === undefined) state.nextId += 1
  const kept = keptProperties(project, raw.properties, options)
  const own = { time: timeMs, distinct_id: ids.distinctId, $insert_id: insertId }
  const reserved = {
    ...(ids.userId && { $user_id: ids.userId }),
    ...(ids.deviceId && { $device_id: ids.deviceId }),
  }
  const event = { event: raw.event, distinctId: ids.distinctId, timeMs, insertId, receivedAtMs: nowMs }
  const properties = { ...kept, ...reserved, ...verb, ...own, mp_processing_time_ms: nowMs }
  const hot = isHot(project, ids.distinctId, timeMs)
  addEvent(
    state,
    hot ? { ...event, ...hotForm(raw.event, ids.distinctId, properties) } : { ...event, properties },
  )
}

function idsOf({ account }: Project, { event, properties }: RawEvent): Ids {
  if (account.identityMode === 'simplified') return readSimplifiedIds(properties)
  const given = event === '$identify' ? properties['$identified_id'] : properties['distinct_id']
  return { distinctId: typeof given === 'string' ? given : '' }
}

/** `/track` without an id gets one from the server, which a retry does not repeat. */
function insertIdOf({ properties }: RawEvent, nowMs: number, serial: number): string {
  const given = properties['$insert_id']
  if (typeof given === 'string') return given
  return createHash('sha256').update(`${nowMs}:${serial}`).digest('hex').slice(0, 32)
}

function keptProperties(project: Project, properties: Properties, options: StoreOptions): Properties {
  const { limits, groupKeys } = project.account
  const { token: _token, ip, ...rest } = properties
  const kept = foldProperties(rest, limits.stringBytes, limits.eventObjectBytes)
  for (const { propertyName } of groupKeys) {
    const groups = kept[propertyName]
    if (Array.isArray(groups)) kept[propertyName] = groups.slice(0, limits.groupsPerEvent)
  }
  const address = ip ?? (options.geoFromCaller ? callerAddress : undefined)
  return { ...eventPlace(project, address), ...kept }
}

function isHot({ state, account }: Project, distinctId: string, timeMs: number): boolean {
  if (distinctId === '') return false
  const key = `${Math.floor(timeMs / dayMs)}:${distinctId}`
  const count = (state.eventsPerDay.get(key) ?? 0) + 1
  state.eventsPerDay.set(key, count)
  return count > account.limits.eventsPerIdAndDay
}

/** https://docs.mixpanel.com/docs/tracking-best-practices/hot-shard-limits */
const hotForm = (event: string, distinctId: string, properties: Properties) => ({
  event: '$hotshard_events',
  distinctId: '',
  properties: {
    ...properties,
    distinct_id: '',
    mp_original_event_name: event,
    mp_original_distinct_id: distinctId,
  },
})
