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
const fewBytes = 4_096
/** Shorter pieces are copied faster byte by byte. */
const shortBytes = 48

/** Writes batches. Texts are numbered in the order in which they are first sent. */
export class BatchWriter {
  readonly #people = new Numbers()
  readonly #names = new Numbers()
  #bytes = new Uint8Array(fewBytes)
  #usedBytes = 0
  #isAscii = true
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

  /** Gives the row of the event in the batch. */
  addTrack(track: ScannedTrack, arrival: number): number {
    const { bytes, places, atMs, receivedMs } = track
    const row = this.#addRow(track.person, atMs, receivedMs, arrival)
    const columns = this.#places
    const place = row * placeColumns
    if (track.encoding !== 'latin1') this.#isAscii = false
    columns[place + 1] = this.#names.of(track.name)
    columns[place + 2] = this.#copy(bytes, places.messageIdFrom, places.messageIdTo)
    columns[place + 3] = this.#usedBytes
    if (places.propertiesTo === 0) return row
    if (places.named !== undefined && !places.named.isHidden) this.#addNamed(row, bytes, places.named.places)
    else {
      columns[place + 4] = this.#copy(bytes, places.propertiesFrom, places.propertiesTo)
      columns[place + 5] = this.#usedBytes
    }
    return row
  }

  /** Gives the row of the event in the batch. */
  addParsed(event: InputEvent): number {
    const row = this.#addRow(event.person, event.atMs, event.receivedMs, event.arrival)
    this.#places[row * placeColumns + 2] = this.#parsed.length
    this.#parsed.push(event)
    return row
  }

  /** Takes rows out again; in ascending order. */
  drop(rows: readonly number[]): void {
    const width = { times: timeColumns, places: placeColumns, named: this.#namedWidth }
    for (const [index, row] of rows.entries()) {
      // Of the rows between this one and the next.
      const [from, to, end] = [row - index, row + 1, rows[index + 1] ?? this.#count]
      this.#times.copyWithin(from * width.times, to * width.times, end * width.times)
      this.#places.copyWithin(from * width.places, to * width.places, end * width.places)
      this.#named.copyWithin(from * width.named, to * width.named, end * width.named)
    }
    this.#count -= rows.length
    // What follows is written into fresh rows again.
    this.#places.fill(0, this.#count * width.places)
    this.#named.fill(0, this.#count * width.named)
  }

  /** What was added since the last call. */
  take(): EventBatch {
    const batch: EventBatch = {
      bytes: this.#bytes,
      encoding: this.#isAscii ? 'latin1' : 'utf8',
      usedBytes: this.#usedBytes,
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
    this.#bytes = new Uint8Array(Math.max(fewBytes, Math.ceil(this.#usedBytes * 1.25)))
    this.#usedBytes = 0
    this.#isAscii = true
    this.#count = 0
    this.#times = new Float64Array(capacity * timeColumns)
    this.#places = new Int32Array(capacity * placeColumns)
    this.#named = new Int32Array(capacity * this.#namedWidth)
    this.#parsed = []
    return batch
  }

  #addRow(person: string, atMs: number, receivedMs: number, arrival: number): number {
    const row = this.#count++
    const time = row * timeColumns
    if (time === this.#times.length) this.#grow()
    this.#times[time] = atMs
    this.#times[time + 1] = receivedMs
    this.#times[time + 2] = arrival
    this.#places[row * placeColumns] = this.#people.of(person)
    return row
  }

  #addNamed(row: number, bytes: Uint8Array, places: Int32Array): void {
    for (let column = 0; column < places.length; column += namedColumns) {
      const [from, to] = [places[column] as number, places[column + 1] as number]
      if (to === 0) continue
      const copied = this.#copy(bytes, from < 0 ? ~from : from, to)
      const place = row * this.#namedWidth + column
      this.#named[place] = from < 0 ? ~copied : copied
      this.#named[place + 1] = this.#usedBytes
    }
  }

  /** Gives where the copy begins. */
  #copy(bytes: Uint8Array, from: number, to: number): number {
    const start = this.#usedBytes
    this.#usedBytes += to - from
    if (this.#usedBytes > this.#bytes.length) {
      const own = this.#bytes
      this.#bytes = new Uint8Array(this.#usedBytes * 2)
      this.#bytes.set(own)
    }
    const own = this.#bytes
    if (to - from > shortBytes) own.set(bytes.subarray(from, to), start)
    else for (let at = from; at < to; at++) own[start + at - from] = bytes[at] as number
    return start
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
