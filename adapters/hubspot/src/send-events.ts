import {
  allSent,
  sentFrom,
  truncateChars,
  type Batch,
  type HttpResult,
  type Operation,
  type Sent,
  type Session,
  type Verdict,
} from '@tripline/kit'
import { readInstant, type Ability, type Fault, type Loss } from '@tripline/model'
import type { ContactTools } from './contacts.ts'
import type { EventDefinition, EventDefinitions, EventPropertyType } from './event-definitions.ts'
import { maxOf } from './limits.ts'
import { endedBy, endedVerdict } from './lookup.ts'
import type { EventDraft, EventMapper } from './mapping/events.ts'
import { keyOf, type Contact, type Target } from './mapping/identifier.ts'
import { findPeople, noContact } from './people.ts'

const source = 'https://developers.hubspot.com/docs/api-reference/latest/events/guide'
const maxValueChars = maxOf('eventValue.chars')

/** One event and whom it is about. */
export interface EventValue extends EventDraft {
  readonly target: Target
  /** Where its properties stand in the item, for losses. */
  readonly path: string
}
export interface EventTools extends ContactTools {
  readonly definitions: EventDefinitions
  readonly events: Pick<EventMapper, 'originOf'>
}

/** Sends custom events, 500 a call; a single one goes by the single call. 204 only says that they were accepted. */
export function createEventOperation(tools: EventTools, ability: Ability = 'event'): Operation<EventValue> {
  return {
    endpoint: 'POST /events/send/batch',
    ability,
    repeat: 'keyed',
    maxItems: maxOf('events.items'),
    maxBytes: Infinity, // HubSpot documents none
    frameBytes: 0,
    parallel: 8,
    encode: encodeEvent,
    send: (batch, session) => sendEvents(tools, ability, batch, session),
  }
}

/** All but the name of the definition and the person, which are put in front when they are known. */
const encodeEvent = ({ occurredAt, uuid, properties }: EventDraft): string =>
  `"occurredAt":"${occurredAt}","uuid":"${uuid}","properties":${JSON.stringify(properties)}}`

async function sendEvents(
  tools: EventTools,
  ability: Ability,
  batch: Batch<EventValue>,
  session: Session,
): Promise<Sent> {
  const { options, definitions } = tools
  const names = new Set(batch.values.map(({ name }) => name))
  const known = await definitions.find(names, session)
  if (known.kind === 'failed') return endedBy(known.result, ability, session, options)
  const people = batch.values.flatMap(({ target }) => (isLookedUp(target) ? [target] : []))
  const found = await findPeople(tools, people, session)
  if (found.kind === 'failed') return endedBy(found.result, ability, session, options)
  const verdicts: (Verdict | undefined)[] = []
  const ready: Ready[] = []
  for (const [index, value] of batch.values.entries()) {
    const definition = known.byName.get(value.name) ?? (session.dryRun ? assumed(value) : undefined)
    const person = personOf(value.target, found.ids)
    if (!definition) verdicts[index] = { outcome: { status: 'dead', fault: noDefinition(value.name) } }
    else if (!person) verdicts[index] = { outcome: { status: 'dead', fault: noContact } }
    else ready.push(complete(tools, index, value, person, definition, batch.json[index] ?? ''))
  }
  if (ready.length > 0) {
    const result = await request(tools, ready, session)
    if (result.kind === 'refused' && ready.length > 1) return { kind: 'refused', fault: result.fault }
    if (result.kind === 'refused') await definitions.forget([...names], session)
    const sent = sentFrom(result, () => allSent(ready.length, 'accepted'))
    for (const [place, { index, losses }] of ready.entries())
      verdicts[index] = verdictOf(sent, place, losses, session)
  }
  return { kind: 'verdicts', verdicts: verdicts as Verdict[] }
}

function verdictOf(sent: Sent, place: number, losses: readonly Loss[], session: Session): Verdict {
  if (sent.kind === 'refused') return { outcome: { status: 'dead', fault: sent.fault } }
  if (sent.kind === 'ended') return endedVerdict(sent.outcome, session)
  const verdict = sent.verdicts[place]
  const outcome = verdict?.outcome ?? { status: 'sent', proof: 'accepted' }
  return losses.length > 0 ? { outcome, losses } : { outcome }
}

/** Who an event is about, in HubSpot's fields. */
interface Person {
  readonly field: 'objectId' | 'email' | 'utk'
  readonly id: string
}
/** Only our own ids must be looked up: HubSpot itself knows addresses (and makes contacts of new ones) and cookies. */
const isLookedUp = (target: Target): target is Extract<Contact, { by: 'user' }> => target.by === 'user'
function personOf(target: Target, ids: ReadonlyMap<string, string>): Person | undefined {
  if (target.by === 'record') return { field: 'objectId', id: target.id }
  if (target.by === 'email' || target.by === 'utk') return { field: target.by, id: target.id }
  const id = ids.get(keyOf(target))
  return id === undefined ? undefined : { field: 'objectId', id }
}

/** An event with everything that it needs. */
interface Ready {
  readonly index: number
  readonly value: EventValue
  readonly person: Person
  readonly definition: EventDefinition
  /** What the definition can hold of the properties. */
  readonly properties: EventDraft['properties']
  /** All but the name and the person, as JSON. */
  readonly json: string
  readonly losses: readonly Loss[]
}
const noLosses: readonly Loss[] = []
function complete(
  { events }: EventTools,
  index: number,
  value: EventValue,
  person: Person,
  definition: EventDefinition,
  json: string,
): Ready {
  if (fitsAll(value.properties, definition.properties))
    return { index, value, person, definition, properties: value.properties, json, losses: noLosses }
  const losses: Loss[] = []
  const properties = keepDefined(value, definition.properties, events, losses)
  return { index, value, person, definition, properties, json: encodeEvent({ ...value, properties }), losses }
}

function request({ client }: EventTools, ready: readonly Ready[], session: Session): Promise<HttpResult> {
  const [first] = ready
  if (ready.length === 1 && first) {
    const { value, person, definition, properties } = first
    return client.sendEvent(session, {
      eventName: definition.fullName,
      occurredAt: value.occurredAt,
      uuid: value.uuid,
      properties,
      [person.field]: person.id,
    })
  }
  let inputs = ''
  for (const { definition, person, json } of ready)
    inputs += `${inputs === '' ? '' : ','}{"eventName":"${definition.fullName}","${person.field}":${JSON.stringify(person.id)},${json}`
  const body = `{"inputs":[${inputs}]}`
  return session.request(
    client.request('POST /events/send/batch', { purpose: 'write', repeat: 'keyed', body }),
  )
}

/** HubSpot drops what the definition does not know, or what is not of its type, after it has answered 204. */
function fitsAll(properties: EventDraft['properties'], types: EventDefinition['properties']): boolean {
  if (types === assumedTypes) return true
  for (const name in properties) {
    const type = types[name]
    const text = properties[name] ?? ''
    if (type === 'string' ? text.length > maxValueChars : type === undefined || fit(text, type).text !== text)
      return false
  }
  return true
}

function keepDefined(
  { properties, path, given }: EventValue,
  types: EventDefinition['properties'],
  events: EventTools['events'],
  losses: Loss[],
): EventDraft['properties'] {
  const kept: Record<string, string> = {}
  for (const [name, text] of Object.entries(properties)) {
    const fitted = fit(text, Object.hasOwn(types, name) ? types[name] : undefined)
    if (fitted.text !== undefined) kept[name] = fitted.text
    if (fitted.because !== undefined)
      losses.push({
        path: `${path}.${events.originOf(given, name)}`,
        kind: fitted.text === undefined ? 'dropped' : 'truncated',
        because: fitted.because,
        source,
      })
  }
  return kept
}

interface Fitted {
  readonly text?: string
  readonly because?: string
}
function fit(text: string, type: EventPropertyType | undefined): Fitted {
  if (type === undefined)
    return { because: 'the event definition lacks this property: add it with `fields apply`' }
  if (type === 'string')
    return text.length <= maxValueChars
      ? { text }
      : {
          text: truncateChars(text, maxValueChars),
          because: `HubSpot loses longer texts than ${maxValueChars} characters`,
        }
  if (type === 'number')
    return text.trim() !== '' && Number.isFinite(Number(text))
      ? { text }
      : { because: 'HubSpot wants a number here' }
  if (type === 'datetime') {
    const instant = readInstant(text)
    return instant.ok
      ? { text: instant.at }
      : { because: 'HubSpot wants a moment here, ISO 8601 with a zone' }
  }
  return type.includes(text) ? { text } : { because: 'not among the options of the event definition' }
}

const noDefinition = (name: string): Fault => ({
  code: 'not-found',
  message: `no event definition "${name}": create it with \`fields apply\` (schema.ensure)`,
  path: 'event.event',
})

/** A dry run reads nothing: the definition is taken to be there. */
const assumedTypes: EventDefinition['properties'] = {}
const assumed = ({ name }: EventDraft): EventDefinition => ({
  fullName: `pe{portal id}_${name}`,
  properties: assumedTypes,
})
