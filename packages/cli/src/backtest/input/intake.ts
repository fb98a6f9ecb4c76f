import { BatchWriter } from '../batch/batch-writer.ts'
import type { EventBatch } from '../batch/event-batch.ts'
import { Duplicates } from '../dedupe/duplicates.ts'
import { isRefusal, messageToEvent } from './message-to-event.ts'
import type { Problems } from './problems.ts'
import type { RowSink } from './row-sink.ts'
import { TrackReader } from './track-reader.ts'

export interface IntakeOptions {
  /** The clock of the run, ms: nothing lies further ahead than it and `latenessMs`. */
  readonly nowMs: number
  readonly latenessMs: number
  /** Events at or after it are not read. @default none */
  readonly toMs?: number
  /** Only these people are kept, with what is anonymous and all links; duplicates and times are those of all. @default all */
  readonly people?: ReadonlySet<string>
  /** Times of arrival count: what lies further ahead than its own arrival and `latenessMs` is put there. */
  readonly asReceived: boolean
  /**
   * Names of the properties that will be looked at; of an ordinary `track` event the others are passed over. Not
   * `__proto__`, which only the parser makes a property. @default all
   */
  readonly properties?: readonly string[]
  readonly problems: Problems
}

/** What was read so far. */
export interface IntakeCounts {
  /** Accepted events, of all people. */
  readonly events: number
  readonly duplicates: number
  /** At or after `toMs`, and not read. */
  readonly notRead: number
  /** Least and greatest timestamp, of repeated events too; infinite before the first. */
  readonly firstMs: number
  readonly lastMs: number
}

/** From the rows of all files, one after another, to the events that count. */
export interface Intake {
  /** The sink for the rows of one file. */
  sinkOf(file: string): RowSink
  /** The events accepted since the last call, in the order of arrival. Of one chunk of one file at most. */
  take(): EventBatch
  readonly counts: IntakeCounts
}

const noRow = -1

type Counts = { -readonly [name in keyof IntakeCounts]: IntakeCounts[name] }
/** The time may be put right. */
interface Timed {
  atMs: number
  readonly receivedMs: number
}

export function createIntake(options: IntakeOptions): Intake {
  const { problems, people, properties } = options
  const toMs = options.toMs ?? Infinity
  const duplicates = new Duplicates()
  const counts: Counts = { events: 0, duplicates: 0, notRead: 0, firstMs: Infinity, lastMs: -Infinity }
  const track = new TrackReader(properties)
  const batch = new BatchWriter(properties?.length)
  let arrival = 0
  /** Whether an event of the time is read at all. */
  const isRead = (atMs: number): boolean => {
    if (atMs >= toMs) {
      counts.notRead++
      return false
    }
    if (atMs < counts.firstMs) counts.firstMs = atMs
    if (atMs > counts.lastMs) counts.lastMs = atMs
    return true
  }
  /** Of each event since the last `take` its row in the batch, or `noRow`. */
  let rows: number[] = []
  const isKept = (person: string): boolean => people === undefined || people.has(person)
  return {
    sinkOf: (file) => ({
      track(bytes, from, to, isAscii, line) {
        if (!track.read(bytes, from, to, isAscii)) return false
        const ownArrival = arrival++
        if (!isInTime(track, options, (taking) => problems.add({ file, line, ...taking }))) return true
        if (!isRead(track.atMs)) return true
        const { messageIdFrom, messageIdTo } = track.places
        duplicates.addBytes(bytes, messageIdFrom, messageIdTo, counts.lastMs)
        rows.push(isKept(track.person) ? batch.addTrack(track, ownArrival) : noRow)
        return true
      },
      message(message, line) {
        const event = messageToEvent(message, arrival++)
        if (isRefusal(event)) return problems.add({ file, line, ...event })
        if (!isInTime(event, options, (taking) => problems.add({ file, line, ...taking }))) return
        if (!isRead(event.atMs)) return
        duplicates.add(event.messageId, counts.lastMs)
        // Whose an anonymous event is, a link of somebody else may tell.
        const isAsked = event.isAnonymous || event.links !== '' || isKept(event.person)
        rows.push(isAsked ? batch.addParsed(event) : noRow)
      },
      problem: (reason, message, line) => problems.add({ file, line, reason, message }),
    }),
    take() {
      const repeated = duplicates.takeRepeated()
      counts.events += rows.length - repeated.length
      counts.duplicates += repeated.length
      batch.drop(repeated.map((index) => rows[index] ?? noRow).filter((row) => row !== noRow))
      rows = []
      return batch.take()
    },
    counts,
  }
}

type FutureProblem = { readonly reason: 'future'; readonly message: string; readonly taken?: true }

/** Puts an event from the future at its time of receipt; without one it cannot be taken. */
function isInTime(
  event: Timed,
  { nowMs, latenessMs, asReceived }: IntakeOptions,
  report: (problem: FutureProblem) => void,
): boolean {
  const { atMs, receivedMs } = event
  const isAhead = atMs > nowMs + latenessMs || (asReceived && atMs > receivedMs + latenessMs)
  if (!isAhead) return true
  const message = 'timestamp: lies in the future'
  // No receipt, or one that lies ahead of the clock as well.
  if (!(receivedMs <= nowMs + latenessMs)) {
    report({ reason: 'future', message })
    return false
  }
  report({ reason: 'future', message, taken: true })
  event.atMs = receivedMs
  return true
}
