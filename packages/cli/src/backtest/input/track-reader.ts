import { textIdProblem } from '@tripline/model'
import { readInstantMs } from './instant-ms.ts'
import { isWord } from './scan-json.ts'
import { TrackScanner } from './scan-track.ts'
import { ScannedEvent, type EventSource } from './scanned-event.ts'

/**
 * Reads ordinary `track` messages from the bytes of lines without parsing what nobody asks for. Whether a line is JSON
 * is checked all the same.
 */
export class TrackReader {
  readonly #parts = new TrackScanner()
  readonly #names: string[] = []
  #source: EventSource = { bytes: Buffer.alloc(0), encoding: 'latin1' }

  /** `undefined`: the line is no ordinary one, or there is something wrong with it. */
  read(bytes: Buffer, from: number, to: number, isAscii: boolean, arrival: number): ScannedEvent | undefined {
    const parts = this.#parts
    if (!parts.scan(bytes, from, to)) return undefined
    const atMs = readInstantMs(bytes.toString('latin1', parts.timestampFrom, parts.timestampTo))
    if (atMs === undefined) return undefined
    const encoding = isAscii ? 'latin1' : 'utf8'
    const person = bytes.toString(encoding, parts.userIdFrom, parts.userIdTo)
    if (!isAscii && textIdProblem(person) !== undefined) return undefined
    if (bytes !== this.#source.bytes) this.#source = { bytes, encoding }
    const name = this.#nameOf(bytes, encoding)
    return new ScannedEvent(this.#source, parts, person, name, atMs, this.#receivedMs(bytes), arrival)
  }

  #receivedMs(bytes: Buffer): number {
    const { receivedAtFrom, receivedAtTo } = this.#parts
    if (receivedAtTo === 0) return Number.NaN
    return readInstantMs(bytes.toString('latin1', receivedAtFrom, receivedAtTo)) ?? Number.NaN
  }

  /** Most events have one of few names, and share its text. */
  #nameOf(bytes: Buffer, encoding: EventSource['encoding']): string {
    const { eventFrom, eventTo } = this.#parts
    for (const name of this.#names) {
      if (name.length === eventTo - eventFrom && isWord(bytes, eventFrom, name)) return name
    }
    const name = bytes.toString(encoding, eventFrom, eventTo)
    if (this.#names.length < 32) this.#names.push(name)
    return name
  }
}
