import { textIdProblem } from '@tripline/model'
import type { InputEvent } from './input-event.ts'
import { readInstantMs } from './instant-ms.ts'
import { isWord } from './scan-json.ts'
import { TrackScanner } from './scan-track.ts'

type Properties = InputEvent['properties']

const none: Properties = Object.freeze({})

/** Reads ordinary `track` messages from the bytes of a line; `undefined`: parse it. */
export type TrackReader = (bytes: Buffer, from: number, to: number, arrival: number) => InputEvent | undefined

/**
 * Makes events of lines without parsing what nobody asks for: properties are parsed at their first use. Whether a line is
 * JSON is checked all the same.
 * @param isAscii of the bytes that are read, which is faster; else they are UTF-8
 */
export function createTrackReader(): (isAscii: boolean) => TrackReader {
  const parts = new TrackScanner()
  const names = new Names()
  const readerOf =
    (encoding: Encoding): TrackReader =>
    (bytes, from, to, arrival) => {
      if (!parts.scan(bytes, from, to)) return undefined
      const atMs = readInstantMs(bytes.toString('latin1', parts.timestampFrom, parts.timestampTo))
      if (atMs === undefined) return undefined
      const person = bytes.toString(encoding, parts.userIdFrom, parts.userIdTo)
      if (encoding === 'utf8' && textIdProblem(person) !== undefined) return undefined
      const receivedMs =
        parts.receivedAtTo === 0
          ? Number.NaN
          : (readInstantMs(bytes.toString('latin1', parts.receivedAtFrom, parts.receivedAtTo)) ?? Number.NaN)
      const name = names.read(bytes, parts.eventFrom, parts.eventTo, encoding)
      const messageId = bytes.toString(encoding, parts.messageIdFrom, parts.messageIdTo)
      const content = new Content(bytes, parts.propertiesFrom, parts.propertiesTo, encoding)
      return new ScannedEvent(messageId, name, atMs, person, receivedMs, arrival, content)
    }
  const [ascii, utf8] = [readerOf('latin1'), readerOf('utf8')]
  return (isAscii) => (isAscii ? ascii : utf8)
}

type Encoding = 'latin1' | 'utf8'

class ScannedEvent implements InputEvent {
  readonly type = 'track'
  readonly isAnonymous = false
  readonly links = ''
  readonly seq = 0
  readonly messageId: string
  readonly name: string
  readonly atMs: number
  readonly person: string
  readonly receivedMs: number
  readonly arrival: number
  readonly #content: Content

  constructor(
    messageId: string,
    name: string,
    atMs: number,
    person: string,
    receivedMs: number,
    arrival: number,
    content: Content,
  ) {
    this.messageId = messageId
    this.name = name
    this.atMs = atMs
    this.person = person
    this.receivedMs = receivedMs
    this.arrival = arrival
    this.#content = content
  }

  get properties(): Properties {
    return this.#content.value
  }
}

/** An object as its bytes, until it is asked for. */
class Content {
  #value: Properties | undefined
  #bytes: Buffer | undefined
  readonly #from: number
  readonly #to: number
  readonly #encoding: Encoding

  constructor(bytes: Buffer, from: number, to: number, encoding: Encoding) {
    this.#value = to === 0 ? none : undefined
    this.#bytes = bytes
    this.#from = from
    this.#to = to
    this.#encoding = encoding
  }

  get value(): Properties {
    if (this.#value === undefined && this.#bytes !== undefined) {
      this.#value = JSON.parse(this.#bytes.toString(this.#encoding, this.#from, this.#to)) as Properties
      this.#bytes = undefined
    }
    return this.#value ?? none
  }
}

/** Most events have one of few names, and share its text. */
class Names {
  readonly #known: string[] = []

  read(bytes: Buffer, from: number, to: number, encoding: Encoding): string {
    for (const name of this.#known) {
      if (name.length === to - from && isWord(bytes, from, name)) return name
    }
    const name = bytes.toString(encoding, from, to)
    if (this.#known.length < 32) this.#known.push(name)
    return name
  }
}
