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
import type { EventInput } from './client.ts'
import type { ContactTools } from './contacts.ts'
import type { EventDefinition, EventDefinitions, EventPropertyType } from './event-definitions.ts'
import { maxOf } from './limits.ts'
import { endedBy } from './lookup.ts'
import type { EventDraft } from './mapping/events.ts'
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
    else ready.push(complete(index, value, person, definition, batch.json[index] ?? ''))
  }
  if (ready.length > 0) {
    const result = await request(tools, ready, session)
    if (result.kind === 'refused' && ready.length > 1) return { kind: 'refused', fault: result.fault }
    if (result.kind === 'refused') await definitions.forget([...names], session)
    const sent = sentFrom(result, () => allSent(ready.length, 'accepted'))
    for (const [place, { index, losses }] of ready.entries()) verdicts[index] = verdictOf(sent, place, losses)
  }
  return { kind: 'verdicts', verdicts: verdicts as Verdict[] }
}

function verdictOf(sent: Sent, place: number, losses: readonly Loss[]): Verdict {
  if (sent.kind === 'refused') return { outcome: { status: 'dead', fault: sent.fault } }
  if (sent.kind === 'ended') return { outcome: sent.outcome }
  const verdict = sent.verdicts[place]
  const outcome = verdict?.outcome ?? { status: 'sent', proof: 'accepted' }
  return losses.length > 0 ? { outcome, losses } : { outcome }
}

type Person = Pick<EventInput, 'objectId'> | Pick<EventInput, 'email'> | Pick<EventInput, 'utk'>
/** Only our own ids must be looked up: HubSpot itself knows addresses (and makes contacts of new ones) and cookies. */
const isLookedUp = (target: Target): target is Extract<Contact, { by: 'user' }> => target.by === 'user'
function personOf(target: Target, ids: ReadonlyMap<string, string>): Person | undefined {
  if (target.by === 'record') return { objectId: target.id }
  if (target.by === 'email') return { email: target.id }
  if (target.by === 'utk') return { utk: target.id }
  const objectId = ids.get(keyOf(target))
  return objectId === undefined ? undefined : { objectId }
}

/** An event with everything that it needs. */
interface Ready {
  readonly index: number
  readonly event: EventInput
  readonly json: string
  readonly losses: readonly Loss[]
}
function complete(
  index: number,
  value: EventValue,
  person: Person,
  { fullName, properties: types }: EventDefinition,
  json: string,
): Ready {
  const losses: Loss[] = []
  const { name: _, target: _target, path, ...draft } = value
  const kept = keepDefined(draft.properties, types, path, losses)
  const event: EventInput = { ...draft, ...person, eventName: fullName, properties: kept }
  const rest = kept === draft.properties ? json : encodeEvent({ ...value, properties: kept })
  const front = `{"eventName":${JSON.stringify(fullName)},${JSON.stringify(person).slice(1, -1)},`
  return { index, event, json: front + rest, losses }
}

function request({ client }: EventTools, ready: readonly Ready[], session: Session): Promise<HttpResult> {
  const [first] = ready
  if (ready.length === 1 && first) return client.sendEvent(session, first.event)
  const body = `{"inputs":[${ready.map(({ json }) => json).join(',')}]}`
  return session.request(
    client.request('POST /events/send/batch', { purpose: 'write', repeat: 'keyed', body }),
  )
}

/** HubSpot drops what the definition does not know, or what is not of its type, after it has answered 204. */
function keepDefined(
  properties: EventDraft['properties'],
  types: EventDefinition['properties'] | undefined,
  path: string,
  losses: Loss[],
): EventDraft['properties'] {
  if (types === assumedTypes) return properties
  let kept: Record<string, string> | undefined
  for (const name in properties) {
    const text = properties[name] ?? ''
    const type = types && Object.hasOwn(types, name) ? types[name] : undefined
    const fitted =
      type === 'string' && text.length <= maxValueChars ? text : fit(name, text, type, path, losses)
    if (fitted === text) continue
    kept ??= { ...properties }
    if (fitted === undefined) delete kept[name]
    else kept[name] = fitted
  }
  return kept ?? properties
}

function fit(
  name: string,
  text: string,
  type: EventPropertyType | undefined,
  path: string,
  losses: Loss[],
): string | undefined {
  const lose = (because: string): undefined => {
    losses.push({ path: `${path}.${name}`, kind: 'dropped', because, source })
    return undefined
  }
  if (type === undefined) return lose('the event definition lacks this property: add it with `fields apply`')
  if (type === 'string') {
    const because = `HubSpot loses longer texts than ${maxValueChars} characters`
    losses.push({ path: `${path}.${name}`, kind: 'truncated', because, source })
    return truncateChars(text, maxValueChars)
  }
  if (type === 'number')
    return text.trim() !== '' && Number.isFinite(Number(text)) ? text : lose('HubSpot wants a number here')
  if (type === 'datetime') {
    const instant = readInstant(text)
    return instant.ok ? instant.at : lose('HubSpot wants a moment here, ISO 8601 with a zone')
  }
  return type.includes(text) ? text : lose('not among the options of the event definition')
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
