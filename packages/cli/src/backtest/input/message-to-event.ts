import { deriveMessageId, messageTypes, textIdProblem } from '@tripline/model'
import type { InputEvent } from '../batch/input-event.ts'
import { instantProblem, readInstantMs } from '../bytes/instant-ms.ts'
import { boundsProblem } from './value-bounds.ts'

/** Why a line cannot be an event, and what is wrong with it. */
export interface Refusal {
  readonly reason: 'malformed' | 'no-timestamp' | 'bad-user-id' | 'future'
  readonly message: string
}
type Fields = { readonly [name: string]: unknown }
type Draft = { -readonly [name in keyof InputEvent]: InputEvent[name] }

const none: Fields = Object.freeze({})
const types: ReadonlySet<unknown> = new Set(messageTypes)
const typeNames = messageTypes.join(', ')

/**
 * A message of the Segment Spec as an event: what decides, and nothing else of it. An absent `type` is `track`. Other
 * fields (`context`, `integrations`, transport) are not read, but `source: 'vendor'` (also in `context`), which marks
 * what a vendor reports about our own sends.
 */
export function messageToEvent(message: unknown, arrival: number): InputEvent | Refusal {
  if (!isObject(message)) return malformed('is no JSON object')
  const outOfBounds = boundsProblem(message)
  if (outOfBounds !== undefined) return malformed(outOfBounds)
  const { userId, anonymousId, timestamp, messageId, seq, receivedAt } = message
  const type = message['type'] ?? 'track'
  if (!types.has(type)) return malformed(`type: is none of ${typeNames}`)
  const person = userId ?? anonymousId
  if (typeof person !== 'string' || textIdProblem(person) !== undefined) return badPerson(userId, person)
  if (timestamp === undefined || timestamp === null) {
    return { reason: 'no-timestamp', message: 'timestamp: is missing' }
  }
  if (typeof timestamp !== 'string')
    return malformed('timestamp: is not text; write ISO 8601 with a zone, e.g. 2026-11-01T10:00:00.000Z')
  const atMs = readInstantMs(timestamp)
  if (atMs === undefined) return malformed(`timestamp: ${instantProblem(timestamp)}`)
  if (seq !== undefined && seq !== null && !Number.isFinite(seq)) return malformed('seq: is no number')
  if (messageId !== undefined && messageId !== null && (typeof messageId !== 'string' || messageId === '')) {
    return malformed(`messageId: ${textIdProblem(messageId) ?? 'is no id'}`)
  }
  const bag = bagOf(message, type as InputEvent['type'])
  if (typeof bag === 'string') return malformed(bag)
  const event: Draft = {
    messageId: messageId ?? '',
    type: type as InputEvent['type'],
    atMs,
    properties: bag,
    person,
    isAnonymous: userId === undefined || userId === null,
    links: '',
    seq: (seq as number | null | undefined) ?? 0,
    receivedMs: typeof receivedAt === 'string' ? (readInstantMs(receivedAt) ?? Number.NaN) : Number.NaN,
    arrival,
  }
  const problem = readKind(event, message)
  if (problem !== undefined) return malformed(problem)
  if (isFromVendor(message)) event.source = 'vendor'
  if (event.messageId === '') event.messageId = deriveId(message, event)
  return event
}

export function isRefusal(read: InputEvent | Refusal): read is Refusal {
  return 'reason' in read
}

/** What the types have of their own; gives what is wrong. */
function readKind(event: Draft, message: Fields): string | undefined {
  switch (event.type) {
    case 'track': {
      const name = message['event']
      if (typeof name !== 'string' || name === '') return 'event: is no name'
      event.name = name
      return undefined
    }
    case 'page':
    case 'screen':
      if (typeof message['name'] === 'string' && message['name'] !== '') event.name = message['name']
      return undefined
    case 'identify':
      return readLink(event, 'anonymousId', message['anonymousId'])
    case 'alias':
      return event.isAnonymous ? 'userId: is missing' : readLink(event, 'previousId', message['previousId'])
    case 'group':
      return undefined
  }
}

function readLink(event: Draft, name: string, linked: unknown): string | undefined {
  if (event.isAnonymous || linked === undefined || linked === null || linked === event.person)
    return undefined
  if (typeof linked !== 'string' || textIdProblem(linked) !== undefined) return `${name}: is no id`
  event.links = linked
  return undefined
}

/** `properties`, for `identify` and `group` the traits; a text says what is wrong. */
function bagOf(message: Fields, type: InputEvent['type']): Fields | string {
  const name = type === 'identify' || type === 'group' ? 'traits' : 'properties'
  const bag = message[name]
  if (bag === undefined || bag === null) return none
  return isObject(bag) ? bag : `${name}: is no object`
}

function badPerson(userId: unknown, person: unknown): Refusal {
  const name = userId === undefined || userId === null ? 'anonymousId' : 'userId'
  if (person === undefined || person === null) return malformed('userId: is missing, and so is anonymousId')
  return { reason: 'bad-user-id', message: `${name}: ${textIdProblem(person) ?? 'is no id'}` }
}

function isFromVendor(message: Fields): boolean {
  if (message['source'] === 'vendor') return true
  const { context } = message
  return isObject(context) && context['source'] === 'vendor'
}

/** §1: an event without `messageId` gets one of what it says, so that its repetition is known. */
function deriveId(message: Fields, { atMs }: Draft): string {
  return deriveMessageId(message, new Date(atMs).toISOString())
}

const malformed = (message: string): Refusal => ({ reason: 'malformed', message })

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
