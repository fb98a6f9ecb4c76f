import { setImmediate as nextTurn } from 'node:timers/promises'
import { compareEvents } from '../batch/input-event.ts'
import type { PersonRecord } from '../input/records.ts'
import type { SorterOptions, TemporaryFolder } from '../sort/sorter.ts'
import { replayAsHappened } from './as-happened.ts'
import { compareArrivals, replayAsReceived } from './as-received.ts'
import { hasProfile } from './person-line.ts'
import { createPersonRecords, type PersonRecords } from './person-records.ts'
import type { ReplayOptions } from './side.ts'
import type { EventReading, Replayed } from './streaming.ts'

export interface ByPersonOptions extends ReplayOptions {
  readonly records: AsyncIterable<readonly PersonRecord[]>
  /** Replays the times of arrival, with a watermark so far behind them; absent: as it happened. */
  readonly asReceivedMs?: number
  readonly folder: TemporaryFolder
  readonly sorter?: SorterOptions
  readonly signal: AbortSignal
}
/** People between two looks at whether we are to stop. */
const peoplePerTurn = 256
/** `arrival` of what records tell: before all events. */
const ofRecord = -1

/**
 * Replays person by person: the whole input is sorted first, on disk where it is large, then the history of one person
 * at a time is in memory. Any disorder, links of anonymous ids and late events are taken as the semantics say.
 */
export async function replayByPerson(reading: EventReading, options: ByPersonOptions): Promise<Replayed> {
  const { asReceivedMs, signal } = options
  const compareLinks = asReceivedMs === undefined ? compareEvents : compareArrivals
  const records = createPersonRecords(options.folder, compareLinks, options.sorter)
  for await (const group of options.records) for (const record of group) addRecord(records, record)
  for await (const batch of reading.batches()) {
    for (let row = 0; row < batch.count; row++) records.addEvent(batch.event(row))
    if (signal.aborted) throw new Error('interrupted')
  }
  const { firstMs, lastMs } = reading.counts
  if (!Number.isFinite(lastMs)) return { people: 0, events: 0 }
  const endMs = Math.max(lastMs, options.untilMs ?? Number.NEGATIVE_INFINITY)
  let people = 0
  let events = 0
  let seen = 0
  for (const person of records.people()) {
    if (++seen % peoplePerTurn === 0) await nextTurn()
    if (signal.aborted) throw new Error('interrupted')
    const { userId, facts } = person
    if (options.people?.has(userId) === false) continue
    const read = person.events.reduce((count, { arrival }) => count + Number(arrival !== ofRecord), 0)
    events += read
    if (read > 0 || hasProfile(facts)) people++
    const lineOptions = {
      ...options,
      userId,
      facts,
      originMs: firstMs,
      keepsHistory: asReceivedMs !== undefined,
    }
    const line =
      asReceivedMs === undefined
        ? replayAsHappened(person, lineOptions, endMs)
        : replayAsReceived(person, { ...lineOptions, latenessMs: asReceivedMs }, endMs)
    options.onPersonEnd?.(userId, line)
  }
  return { people, events }
}

function addRecord(records: PersonRecords, { person, atMs, what }: PersonRecord): void {
  if (what.as === 'fact') {
    records.addFact(person, atMs === undefined ? { fact: what.fact } : { atMs, fact: what.fact })
    return
  }
  records.addEvent({
    ...what.event,
    type: 'track',
    source: 'vendor',
    atMs: atMs ?? Number.NaN,
    person,
    isAnonymous: false,
    links: '',
    seq: 0,
    receivedMs: Number.NaN,
    arrival: ofRecord,
  })
}
