import { createNames, keepImportant, truncateChars, type Names } from '@tripline/kit'
import type { EventItem, Fault, Field, Loss, Value, Values } from '@tripline/model'
import { maxOf } from '../limits.ts'
import type { BrazeOptions } from '../options.ts'
import { cleanNested, cut } from './values.ts'

const source = 'https://www.braze.com/docs/api/objects_filters/event_object/'
const maxKeys = maxOf('event.keys')
const maxNameChars = maxOf('name.chars')
/** Property names that Braze keeps for itself, and what they become. */
export const reservedProperties = { time: 'property_time', event_name: 'property_event_name' } as const
/** Canonical event → Braze event: custom events keep their name; an account renames by `eventNames`. */
export const eventNames = {} as const satisfies Readonly<Record<string, string>>

export interface BrazeEvent {
  readonly name: string
  readonly time: string
  readonly properties?: Values
}
export interface EventMapper {
  toBrazeEvent(item: EventItem, nowMs: number, losses: Loss[]): BrazeEvent | Fault
}

/** Maps canonical events to entries of the `events` array. Braze keeps no event id: a repeat is a new event. */
export function createEventMapper(options: BrazeOptions): EventMapper {
  const names: Names = createNames({
    vendor: 'braze',
    table: eventNames,
    ...(options.eventNames && { renames: options.eventNames }),
  })
  const importance = new Map(
    (options.fields ?? [])
      .filter((field: Field) => field.of === 'event')
      .map((field, index) => [field.name, index]),
  )
  return {
    toBrazeEvent(item, nowMs, losses) {
      const { event } = item
      let name = names.to(
        event.type === 'track'
          ? event.event
          : `Viewed ${event.event} ${event.type === 'page' ? 'Page' : 'Screen'}`,
      )
      if (item.backfill) {
        name += ' (backfill)'
        losses.push({
          path: 'event.event',
          kind: 'renamed',
          because: 'back-dated events start Canvases: sent under a muted name',
          source,
        })
      }
      if (name.length > maxNameChars)
        return {
          code: 'too-large',
          message: `event name longer than ${maxNameChars} characters; names are never cut`,
          path: 'event.event',
        }
      const atMs = Date.parse(item.at)
      if (Number.isNaN(atMs)) return { code: 'invalid', message: 'not an instant', path: 'at' }
      if (atMs > nowMs)
        losses.push({
          path: 'at',
          kind: 'coerced',
          because: 'Braze makes a time in the future the time of arrival',
          source,
        })
      const properties = toProperties(event.properties, importance, losses)
      return properties ? { name, time: item.at, properties } : { name, time: item.at }
    },
  }
}

/** One object for all events. */
const noContext: Loss = {
  path: 'event.context',
  kind: 'dropped',
  because: 'Braze events hold properties only',
  source,
}
/** Says that the context stays behind, where there is one. */
export function noteContext({ event: { context } }: EventItem, losses: Loss[]): void {
  if (context && Object.keys(context).length > 0) losses.push(noContext)
}

/** Properties that Braze can hold; undefined when there are none. */
export function toProperties(
  given: Values,
  importance: ReadonlyMap<string, number>,
  losses: Loss[],
): Values | undefined {
  let names: readonly string[] = Object.keys(given)
  if (names.length === 0) return undefined
  if (names.length > maxKeys) {
    const kept = keepImportant(names, maxKeys, importance)
    for (const name of names)
      if (!kept.includes(name)) losses.push(dropped(name, `Braze takes ${maxKeys} properties per event`))
    names = kept
  }
  const properties: Record<string, Value> = {}
  for (const name of names) addProperty(properties, name, given, losses)
  return properties
}

function addProperty(properties: Record<string, Value>, name: string, given: Values, losses: Loss[]): void {
  const value = given[name] ?? null
  let to = name
  if (name === 'time' || name === 'event_name') {
    to = reservedProperties[name]
    if (Object.hasOwn(given, to))
      return void losses.push(dropped(name, `"${name}" is reserved, and "${to}" is there`))
    losses.push({
      path: `event.properties.${name}`,
      kind: 'renamed',
      because: `"${name}" is reserved`,
      source,
    })
  } else if (name.startsWith('$'))
    return void losses.push(dropped(name, 'a property name may not start with "$"'))
  else if (name.length > maxNameChars) {
    to = truncateChars(name, maxNameChars)
    return void losses.push(
      dropped(to, `a property name may have ${maxNameChars} characters; names are never cut`),
    )
  }
  if (value === null) return void losses.push(dropped(name, 'Braze takes no null as a property value'))
  if (typeof value === 'string')
    properties[to] = value.length > 255 ? cut(value, `event.properties.${name}`, losses) : value
  else if (typeof value !== 'object') properties[to] = value
  else {
    const kept = cleanNested(value, `event.properties.${name}`, losses)
    if (kept !== undefined) properties[to] = kept
  }
}
const dropped = (name: string, because: string): Loss => ({
  path: `event.properties.${name}`,
  kind: 'dropped',
  because,
  source,
})
