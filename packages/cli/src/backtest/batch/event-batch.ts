import type { NamedPlaces } from '../bytes/named-places.ts'
import type { TextEncoding } from '../bytes/text-cache.ts'
import type { InputEvent } from './input-event.ts'

/** Where the parts of an ordinary `track` message lie in bytes. */
export interface EventPlaces {
  readonly messageIdFrom: number
  readonly messageIdTo: number
  /** With the braces; `propertiesTo` is 0 where there are none. */
  readonly propertiesFrom: number
  readonly propertiesTo: number
  /** Absent: all properties are asked for. */
  readonly named: NamedPlaces | undefined
}

/**
 * Events on their way from who reads to who replays, perhaps in another thread, in the order of arrival: columns, and the
 * bytes that they point into. Ids of people and names of events are sent once, and are numbers from then on.
 */
export interface EventBatch {
  /** What will be looked at of the events, piece after piece. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly usedBytes: number
  readonly encoding: TextEncoding
  readonly count: number
  /** `timeColumns` for each event: atMs, receivedMs, arrival. */
  readonly times: Float64Array<ArrayBuffer>
  /** `placeColumns` for each event, see there. */
  readonly places: Int32Array<ArrayBuffer>
  /** `namedColumns` for each event and each name of property that is asked for (see `NamedPlaces`). */
  readonly named: Int32Array<ArrayBuffer>
  readonly newPeople: readonly string[]
  readonly newNames: readonly string[]
  /** Events that had to be parsed. */
  readonly parsed: readonly InputEvent[]
}

export const timeColumns = 3

/**
 * Numbers of person and name; from and to of `messageId`; from and to of the properties, where these have to be parsed.
 * Where `messageIdTo` is 0 the event was parsed, and its `messageIdFrom` is its index in `parsed`.
 */
export const placeColumns = 6
