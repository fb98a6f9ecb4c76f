import type { Session } from '@tripline/kit'
import type { Field } from '@tripline/model'
import type { Did } from './ensure-properties.ts'
import { maxOf } from './limits.ts'
import { listEventDefinitions, type RawEventDefinition } from './event-definitions.ts'
import { answerOf } from './profile-rows.ts'
import { eventOptions, eventPropertyTypes } from './property-types.ts'
import type { HubSpotTools } from './tools.ts'

interface EventProperty {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly options?: typeof eventOptions
  readonly field: Field
}
interface WantedEvent {
  readonly name: string
  readonly label: string
  readonly properties: readonly EventProperty[]
}

/** Makes definitions and adds properties to those that are there. HubSpot never changes the type of one. */
export async function ensureEvents(
  tools: HubSpotTools,
  session: Session,
  fields: readonly Field[],
  done: Map<Field, Did>,
): Promise<void> {
  const listed = await listEventDefinitions(tools.client, session)
  if ('kind' in listed) {
    if (listed.fault.code !== 'forbidden') answerOf(listed)
    for (const field of fields) done.set(field, { did: 'refused', note: listed.fault.message })
    return
  }
  const known = new Map(listed.map((definition) => [definition.name, definition]))
  for (const field of fields)
    done.set(field, {
      did: 'refused',
      note: 'belongs to every event, but no field names one: declare it with an event',
    })
  const wanted = wantedEvents(tools, fields)
  for (const event of wanted) {
    const there = known.get(event.name)
    if (there) await extend(tools, session, event, there, done)
    else if ((await create(tools, session, event, done)) === 'taken') {
      // Made by a repeat after a lost answer, or by somebody else in between; names of deleted events stay taken.
      const again = await listEventDefinitions(tools.client, session)
      const made = 'kind' in again ? undefined : again.find(({ name }) => name === event.name)
      if (made) await extend(tools, session, event, made, done)
    }
  }
  await tools.definitions.forget(
    wanted.map(({ name }) => name),
    session,
  )
}

/** Fields of every event are made in each event that the fields name. */
function wantedEvents({ events }: HubSpotTools, fields: readonly Field[]): readonly WantedEvent[] {
  const names = new Set(fields.flatMap(({ event }) => event ?? []))
  return [...names].map((label) => {
    const own = fields.filter(({ event }) => event === label || event === undefined)
    return {
      name: events.eventName({ type: 'track', event: label }),
      label,
      properties: own.flatMap((field): readonly EventProperty[] => {
        const [name = '', currency] = events.propertyNames(field)
        const type = eventPropertyTypes[field.type]
        const property = {
          name,
          label: field.name,
          type,
          field,
          ...(type === 'enumeration' && { options: eventOptions }),
        }
        if (currency === undefined) return [property]
        return [property, { name: currency, label: `${field.name} (currency)`, type: 'string', field }]
      }),
    }
  })
}

const withoutField = ({ name, label, type, options }: EventProperty): object => ({
  name,
  label,
  type,
  ...(options && { options }),
})

async function create(
  { client }: HubSpotTools,
  session: Session,
  { name, label, properties: wanted }: WantedEvent,
  done: Map<Field, Did>,
): Promise<'done' | 'taken'> {
  const properties = mostImportant(wanted)
  for (const { field } of wanted)
    done.set(field, {
      did: 'refused',
      note: `event ${name}: HubSpot keeps ${maxProperties} properties of an event`,
    })
  const body = JSON.stringify({
    name,
    label,
    primaryObject: 'CONTACT',
    includeDefaultProperties: false,
    propertyDefinitions: properties.map(withoutField),
  })
  const result = await session.request(
    client.request('POST /events/event-definitions', { purpose: 'schema', repeat: 'natural', body }),
  )
  const isRefused = result.kind === 'refused'
  if (!isRefused) answerOf(result)
  for (const { field } of properties)
    done.set(
      field,
      isRefused
        ? { did: 'refused', note: `event ${name}: ${result.fault.message}` }
        : { did: session.dryRun ? 'planned' : 'created', note: `event ${name}` },
    )
  return isRefused && result.fault.code === 'conflict' ? 'taken' : 'done'
}

const maxProperties = maxOf('event.keys')
/** As many as a definition holds, in the order of the registry; both properties of an amount or none. */
function mostImportant(properties: readonly EventProperty[]): readonly EventProperty[] {
  if (properties.length <= maxProperties) return properties
  const cut = properties[maxProperties]?.field
  return properties.slice(0, maxProperties).filter(({ field }) => field !== cut)
}

async function extend(
  { client }: HubSpotTools,
  session: Session,
  { name, properties }: WantedEvent,
  there: RawEventDefinition,
  done: Map<Field, Did>,
): Promise<void> {
  const types = new Map((there.properties ?? []).map((property) => [property.name, property.type]))
  for (const property of properties) {
    const type = types.get(property.name)
    if (type !== undefined) {
      done.set(property.field, sameType(type, property.type, name))
      continue
    }
    const result = await session.request(
      client.request('POST /events/event-definitions/{eventName}/property', {
        purpose: 'schema',
        repeat: 'natural',
        parameters: { eventName: name },
        body: JSON.stringify(withoutField(property)),
      }),
    )
    // 409: a repeat after a lost answer, or somebody else made it in between.
    const isThere = result.kind === 'refused' && result.fault.code === 'conflict'
    if (result.kind === 'refused' && !isThere)
      done.set(property.field, { did: 'refused', note: `event ${name}: ${result.fault.message}` })
    else {
      if (!isThere) answerOf(result)
      done.set(property.field, {
        did: session.dryRun ? 'planned' : 'created',
        note: `property of event ${name}`,
      })
    }
  }
}
function sameType(held: string, wanted: string, event: string): Did {
  return held === wanted
    ? { did: 'exists', note: `event ${event} holds it as ${held}` }
    : { did: 'refused', note: `event ${event} holds it as ${held}, not ${wanted}: rename the field` }
}
