import { createNames, keepImportant, sha256Hex32, type Names } from '@tripline/kit'
import {
  TriplineError,
  type EventItem,
  type Fault,
  type LinkItem,
  type Loss,
  type Value,
  type Values,
} from '@tripline/model'
import { maxOf } from '../limits.ts'
import type { MixpanelOptions } from '../options.ts'
import { createContextMapper } from './context.ts'
import { isRefused, type Person } from './identifier.ts'
import { toMixpanelOrder } from './orders.ts'
import { fitValue, type Findings } from './values.ts'

const source = 'https://developer.mixpanel.com/reference/import-events'
const maxKeys = maxOf('event.keys')
const maxGroups = maxOf('groups.perEvent')
const maxEventNameChars = maxOf('eventName.chars')
const maxPropertyNameChars = maxOf('propertyName.chars')
const maxInsertIdBytes = maxOf('insertId.bytes')
const maxObjectBytes = maxOf('event.objectBytes')
const earliestMs = Date.UTC(1971, 0, 1)
const aheadMs = 3_600_000

/** Property names that mean something else to Mixpanel, and what they become; `undefined`: they are left out. */
export const reservedProperties: ReadonlyMap<string, string | undefined> = new Map([
  ['time', 'property_time'],
  ['distinct_id', 'property_distinct_id'],
  ['token', 'property_token'],
  ['ip', 'property_ip'],
  ['bucket', 'property_bucket'],
  ['$insert_id', undefined],
  ['$device_id', undefined],
  ['$user_id', undefined],
  ['$anon_id', undefined],
  ['$identified_id', undefined],
  ['$distinct_ids', undefined],
  ['$distinct_id', undefined],
  ['$group_id', undefined],
  ['$token', undefined],
  ['$ignore', undefined],
  ['$bucket', undefined],
  ['__proto__', undefined],
])
/** Canonical event → Mixpanel event: events keep their name; an account renames by `eventNames`. */
export const eventNames = {} as const satisfies Readonly<Record<string, string>>
/** Events that change identities; one of them voids a whole batch in a simplified project. */
const identityVerbs: ReadonlySet<string> = new Set(['$identify', '$create_alias', '$merge'])

/** An event as `/import` takes it. */
export interface MixpanelEvent {
  readonly event: string
  readonly properties: Readonly<Record<string, Value>>
}
export interface EventMapper {
  toMixpanelEvent(item: EventItem, person: Person, nowMs: number, findings: Findings): MixpanelEvent | Fault
}

/** Maps canonical events to entries of an `/import` list. */
export function createEventMapper(options: MixpanelOptions): EventMapper {
  const names = createNames({
    vendor: 'mixpanel',
    table: eventNames,
    ...(options.eventNames && { renames: options.eventNames }),
  })
  const ofEvents = (options.fields ?? []).filter((field) => field.of === 'event')
  for (const name of [...ofEvents.map((field) => field.name), ...(options.groupKeys ?? [])])
    refuseReserved(name)
  const importance = new Map(ofEvents.map((field, index) => [field.name, index]))
  const writeContext = createContextMapper()
  const groupKeys = new Set(options.groupKeys)
  return {
    toMixpanelEvent(item, person, nowMs, findings) {
      const isMuted = item.backfill === true && options.backfill === 'mute'
      const event = isMuted ? `${nameOf(item, names)} (backfill)` : nameOf(item, names)
      const timeMs = Date.parse(item.at)
      const fault = faultOfName(event) ?? faultOfTime(timeMs, nowMs)
      if (fault) return fault
      if (isMuted) findings.losses.push(muted)
      if (timeMs > nowMs)
        findings.losses.push({
          path: 'at',
          kind: 'coerced',
          because:
            'Mixpanel makes a time in the future the time of arrival; a repeat may then show twice for days',
          source,
        })
      const properties = ownProperties(item.key, timeMs, person, addressOf(item.event.context))
      const given =
        item.event.event === 'Order Completed' && item.event.type === 'track'
          ? toMixpanelOrder(item.event.properties, findings.losses)
          : item.event.properties
      writeProperties(given, properties, { importance, groupKeys, findings })
      if (item.event.context) {
        writeContextGroup(item.event.context, properties, groupKeys, findings)
        writeContext(item.event.context, properties, maxKeys, findings)
      }
      return findings.fault ?? { event, properties }
    },
  }
}

const muted: Loss = {
  path: 'event.event',
  kind: 'renamed',
  because: 'old events may bring people into cohorts that are synced: sent under a muted name',
  source: 'https://docs.mixpanel.com/docs/cohort-sync/webhooks',
}

function refuseReserved(name: string): void {
  if (!reservedProperties.has(name) && !name.startsWith('mp_')) return
  const message = `"${name}" means something else to Mixpanel: choose another name`
  throw new TriplineError('mixpanel', { code: 'invalid', message, path: name })
}

const nameOf = ({ event }: EventItem, names: Names): string =>
  names.to(
    event.type === 'track'
      ? event.event
      : `Viewed ${event.event} ${event.type === 'page' ? 'Page' : 'Screen'}`,
  )

function faultOfName(name: string): Fault | undefined {
  if (name.length > maxEventNameChars) {
    const message = `event name longer than ${maxEventNameChars} characters; names are never cut`
    return { code: 'too-large', message, path: 'event.event' }
  }
  if (name !== '' && !identityVerbs.has(name)) return undefined
  const message = name === '' ? 'an event needs a name' : `${name} changes identities: send a link instead`
  return { code: 'invalid', message, path: 'event.event' }
}
export function faultOfTime(timeMs: number, nowMs: number): Fault | undefined {
  if (timeMs >= earliestMs && timeMs <= nowMs + aheadMs) return undefined
  const message = Number.isNaN(timeMs)
    ? 'not an instant'
    : timeMs < earliestMs
      ? 'Mixpanel takes no time before 1971-01-01'
      : 'Mixpanel takes no time of more than an hour ahead: check the clock that made it'
  return { code: 'invalid', message, path: 'at' }
}

/** What Mixpanel needs of every event. Without an address of the person (0) it would take ours. */
function ownProperties(key: string, timeMs: number, person: Person, ip: string | 0): Record<string, Value> {
  const { distinctId, userId, deviceId } = person
  const properties: Record<string, Value> = {
    time: timeMs,
    distinct_id: distinctId,
    $insert_id: insertIdOf(key),
    ip,
  }
  if (userId !== undefined) properties['$user_id'] = userId
  if (deviceId !== undefined) properties['$device_id'] = deviceId
  return properties
}
function addressOf(context: Values | undefined): string | 0 {
  const ip = context?.['ip']
  return typeof ip === 'string' && ip !== '' ? ip : 0
}

/** The key itself where Mixpanel can hold it, else 32 hex digits of its SHA-256: the same in every attempt. */
export function insertIdOf(key: string): string {
  if (key.length > maxInsertIdBytes || key.length === 0) return sha256Hex32(key)
  for (let index = 0; index < key.length; index++) {
    const unit = key.charCodeAt(index)
    const isPlain =
      (unit >= 48 && unit <= 57) || (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 45
    if (!isPlain) return sha256Hex32(key)
  }
  return isRefused(key) ? sha256Hex32(key) : key
}

interface PropertyRules {
  readonly importance: ReadonlyMap<string, number>
  readonly groupKeys: ReadonlySet<string>
  readonly findings: Findings
}
function writeProperties(given: Values, properties: Record<string, Value>, rules: PropertyRules): void {
  const { findings } = rules
  const room = maxKeys - Object.keys(properties).length
  let names: readonly string[] = Object.keys(given)
  if (names.length > room) {
    const kept = new Set(keepImportant(names, room, rules.importance))
    for (const name of names)
      if (!kept.has(name)) lose(findings, name, 'Mixpanel takes fewer than 255 properties per event')
    names = [...kept]
  }
  for (const name of names) {
    const to = propertyName(name, given, findings)
    if (to === undefined) continue
    const value = given[name] as Value
    const kept = rules.groupKeys.has(name)
      ? toGroups(value, name, findings)
      : fitValue(value, 'event.properties', name, maxObjectBytes, findings)
    if (kept !== undefined) properties[to] = kept
  }
}

/** Mixpanel's name of a property; undefined: it is left out. */
function propertyName(name: string, given: Values, findings: Findings): string | undefined {
  if (name.length > maxPropertyNameChars)
    return lose(findings, name, `names have at most ${maxPropertyNameChars} characters and are never cut`)
  if (name.startsWith('mp_')) return lose(findings, name, 'names with mp_ are made by Mixpanel')
  if (!reservedProperties.has(name)) return name
  const to = reservedProperties.get(name)
  if (to === undefined || Object.hasOwn(given, to)) return lose(findings, name, `"${name}" is reserved`)
  findings.losses.push({
    path: `event.properties.${name}`,
    kind: 'renamed',
    because: `"${name}" is reserved, sent as "${to}"`,
    source,
  })
  return to
}
function lose({ losses }: Findings, name: string, because: string): undefined {
  losses.push({ path: `event.properties.${name}`, kind: 'dropped', because, source })
}

/** The value of a group key is a list. https://docs.mixpanel.com/docs/data-structure/group-analytics */
function toGroups(value: Value, name: string, findings: Findings): Value | undefined {
  const path = `event.properties.${name}`
  if (typeof value === 'string') {
    findings.losses.push({ path, kind: 'coerced', because: 'a group key holds a list', source })
    return [value]
  }
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    return lose(findings, name, 'a group key holds group ids as text')
  if (value.length < Math.min(maxGroups, maxKeys)) return value
  findings.losses.push({ path, kind: 'truncated', because: `a list holds ${maxKeys} entries`, source })
  return value.slice(0, maxKeys)
}

/** `context.groupId` says no type: it is the group of the only group key, if there is only one. */
function writeContextGroup(
  context: Values,
  properties: Record<string, Value>,
  groupKeys: ReadonlySet<string>,
  { losses }: Findings,
): void {
  const groupId = context['groupId']
  const [key, second] = groupKeys
  if (typeof groupId !== 'string') return
  if (key !== undefined && second === undefined && !Object.hasOwn(properties, key)) {
    properties[key] = [groupId]
    return
  }
  const because =
    'not one group key (option groupKeys) that is free: put it into the properties under its key'
  losses.push({ path: 'event.context.groupId', kind: 'dropped', because, source })
}

const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i

/**
 * The event that joins an anonymous id to a user. Simplified: any event with both ids. Original: `$identify`, which
 * wants a UUID v4, else `$create_alias`. Never `$merge`, which cannot be undone.
 * https://docs.mixpanel.com/docs/tracking-methods/id-management
 */
export function toLinkEvent(
  item: LinkItem,
  userId: string,
  deviceId: string,
  options: MixpanelOptions,
): MixpanelEvent {
  const own = ownProperties(item.key, Date.parse(item.at), { distinctId: userId }, 0)
  if ((options.identityMode ?? 'simplified') === 'simplified')
    return {
      event: options.linkEvent ?? 'Identity Linked',
      properties: { ...own, $user_id: userId, $device_id: deviceId },
    }
  const token = options.projectToken
  return uuidV4.test(deviceId)
    ? { event: '$identify', properties: { ...own, $identified_id: userId, $anon_id: deviceId, token } }
    : { event: '$create_alias', properties: { ...own, alias: deviceId, token } }
}
