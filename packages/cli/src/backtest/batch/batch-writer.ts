import { namedColumns } from '../bytes/named-places.ts'
import type { TextEncoding } from '../bytes/text-cache.ts'
import { placeColumns, timeColumns, type EventBatch, type EventPlaces } from './event-batch.ts'
import type { InputEvent } from './input-event.ts'

/** An ordinary `track` message, as it was found in bytes. */
export interface ScannedTrack {
  readonly bytes: Uint8Array
  readonly encoding: TextEncoding
  readonly person: string
  readonly name: string
  readonly atMs: number
  readonly receivedMs: number
  readonly places: EventPlaces
}

const fewEvents = 64
const noBytes = new Uint8Array()

/** Writes batches. Texts are numbered in the order in which they are first sent. */
export class BatchWriter {
  readonly #people = new Numbers()
  readonly #names = new Numbers()
  #bytes: Uint8Array = noBytes
  #encoding: TextEncoding = 'latin1'
  #count = 0
  #times = new Float64Array(fewEvents * timeColumns)
  #places = new Int32Array(fewEvents * placeColumns)
  #named: Int32Array<ArrayBuffer>
  #parsed: InputEvent[] = []
  readonly #namedWidth: number

  /** @param names how many names of properties are asked for */
  constructor(names = 0) {
    this.#namedWidth = names * namedColumns
    this.#named = new Int32Array(fewEvents * this.#namedWidth)
  }

  /** All tracks of one batch are of the same bytes. */
  addTrack(track: ScannedTrack, arrival: number): void {
    const { bytes, atMs, receivedMs, places } = track
    if (this.#bytes !== bytes) {
      if (this.#bytes !== noBytes) throw new RangeError('a batch has tracks of one chunk')
      this.#bytes = bytes
      this.#encoding = track.encoding
    }
    this.#addTimes(atMs, receivedMs, arrival)
    const columns = this.#places
    const place = this.#count * placeColumns
    columns[place] = this.#people.of(track.person)
    columns[place + 1] = this.#names.of(track.name)
    columns[place + 2] = places.messageIdFrom
    columns[place + 3] = places.messageIdTo
    columns[place + 4] = places.named?.isHidden === true ? ~places.propertiesFrom : places.propertiesFrom
    columns[place + 5] = places.propertiesTo
    if (places.named !== undefined && places.propertiesTo > 0) this.#addNamed(places.named.places)
    this.#count++
  }

  addParsed(event: InputEvent): void {
    this.#addTimes(event.atMs, event.receivedMs, event.arrival)
    const place = this.#count * placeColumns
    this.#places[place] = this.#people.of(event.person)
    this.#places[place + 2] = this.#parsed.length
    this.#parsed.push(event)
    this.#count++
  }

  /** What was added since the last call. */
  take(): EventBatch {
    const batch: EventBatch = {
      bytes: this.#bytes,
      encoding: this.#encoding,
      count: this.#count,
      times: this.#times,
      places: this.#places,
      named: this.#named,
      newPeople: this.#people.takeNew(),
      newNames: this.#names.takeNew(),
      parsed: this.#parsed,
    }
    // The next one has about as many.
    const capacity = Math.max(fewEvents, Math.ceil(this.#count * 1.25))
    this.#bytes = noBytes
    this.#count = 0
    this.#times = new Float64Array(capacity * timeColumns)
    this.#places = new Int32Array(capacity * placeColumns)
    this.#named = new Int32Array(capacity * this.#namedWidth)
    this.#parsed = []
    return batch
  }

  #addTimes(atMs: number, receivedMs: number, arrival: number): void {
    const time = this.#count * timeColumns
    if (time === this.#times.length) this.#grow()
    this.#times[time] = atMs
    this.#times[time + 1] = receivedMs
    this.#times[time + 2] = arrival
  }

  #addNamed(places: Int32Array): void {
    const from = this.#count * this.#namedWidth
    for (let column = 0; column < places.length; column++) {
      this.#named[from + column] = places[column] as number
    }
  }

  #grow(): void {
    const [times, places, named] = [this.#times, this.#places, this.#named]
    this.#times = new Float64Array(times.length * 2)
    this.#times.set(times)
    this.#places = new Int32Array(places.length * 2)
    this.#places.set(places)
    this.#named = new Int32Array(named.length * 2)
    this.#named.set(named)
  }
}

/** Numbers for texts, from 0. */
class Numbers {
  readonly #numbers = new Map<string, number>()
  #added: string[] = []

  of(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(text, number)
    this.#added.push(text)
    return number
  }

  takeNew(): readonly string[] {
    const added = this.#added
    this.#added = []
    return added
  }
}
