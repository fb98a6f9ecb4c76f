import { setImmediate as nextTurn } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import type { BatchRows } from '../batch/batch-rows.ts'
import { compareEvents, type InputEvent } from '../batch/input-event.ts'
import { hasProfile, PersonLine, type PersonFact } from './person-line.ts'
import type { ReplayOptions } from './side.ts'
import { WaitingEvents } from './waiting-events.ts'

/** The input needs to be sorted by person first: it is read again. */
export class NeedsSorting extends Error {
  override readonly name = 'NeedsSorting'
}

/** Reads the input once, from its start to its end. */
export interface EventReading {
  /** Accepted events in the order of arrival. */
  batches(): AsyncGenerator<BatchRows, void, undefined>
  /** Of what was read so far. */
  readonly counts: { readonly firstMs: number; readonly lastMs: number }
}
export interface StreamingOptions extends ReplayOptions {
  readonly facts: ReadonlyMap<string, readonly PersonFact[]>
  /** Events that are held at a time; any disorder over fewer lines is put right. @default 4096 */
  readonly windowEvents?: number
  /** Share of the heap that may be in use. @default 0.6 */
  readonly maxHeapShare?: number
  readonly signal: AbortSignal
}
export interface Replayed {
  /** People with at least one event or profile. */
  readonly people: number
  /** Events of these people. */
  readonly events: number
}

interface Person {
  readonly id: string
  line: PersonLine | undefined
  readonly waiting: WaitingEvents
}

/**
 * Replays events while they are read, each person's in the order of the time line. An event is given after at least
 * `windowEvents` further ones were read, so what arrives out of order by fewer lines comes into its place.
 * @throws {NeedsSorting} an event belongs before what its person was given, an anonymous id is linked that had events of
 * its own, or there are too many people for the memory
 */
export async function replayStreaming(reading: EventReading, options: StreamingOptions): Promise<Replayed> {
  const run = new StreamingRun(reading, options)
  for await (const batch of reading.batches()) {
    if (options.signal.aborted) throw new Error('interrupted')
    for (let row = 0; row < batch.count; row++) run.add(batch, row)
    // Reading from a fast disk never leaves the loop by itself, and Ctrl-C would not be heard.
    if (run.endsWindow()) await nextTurn()
  }
  return run.end()
}

class StreamingRun {
  readonly #reading: EventReading
  readonly #options: StreamingOptions
  readonly #windowEvents: number
  readonly #people = new Map<string, Person>()
  /** Some of them by the number that they have in batches. */
  readonly #byNumber: (Person | undefined)[] = []
  readonly #anonymous = new Map<string, Person>()
  readonly #links = new Map<string, InputEvent>()
  /** Who has waiting events. */
  #waiting: Person[] = []
  /** Number of the first event of this window, and of the next. */
  #windowStart = 0
  #windowEnd: number
  /** Arrival and time of the event read last. */
  #lastArrival = -1
  #lastMs = Number.NaN
  #events = 0
  #originMs = Number.NaN
  readonly #needsOrigin: boolean

  constructor(reading: EventReading, options: StreamingOptions) {
    this.#reading = reading
    this.#options = options
    this.#windowEvents = options.windowEvents ?? 4_096
    this.#windowEnd = this.#windowEvents
    this.#needsOrigin = [...options.facts.values()].some((facts) =>
      facts.some(({ atMs }) => atMs === undefined),
    )
  }

  add(batch: BatchRows, row: number): void {
    const atMs = batch.atMs(row)
    this.#lastArrival = batch.arrival(row)
    this.#lastMs = atMs
    const parsed = batch.parsed(row)
    const person = parsed === undefined ? this.#numberedPerson(batch, row) : this.#personOf(parsed)
    if (person === undefined) return
    this.#events++
    if (person.waiting.count === 0) this.#waiting.push(person)
    if (person.line !== undefined && atMs < person.line.untilMs) {
      throw new NeedsSorting('an event lies before what its user was read to')
    }
    person.waiting.add(batch, row)
  }

  /** Gives what has waited for a whole window, when this one is full. */
  endsWindow(): boolean {
    if (this.#lastArrival < this.#windowEnd) return false
    this.#checkOrigin()
    if (this.#windowStart > 0) this.#release(this.#windowStart)
    this.#windowStart = this.#lastArrival + 1
    this.#windowEnd = this.#windowStart + this.#windowEvents
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
    if (used > limit * (this.#options.maxHeapShare ?? 0.6)) {
      throw new NeedsSorting('there are too many users for the memory')
    }
    return true
  }

  end(): Replayed {
    const { counts } = this.#reading
    this.#checkOrigin()
    if (Number.isNaN(this.#originMs)) this.#originMs = counts.firstMs
    const endMs = Math.max(counts.lastMs, this.#options.untilMs ?? Number.NEGATIVE_INFINITY)
    for (const person of this.#everybody()) {
      const { id, waiting } = person
      waiting.sort()
      const line = this.#lineOf(person)
      line.advance(waiting.take(waiting.count), endMs)
      this.#options.onPersonEnd?.(id, line)
    }
    const people = this.#people.size + this.#anonymous.size
    const others = Number.isFinite(counts.lastMs) ? this.#endWithoutEvents(endMs) : 0
    return { people: people + others, events: this.#events }
  }

  /** Of an ordinary event. `undefined`: the person is not replayed. */
  #numberedPerson(batch: BatchRows, row: number): Person | undefined {
    const number = batch.personNumber(row)
    const known = this.#byNumber[number]
    if (known !== undefined) return known
    const person = this.#knownPerson(batch.person(row))
    this.#byNumber[number] = person
    return person
  }

  #personOf(event: InputEvent): Person | undefined {
    if (event.isAnonymous) return this.#anonymousPerson(event)
    if (event.links !== '') this.#link(event)
    return this.#knownPerson(event.person)
  }

  #knownPerson(id: string): Person | undefined {
    if (this.#options.people?.has(id) === false) return undefined
    const found = this.#people.get(id)
    if (found !== undefined) return found
    const person = newPerson(id)
    this.#people.set(id, person)
    return person
  }

  /** After its link, an anonymous event is one of the user's. */
  #anonymousPerson(event: InputEvent): Person | undefined {
    const link = this.#links.get(event.person)
    if (link !== undefined) {
      if (event.atMs > link.atMs) return this.#knownPerson(link.person)
      throw new NeedsSorting('an anonymous id is linked to a user')
    }
    const found = this.#anonymous.get(event.person)
    if (found !== undefined) return found
    if (this.#options.people?.has(event.person) === false) {
      throw new NeedsSorting('whose an anonymous event is shows later')
    }
    const person = newPerson(event.person)
    this.#anonymous.set(event.person, person)
    return person
  }

  #link(event: InputEvent): void {
    if (this.#anonymous.has(event.links)) throw new NeedsSorting('an anonymous id is linked to a user')
    const before = this.#links.get(event.links)
    if (before === undefined) this.#links.set(event.links, event)
    // The first link is for good; which one is first is only sure in order.
    else if (before.person !== event.person && compareEvents(event, before) < 0) {
      throw new NeedsSorting('two users are linked to one anonymous id, out of order')
    }
  }

  /** Gives events that arrived before `start` and all that lie before them. */
  #release(start: number): void {
    const { lastMs } = this.#reading.counts
    const still: Person[] = []
    for (const person of this.#waiting) {
      const { waiting } = person
      waiting.sort()
      let count = waiting.count
      while (count > 0 && waiting.arrival(count - 1) >= start) count--
      // Further events of the same millisecond may follow: of the one read last, and of the greatest (its timers wait).
      let borderMs = waiting.atMs(count - 1)
      while (count > 0 && (borderMs === lastMs || borderMs === this.#lastMs)) {
        while (count > 0 && waiting.atMs(count - 1) === borderMs) count--
        borderMs = waiting.atMs(count - 1)
      }
      while (count > 0 && waiting.atMs(count) === borderMs) count++
      if (count > 0) this.#lineOf(person).advance(waiting.take(count), borderMs + 1)
      if (waiting.count > 0) still.push(person)
    }
    this.#waiting = still
  }

  #lineOf(person: Person): PersonLine {
    person.line ??= new PersonLine({
      ...this.#options,
      userId: person.id,
      facts: this.#options.facts.get(person.id) ?? [],
      originMs: this.#originMs,
      keepsHistory: false,
    })
    return person.line
  }

  /** What held before the first event holds from its time on, so that has to be known before anybody is given anything. */
  #checkOrigin(): void {
    const { firstMs } = this.#reading.counts
    if (this.#needsOrigin && this.#originMs > firstMs) {
      throw new NeedsSorting('an event lies before the one that was taken for the first')
    }
    if (Number.isNaN(this.#originMs) && this.#windowStart > 0) this.#originMs = firstMs
  }

  *#everybody(): Generator<Person, void, undefined> {
    yield* this.#people.values()
    yield* this.#anonymous.values()
  }

  /** People of whom only records tell: time passes for them too. Gives how many of them have a profile. */
  #endWithoutEvents(endMs: number): number {
    let profiles = 0
    for (const [userId, facts] of this.#options.facts) {
      if (this.#people.has(userId) || this.#options.people?.has(userId) === false) continue
      const line = this.#lineOf(newPerson(userId))
      line.advance([], endMs)
      this.#options.onPersonEnd?.(userId, line)
      if (hasProfile(facts)) profiles++
    }
    return profiles
  }
}

const newPerson = (id: string): Person => ({ id, line: undefined, waiting: new WaitingEvents() })
