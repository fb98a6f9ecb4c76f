import type { InputEvent } from '../input/input-event.ts'
import { ScannedEvent, type EventPlaces, type EventSource } from '../input/scanned-event.ts'

/**
 * Events on their way from one thread to another: bytes and columns are handed over, not copied; ids of people and
 * names of events are sent once, and are numbers from then on.
 */
export interface EventBatch {
  readonly bytes: ArrayBuffer
  readonly encoding: EventSource['encoding']
  /** Three for each event: atMs, receivedMs, arrival. */
  readonly times: Float64Array<ArrayBuffer>
  /** Six for each event: person, name, and the `EventPlaces` in their order. */
  readonly places: Int32Array<ArrayBuffer>
  readonly newTexts: readonly string[]
  /** Events that had to be parsed, each with the number of the others that come before it. */
  readonly parsed: readonly (readonly [before: number, event: InputEvent])[]
}

const timeColumns = 3
const placeColumns = 6

/** Writes batches. Texts are numbered in the order in which they are first sent. */
export class BatchWriter {
  readonly #numbers = new Map<string, number>()
  #newTexts: string[] = []

  write(events: readonly InputEvent[]): EventBatch {
    const scanned: ScannedEvent[] = []
    const parsed: (readonly [number, InputEvent])[] = []
    let source: EventSource | undefined
    for (const event of events) {
      const own = event instanceof ScannedEvent ? event.origin : undefined
      source ??= own
      // What lies in other bytes travels as a whole.
      if (own !== undefined && own === source) scanned.push(event as ScannedEvent)
      else parsed.push([scanned.length, event instanceof ScannedEvent ? parsedEvent(event) : event])
    }
    const columns = this.#columns(scanned)
    const bytes = source === undefined ? new ArrayBuffer(0) : new Uint8Array(source.bytes).buffer
    return { ...columns, bytes, encoding: source?.encoding ?? 'latin1', newTexts: this.#takeTexts(), parsed }
  }

  #columns(events: readonly ScannedEvent[]) {
    const times = new Float64Array(events.length * timeColumns)
    const places = new Int32Array(events.length * placeColumns)
    let [time, place] = [0, 0]
    for (const event of events) {
      times[time++] = event.atMs
      times[time++] = event.receivedMs
      times[time++] = event.arrival
      places[place++] = this.#numberOf(event.person)
      places[place++] = this.#numberOf(event.name)
      places[place++] = event.messageIdFrom
      places[place++] = event.messageIdTo
      places[place++] = event.propertiesFrom
      places[place++] = event.propertiesTo
    }
    return { times, places }
  }

  #numberOf(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(text, number)
    this.#newTexts.push(text)
    return number
  }

  #takeTexts(): readonly string[] {
    const texts = this.#newTexts
    this.#newTexts = []
    return texts
  }
}

/** Reads what a `BatchWriter` wrote; all batches in their order. */
export class BatchReader {
  readonly #texts: string[] = []

  read(batch: EventBatch): readonly InputEvent[] {
    for (const text of batch.newTexts) this.#texts.push(text)
    const { times, places, parsed } = batch
    const source: EventSource = { bytes: Buffer.from(batch.bytes), encoding: batch.encoding }
    const count = times.length / timeColumns
    const events: InputEvent[] = []
    let next = 0
    for (let index = 0; index <= count; index++) {
      while (parsed[next]?.[0] === index) events.push((parsed[next++] as (typeof parsed)[number])[1])
      if (index < count) events.push(this.#event(source, times, places, index))
    }
    return events
  }

  #event(source: EventSource, times: Float64Array, places: Int32Array, index: number): ScannedEvent {
    const [time, place] = [index * timeColumns, index * placeColumns]
    const eventPlaces: EventPlaces = {
      messageIdFrom: places[place + 2] as number,
      messageIdTo: places[place + 3] as number,
      propertiesFrom: places[place + 4] as number,
      propertiesTo: places[place + 5] as number,
    }
    return new ScannedEvent(
      source,
      eventPlaces,
      this.#texts[places[place] as number] ?? '',
      this.#texts[places[place + 1] as number] ?? '',
      times[time] as number,
      times[time + 1] as number,
      times[time + 2] as number,
    )
  }
}

/** As an object that can be copied to another thread. */
function parsedEvent(event: ScannedEvent): InputEvent {
  const { type, name, messageId, person, isAnonymous, links, seq, atMs, receivedMs, arrival, properties } =
    event
  return { type, name, messageId, person, isAnonymous, links, seq, atMs, receivedMs, arrival, properties }
}
