import { createDuplicates } from '../dedupe/duplicates.ts'
import type { InputEvent } from './input-event.ts'
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
  /** The events accepted since the last call, in the order of arrival. */
  take(): readonly InputEvent[]
  readonly counts: IntakeCounts
}

type Counts = { -readonly [name in keyof IntakeCounts]: IntakeCounts[name] }
type Draft = { -readonly [name in keyof InputEvent]: InputEvent[name] }

export function createIntake(options: IntakeOptions): Intake {
  const { problems, people } = options
  const toMs = options.toMs ?? Infinity
  const duplicates = createDuplicates()
  const counts: Counts = { events: 0, duplicates: 0, notRead: 0, firstMs: Infinity, lastMs: -Infinity }
  let taken: InputEvent[] = []
  let arrival = 0
  const trackReader = new TrackReader()
  const accept = (event: InputEvent): void => {
    if (event.atMs >= toMs) {
      counts.notRead++
      return
    }
    if (event.atMs < counts.firstMs) counts.firstMs = event.atMs
    if (event.atMs > counts.lastMs) counts.lastMs = event.atMs
    if (!duplicates.accept(event.messageId, counts.lastMs)) {
      counts.duplicates++
      return
    }
    counts.events++
    // Whose an anonymous event is, a link of somebody else may tell.
    const isKept = event.isAnonymous || event.links !== '' || people === undefined || people.has(event.person)
    if (isKept) taken.push(event)
  }
  return {
    sinkOf: (file) => ({
      track(bytes, from, to, isAscii, line) {
        const event = trackReader.read(bytes, from, to, isAscii, arrival)
        if (event === undefined) return false
        arrival++
        if (isInTime(event, options, (taking) => problems.add({ file, line, ...taking }))) accept(event)
        return true
      },
      message(message, line) {
        const event = messageToEvent(message, arrival++)
        if (isRefusal(event)) problems.add({ file, line, ...event })
        else if (isInTime(event, options, (taking) => problems.add({ file, line, ...taking }))) accept(event)
      },
      problem: (reason, message, line) => problems.add({ file, line, reason, message }),
    }),
    take() {
      const events = taken
      taken = []
      return events
    },
    counts,
  }
}

type FutureProblem = { readonly reason: 'future'; readonly message: string; readonly taken?: true }

/** Puts an event from the future at its time of receipt; without one it cannot be taken. */
function isInTime(
  event: InputEvent,
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
  ;(event as Draft).atMs = receivedMs
  return true
}
