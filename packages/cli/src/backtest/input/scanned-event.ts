import type { InputEvent } from './input-event.ts'

type Properties = InputEvent['properties']

const none: Properties = Object.freeze({})

/** The bytes that an event was read from. */
export interface EventSource {
  readonly bytes: Buffer
  readonly encoding: 'latin1' | 'utf8'
}
/** Where the parts lie in them. */
export interface EventPlaces {
  readonly messageIdFrom: number
  readonly messageIdTo: number
  /** With the braces; `propertiesTo` is 0 where there are none. */
  readonly propertiesFrom: number
  readonly propertiesTo: number
}

/**
 * An ordinary `track` event. Its properties are parsed when somebody asks for them; until then it holds the bytes that
 * it was read from.
 */
export class ScannedEvent implements InputEvent, EventPlaces {
  readonly type = 'track'
  readonly isAnonymous = false
  readonly links = ''
  readonly seq = 0
  readonly messageId: string
  readonly name: string
  readonly person: string
  readonly atMs: number
  readonly receivedMs: number
  readonly arrival: number
  readonly messageIdFrom: number
  readonly messageIdTo: number
  readonly propertiesFrom: number
  readonly propertiesTo: number
  #source: EventSource | undefined
  #properties: Properties | undefined

  constructor(
    source: EventSource,
    places: EventPlaces,
    person: string,
    name: string,
    atMs: number,
    receivedMs: number,
    arrival: number,
  ) {
    this.messageId = source.bytes.toString(source.encoding, places.messageIdFrom, places.messageIdTo)
    this.name = name
    this.person = person
    this.atMs = atMs
    this.receivedMs = receivedMs
    this.arrival = arrival
    this.messageIdFrom = places.messageIdFrom
    this.messageIdTo = places.messageIdTo
    this.propertiesFrom = places.propertiesFrom
    this.propertiesTo = places.propertiesTo
    this.#source = source
    this.#properties = places.propertiesTo === 0 ? none : undefined
  }

  /** `undefined` when the properties were asked for. */
  get origin(): EventSource | undefined {
    return this.#source
  }

  get properties(): Properties {
    if (this.#properties !== undefined) return this.#properties
    if (this.#source === undefined) return none
    const { bytes, encoding } = this.#source
    const text = bytes.toString(encoding, this.propertiesFrom, this.propertiesTo)
    this.#properties = JSON.parse(text) as Properties
    this.#source = undefined
    return this.#properties
  }
}
