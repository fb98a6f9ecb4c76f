import { textIdProblem } from '@tripline/model'
import type { ScannedTrack } from '../batch/batch-writer.ts'
import { readInstantBytes } from '../bytes/instant-ms.ts'
import { NamedPlaces } from '../bytes/named-places.ts'
import { TrackScanner } from '../bytes/scan-track.ts'
import { TextCache, type TextEncoding } from '../bytes/text-cache.ts'

/**
 * Reads ordinary `track` messages from the bytes of lines without parsing what nobody asks for. Whether a line is JSON
 * is checked all the same. What it read last stands in its fields.
 */
export class TrackReader implements ScannedTrack {
  bytes: Buffer = Buffer.alloc(0)
  encoding: TextEncoding = 'latin1'
  person = ''
  name = ''
  atMs = Number.NaN
  receivedMs = Number.NaN
  readonly places: TrackScanner
  readonly #texts = new TextCache()

  /** @param names of properties that are asked for. @default all */
  constructor(names?: readonly string[]) {
    this.places = new TrackScanner(names && new NamedPlaces(names))
  }

  /** `false`: the line is no ordinary one, or there is something wrong with it. */
  read(bytes: Buffer, from: number, to: number, isAscii: boolean): boolean {
    const { places } = this
    if (!places.scan(bytes, from, to)) return false
    const atMs = readInstantBytes(bytes, places.timestampFrom, places.timestampTo)
    if (atMs === undefined) return false
    this.encoding = isAscii ? 'latin1' : 'utf8'
    this.person = this.#texts.read(bytes, places.userIdFrom, places.userIdTo, this.encoding)
    if (!isAscii && textIdProblem(this.person) !== undefined) return false
    this.name = this.#texts.read(bytes, places.eventFrom, places.eventTo, this.encoding)
    this.bytes = bytes
    this.atMs = atMs
    this.receivedMs = this.#receivedMs(bytes)
    return true
  }

  #receivedMs(bytes: Buffer): number {
    const { receivedAtFrom, receivedAtTo } = this.places
    if (receivedAtTo === 0) return Number.NaN
    return readInstantBytes(bytes, receivedAtFrom, receivedAtTo) ?? Number.NaN
  }
}
