import { namedColumns } from '../bytes/named-places.ts'
import type { TextEncoding } from '../bytes/text-cache.ts'
import { placeColumns, timeColumns, type EventBatch } from './event-batch.ts'
import type { InputEvent } from './input-event.ts'
import { ScannedEvent } from './scanned-event.ts'

type Bag = { readonly [name: string]: unknown }
type Draft = Record<string, unknown>

const none: Bag = Object.freeze({})
/** V8 copies a piece of a text that is shorter than this; a longer one would keep the whole text in memory. */
const copiedLength = 13
const [minus, zero, nine] = [0x2d, 0x30, 0x39] as const
/** Numbers of so many digits are whole numbers that a double holds. */
const mostDigits = 15

/** What the numbers of a batch stand for. */
export interface BatchNames {
  readonly people: readonly string[]
  readonly events: readonly string[]
  /** Of the properties that the batch has places of; `undefined`: all are read. */
  readonly properties: readonly string[] | undefined
}

/** A batch where it is read, by row: events, their texts and values are made when somebody asks for them. */
export class BatchRows {
  readonly count: number
  readonly #bytes: Buffer
  readonly #encoding: TextEncoding
  readonly #times: Float64Array
  readonly #places: Int32Array
  readonly #named: Int32Array
  readonly #parsed: readonly InputEvent[]
  readonly #names: BatchNames
  /** All of the bytes, where each is a character; made when it is needed. */
  #text: string | undefined

  constructor(batch: EventBatch, names: BatchNames) {
    this.count = batch.count
    this.#bytes = Buffer.from(batch.bytes.buffer, 0, batch.usedBytes)
    this.#encoding = batch.encoding
    this.#times = batch.times
    this.#places = batch.places
    this.#named = batch.named
    this.#parsed = batch.parsed
    this.#names = names
    this.#text = undefined
  }

  atMs(row: number): number {
    return this.#times[row * timeColumns] as number
  }
  receivedMs(row: number): number {
    return this.#times[row * timeColumns + 1] as number
  }
  arrival(row: number): number {
    return this.#times[row * timeColumns + 2] as number
  }
  /** The number that the person has in all batches. */
  personNumber(row: number): number {
    return this.#places[row * placeColumns] as number
  }
  person(row: number): string {
    return this.#names.people[this.personNumber(row)] as string
  }
  /** Name of an event that was not parsed. */
  name(row: number): string {
    return this.#names.events[this.#places[row * placeColumns + 1] as number] as string
  }

  /** The event, if it was parsed; others are ordinary `track` events of a known user. */
  parsed(row: number): InputEvent | undefined {
    const place = row * placeColumns
    if ((this.#places[place + 3] as number) > 0) return undefined
    return this.#parsed[this.#places[place + 2] as number]
  }
  /** A new object at every call. It keeps the batch in memory. */
  event(row: number): InputEvent {
    return this.parsed(row) ?? new ScannedEvent(this, row)
  }

  messageId(row: number): string {
    const place = row * placeColumns
    return this.#textAt(this.#places[place + 2] as number, this.#places[place + 3] as number)
  }

  properties(row: number): Bag {
    const place = row * placeColumns
    const [from, to] = [this.#places[place + 4] as number, this.#places[place + 5] as number]
    if (to > 0) return this.#parse(from, to) as Bag
    const names = this.#names.properties
    if (names === undefined) return none
    const bag: Draft = {}
    let column = row * names.length * namedColumns
    for (const name of names) {
      const [valueFrom, valueTo] = [this.#named[column] as number, this.#named[column + 1] as number]
      if (valueFrom > 0) bag[name] = this.#textAt(valueFrom, valueTo)
      else if (valueTo > 0)
        bag[name] = this.#wholeNumber(~valueFrom, valueTo) ?? this.#parse(~valueFrom, valueTo)
      column += namedColumns
    }
    return bag
  }

  #textAt(from: number, to: number): string {
    if (this.#encoding === 'latin1' && to - from < copiedLength) {
      return (this.#text ??= this.#bytes.toString('latin1')).slice(from, to)
    }
    return this.#bytes.toString(this.#encoding, from, to)
  }

  #parse(from: number, to: number): unknown {
    return JSON.parse(this.#bytes.toString(this.#encoding, from, to))
  }

  /** `undefined` where it has more than digits, or too many. */
  #wholeNumber(from: number, to: number): number | undefined {
    const bytes = this.#bytes
    const isNegative = bytes[from] === minus
    const first = isNegative ? from + 1 : from
    if (to - first > mostDigits) return undefined
    let number = 0
    for (let at = first; at < to; at++) {
      const byte = bytes[at] as number
      if (byte < zero || byte > nine) return undefined
      number = number * 10 + byte - zero
    }
    return isNegative ? -number : number
  }
}
