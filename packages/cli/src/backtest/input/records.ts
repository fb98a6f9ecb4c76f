import type { Fact } from '@tripline/triggers'
import type { InputEvent } from '../batch/input-event.ts'
import { instantProblem, readInstantMs } from '../bytes/instant-ms.ts'
import { boundsProblem } from './value-bounds.ts'

/** Something about a person that is not in the events: a fact, or what a vendor reported about a send of ours. */
export interface PersonRecord {
  readonly person: string
  /** Absent: it held before the first event. */
  readonly atMs?: number
  readonly what: RecordContent
}
export type RecordContent =
  | { readonly as: 'fact'; readonly fact: FactContent }
  | { readonly as: 'event'; readonly event: Pick<InputEvent, 'name' | 'properties' | 'messageId'> }
type WithoutTime<T> = T extends unknown ? Omit<T, 'atMs'> : never
export type FactContent = WithoutTime<Fact>

type Fields = { readonly [name: string]: unknown }

/**
 * A line of `--records`: `userId`, `timestamp` (absent: before the first event), `kind` and what belongs to it:
 *
 * - `consent`: `purpose`, `state` (`granted`, `denied`); `suppression`: `suppressed`;
 * - `reachability`: `channel`, `reachable`; `membership`: `segment`, `member`;
 * - `traits`: `traits` as they stand from then on; `dead`: `send`, the id of the send that the outbox gave up;
 * - `engagement`: `event` (a name of `policy.engagements`), `send` (the id of the send), `properties`, `messageId`.
 *
 * A text says what is wrong.
 */
export function readRecord(line: unknown): PersonRecord | string {
  if (!isObject(line)) return 'is no JSON object'
  const outOfBounds = boundsProblem(line)
  if (outOfBounds !== undefined) return outOfBounds
  const { userId, timestamp } = line
  if (typeof userId !== 'string' || userId === '') return 'userId: is no id'
  const atMs = typeof timestamp === 'string' ? readInstantMs(timestamp) : undefined
  if (timestamp !== undefined && timestamp !== null && atMs === undefined) {
    return `timestamp: ${typeof timestamp === 'string' ? instantProblem(timestamp) : 'is not text'}`
  }
  const what = readContent(line, atMs)
  return typeof what === 'string' ? what : { person: userId, ...(atMs !== undefined && { atMs }), what }
}

/** A line of `--traits`: `userId` and `traits`, as they stood before the first event, or from `timestamp` on. */
export function readProfile(line: unknown): PersonRecord | string {
  return readRecord(isObject(line) ? { ...line, kind: 'traits' } : line)
}

function readContent(line: Fields, atMs: number | undefined): RecordContent | string {
  const fact = (content: FactContent): RecordContent => ({ as: 'fact', fact: content })
  const { kind, purpose, state, suppressed, channel, reachable, segment, member, traits, send } = line
  switch (kind) {
    case 'consent':
      if (!isText(purpose)) return 'purpose: is no name'
      if (state !== 'granted' && state !== 'denied') return 'state: is neither granted nor denied'
      return fact({ kind, purpose, state })
    case 'suppression':
      return isFlag(suppressed) ? fact({ kind, suppressed }) : 'suppressed: is neither true nor false'
    case 'reachability':
      if (!isText(channel)) return 'channel: is no name'
      return isFlag(reachable) ? fact({ kind, channel, reachable }) : 'reachable: is neither true nor false'
    case 'membership':
      if (!isText(segment)) return 'segment: is no id'
      return isFlag(member) ? fact({ kind, segment, member }) : 'member: is neither true nor false'
    case 'traits':
      return isObject(traits) ? fact({ kind, traits }) : 'traits: is no object'
    case 'dead':
      return isText(send) ? fact({ kind, send }) : 'send: is no id'
    case 'engagement':
      return readEngagement(line, atMs)
    default:
      return 'kind: is none of consent, suppression, reachability, membership, traits, dead, engagement'
  }
}

function readEngagement(line: Fields, atMs: number | undefined): RecordContent | string {
  const { event, send, properties, messageId } = line
  if (atMs === undefined) return 'timestamp: is missing; an engagement happened at some time'
  if (!isText(event)) return 'event: is no name'
  if (!isText(send)) return 'send: is no id'
  if (properties !== undefined && !isObject(properties)) return 'properties: is no object'
  return {
    as: 'event',
    event: {
      name: event,
      properties: { ...properties, send_id: send },
      messageId: isText(messageId) ? messageId : `${event}:${send}:${atMs}`,
    },
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean'

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
