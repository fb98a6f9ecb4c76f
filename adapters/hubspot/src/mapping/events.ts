import { createNames, isRecord, uuidV5, type Names } from '@tripline/kit'
import {
  foldCollisions,
  isCalendarDate,
  type CanonicalEvent,
  type EventItem,
  type Fault,
  type Field,
  type Loss,
  type Value,
  type Values,
} from '@tripline/model'
import type { HubSpotOptions } from '../options.ts'
import {
  createPropertyNames,
  currencyName,
  foldEventName,
  maxEventPropertyNameChars,
  maxPropertyNameChars,
  refuse,
} from './names.ts'
import { decimal, drop, moneyForm, toText } from './values.ts'

const source = 'https://developers.hubspot.com/docs/api-reference/latest/events/guide'
const backfillSuffix = '_backfill'
/** Canonical event → HubSpot event: names are folded; an account renames by `eventNames`. */
export const eventNames = {} as const satisfies Readonly<Record<string, string>>

/** A custom event as far as it can be built before the contact and the definition are looked up. */
export interface EventDraft {
  /** Internal name of the definition, without the account's prefix. */
  readonly name: string
  readonly occurredAt: string
  /** Repeats with it are removed for about a year. */
  readonly uuid: string
  readonly properties: Readonly<Record<string, string>>
  /** What the properties were made of, for losses that are only found when the definition is known. */
  readonly given: Values
}
export interface EventMapper {
  toHubSpotEvent(item: EventItem, nowMs: number, losses: Loss[]): EventDraft | Fault
  /** Internal name of a canonical event. */
  eventName(event: Pick<CanonicalEvent, 'type' | 'event'>): string
  /** Canonical path, inside the given values, behind an internal property name. */
  originOf(given: Values, property: string): string
  /** Internal name of a property of an event; a money field has two. */
  propertyNames(field: Pick<Field, 'name' | 'type'>): readonly string[]
  /** The text of `values`, for events that do not come from an item. */
  toProperties(event: string, values: Values, losses: Loss[], path: string): Record<string, string>
}

/** @throws {TriplineError} code `invalid`: names of events or of the properties of one event meet or are too long */
export function createEventMapper(options: HubSpotOptions): EventMapper {
  const fields = (options.fields ?? []).filter((field) => field.of === 'event')
  const names = createEventNames(options, fields)
  const byEvent = groupFields(fields)
  const general = byEvent.get(undefined) ?? new Map<string, Field>()
  const property = createPropertyNames({
    of: 'event fields',
    fields: [...general.values()],
    maxNameChars: maxEventPropertyNameChars,
    reserved: new Set(),
  })
  for (const [event, own] of byEvent)
    createPropertyNames({
      of: `fields of the event "${event ?? '*'}"`,
      fields: [...own.values()],
      maxNameChars: maxEventPropertyNameChars,
      reserved: new Set(),
    })
  const eventName: EventMapper['eventName'] = ({ type, event }) =>
    names.to(type === 'track' ? event : `Viewed ${event} ${type === 'page' ? 'Page' : 'Screen'}`)
  const toProperties: EventMapper['toProperties'] = (event, values, losses, path) => {
    const properties: Record<string, string> = {}
    addAll(properties, values, '', { declared: byEvent.get(event) ?? general, property, losses, path })
    return properties
  }
  return {
    eventName,
    toProperties,
    originOf: (given, name) => findOrigin(given, name, property, '') ?? name,
    propertyNames: ({ name, type }) =>
      type === 'money' ? [property.to(name), property.to(currencyName(name))] : [property.to(name)],
    toHubSpotEvent(item, nowMs, losses) {
      const { event } = item
      let name = eventName(event)
      if (item.backfill) {
        name += backfillSuffix
        const because = 'back-dated events enrol contacts in workflows: sent under a muted name'
        losses.push({ path: 'event.event', kind: 'renamed', because, source })
      }
      if (name.length > maxPropertyNameChars)
        return {
          code: 'too-large',
          message: `event name longer than ${maxPropertyNameChars} characters; names are never cut`,
          path: 'event.event',
        }
      if (event.context && Object.keys(event.context).length > 0) losses.push(noContext)
      const occurredAt = notAhead(item.at, nowMs, losses)
      if (occurredAt === undefined) return noInstant
      return {
        name,
        occurredAt,
        uuid: uuidV5('hubspot', item.key),
        properties: toProperties(event.event, event.properties, losses, 'event.properties'),
        given: event.properties,
      }
    },
  }
}

/** One object for all events. */
const noContext: Loss = {
  path: 'event.context',
  kind: 'dropped',
  because: 'custom events hold the properties of their definition only',
  source,
}

function findOrigin(given: Values, wanted: string, property: Names, prefix: string): string | undefined {
  for (const [name, value] of Object.entries(given)) {
    const key = prefix + name
    if (property.to(key) === wanted || property.to(currencyName(key)) === wanted) return key
    const inside = isRecord(value) ? findOrigin(value, wanted, property, `${key}.`) : undefined
    if (inside !== undefined) return inside
  }
  return undefined
}

function createEventNames(options: HubSpotOptions, fields: readonly Field[]): Names {
  const names = createNames({
    vendor: 'hubspot',
    table: eventNames,
    fold: foldEventName,
    ...(options.eventNames && { renames: options.eventNames }),
  })
  const known = [...fields.flatMap(({ event }) => event ?? []), ...Object.keys(options.eventNames ?? {})]
  for (const { folded, names: meeting } of foldCollisions(known, names.to))
    refuse(`events ${meeting.map((name) => `"${name}"`).join(' and ')} all become "${folded}": rename one`)
  return names
}

/** Fields by event; those of every event are among each, and under `undefined`. */
function groupFields(fields: readonly Field[]): ReadonlyMap<string | undefined, ReadonlyMap<string, Field>> {
  const general = fields.filter(({ event }) => event === undefined)
  const groups = new Map<string | undefined, ReadonlyMap<string, Field>>()
  for (const event of new Set([undefined, ...fields.map((field) => field.event)])) {
    const own = event === undefined ? [] : fields.filter((field) => field.event === event)
    groups.set(event, new Map([...general, ...own].map((field) => [field.name, field])))
  }
  return groups
}

export const noInstant: Fault = {
  code: 'invalid',
  message: 'is no instant: write 2026-11-01T10:00:00.000Z',
  path: 'at',
}
/** HubSpot is said to refuse events of the future, with all others of the call. */
export function notAhead(at: string, nowMs: number, losses: Loss[]): string | undefined {
  const atMs = Date.parse(at)
  if (atMs <= nowMs) return at
  if (Number.isNaN(atMs)) return undefined
  const because = 'HubSpot takes no events of the future: sent with the time of now'
  losses.push({ path: 'at', kind: 'coerced', because, source })
  return new Date(nowMs).toISOString()
}

interface Adding {
  readonly declared: ReadonlyMap<string, Field>
  readonly property: Names
  readonly losses: Loss[]
  readonly path: string
}
function addAll(properties: Record<string, string>, values: Values, prefix: string, adding: Adding): void {
  for (const name in values) {
    const value = values[name]
    const key = prefix + name
    if (value === undefined) continue
    if (isRecord(value) && !adding.declared.has(key)) addAll(properties, value, `${key}.`, adding)
    else add(properties, key, value, adding)
  }
}

function add(
  properties: Record<string, string>,
  key: string,
  value: Value,
  { declared, property, losses, path }: Adding,
): void {
  const to = property.to(key)
  const text = typeof value === 'string' && value !== '' && declared.size === 0 ? value : undefined
  const field = text === undefined ? declared.get(key) : undefined
  const place = { path: `${path}.${key}`, losses }
  if (to.length > maxEventPropertyNameChars)
    return drop(
      place,
      `property names have at most ${maxEventPropertyNameChars} characters; names are never cut`,
      source,
    )
  if (Object.hasOwn(properties, to)) {
    losses.push({ path: place.path, kind: 'collapsed', because: `another value is already "${to}"`, source })
    return undefined
  }
  if (value === null || value === '') return drop(place, 'a property of an event cannot be empty', source)
  if (field?.type === 'money') {
    const { amount, currency } = isRecord(value) ? value : {}
    if (typeof amount !== 'number' || typeof currency !== 'string') return drop(place, moneyForm, source)
    properties[to] = decimal(amount)
    properties[property.to(currencyName(key))] = currency
    return undefined
  }
  const made = text ?? toText(value, field, place)
  if (made === undefined || made === '') return undefined
  // Events have no type for days: midnight UTC.
  properties[to] = field?.type === 'date' && isCalendarDate(made) ? `${made}T00:00:00.000Z` : made
  return undefined
}
