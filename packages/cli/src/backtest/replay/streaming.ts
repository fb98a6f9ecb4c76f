import { setImmediate as nextTurn } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import { compareEvents, type InputEvent } from '../input/input-event.ts'
import { hasProfile, PersonLine, type PersonFact } from './person-line.ts'
import type { ReplayOptions } from './side.ts'

/** The input needs to be sorted by person first: it is read again. */
export class NeedsSorting extends Error {
  override readonly name = 'NeedsSorting'
}

/** Reads the input once, from its start to its end. */
export interface EventReading {
  /** Groups of accepted events in the order of arrival. */
  events(): AsyncGenerator<readonly InputEvent[], void, undefined>
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
  line: PersonLine | undefined
  /** Not yet given, in order unless `isUnordered`. */
  waiting: InputEvent[]
  isUnordered: boolean
}

/**
 * Replays events while they are read, each person's in the order of the time line. An event is given after at least
 * `windowEvents` further ones were read, so what arrives out of order by fewer lines comes into its place.
 * @throws {NeedsSorting} an event belongs before what its person was given, an anonymous id is linked that had events of
 * its own, or there are too many people for the memory
 */
export async function replayStreaming(reading: EventReading, options: StreamingOptions): Promise<Replayed> {
  const run = new StreamingRun(reading, options)
  for await (const events of reading.events()) {
    if (options.signal.aborted) throw new Error('interrupted')
    for (const event of events) run.add(event)
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
  readonly #anonymous = new Map<string, Person>()
  readonly #links = new Map<string, InputEvent>()
  /** Who has waiting events. */
  #waiting: Person[] = []
  /** Number of the first event of this window, and of the next. */
  #windowStart = 0
  #windowEnd: number
  #last: InputEvent | undefined
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

  add(event: InputEvent): void {
    this.#last = event
    const person = event.isAnonymous ? this.#anonymousPerson(event) : this.#knownPerson(event)
    if (person === undefined) return
    this.#events++
    const { waiting } = person
    const length = waiting.length
    if (length === 0) this.#waiting.push(person)
    else if (compareEvents(waiting[length - 1] as InputEvent, event) > 0) person.isUnordered = true
    if (person.line !== undefined && event.atMs < person.line.untilMs) {
      throw new NeedsSorting('an event lies before what its user was read to')
    }
    waiting.push(event)
  }

  /** Gives what has waited for a whole window, when this one is full. */
  endsWindow(): boolean {
    if (this.#last === undefined || this.#last.arrival < this.#windowEnd) return false
    this.#checkOrigin()
    if (this.#windowStart > 0) this.#release(this.#windowStart)
    this.#windowStart = this.#last.arrival + 1
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
    for (const [id, person] of this.#everybody()) {
      this.#order(person)
      const line = this.#lineOf(person, id)
      line.advance(person.waiting, endMs)
      person.waiting = []
      this.#options.onPersonEnd?.(id, line)
    }
    const people = this.#people.size + this.#anonymous.size
    const others = Number.isFinite(counts.lastMs) ? this.#endWithoutEvents(endMs) : 0
    return { people: people + others, events: this.#events }
  }

  /** `undefined`: the person is not replayed. */
  #knownPerson(event: InputEvent): Person | undefined {
    if (event.links !== '') this.#link(event)
    if (this.#options.people?.has(event.person) === false) return undefined
    const found = this.#people.get(event.person)
    if (found !== undefined) return found
    const person = newPerson()
    this.#people.set(event.person, person)
    return person
  }

  /** After its link, an anonymous event is one of the user's. */
  #anonymousPerson(event: InputEvent): Person | undefined {
    const link = this.#links.get(event.person)
    if (link !== undefined) {
      if (event.atMs > link.atMs) return this.#knownPerson({ ...event, person: link.person })
      throw new NeedsSorting('an anonymous id is linked to a user')
    }
    const found = this.#anonymous.get(event.person)
    if (found !== undefined) return found
    if (this.#options.people?.has(event.person) === false) {
      throw new NeedsSorting('whose an anonymous event is shows later')
    }
    const person = newPerson()
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
    const { counts } = this.#reading
    const still: Person[] = []
    const lastReadMs = this.#last?.atMs ?? Number.NaN
    for (const person of this.#waiting) {
      this.#order(person)
      const { waiting } = person
      let count = waiting.length
      while (count > 0 && (waiting[count - 1] as InputEvent).arrival >= start) count--
      // Further events of the same millisecond may follow: of the one read last, and of the greatest (its timers wait).
      let borderMs = waiting[count - 1]?.atMs ?? Number.NaN
      while (count > 0 && (borderMs === counts.lastMs || borderMs === lastReadMs)) {
        while (count > 0 && (waiting[count - 1] as InputEvent).atMs === borderMs) count--
        borderMs = waiting[count - 1]?.atMs ?? Number.NaN
      }
      while (count > 0 && waiting[count]?.atMs === borderMs) count++
      if (count > 0) {
        const first = waiting[0] as InputEvent
        this.#lineOf(person, first.person).advance(
          count === waiting.length ? waiting : waiting.slice(0, count),
          borderMs + 1,
        )
        person.waiting = count === waiting.length ? [] : waiting.slice(count)
      }
      if (person.waiting.length > 0) still.push(person)
    }
    this.#waiting = still
  }

  #order(person: Person): void {
    if (!person.isUnordered) return
    person.waiting.sort(compareEvents)
    person.isUnordered = false
  }

  #lineOf(person: Person, userId: string): PersonLine {
    person.line ??= new PersonLine({
      ...this.#options,
      userId,
      facts: this.#options.facts.get(userId) ?? [],
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

  *#everybody(): Generator<readonly [string, Person], void, undefined> {
    yield* this.#people
    yield* this.#anonymous
  }

  /** People of whom only records tell: time passes for them too. Gives how many of them have a profile. */
  #endWithoutEvents(endMs: number): number {
    let profiles = 0
    for (const [userId, facts] of this.#options.facts) {
      if (this.#people.has(userId) || this.#options.people?.has(userId) === false) continue
      const line = this.#lineOf(newPerson(), userId)
      line.advance([], endMs)
      this.#options.onPersonEnd?.(userId, line)
      if (hasProfile(facts)) profiles++
    }
    return profiles
  }
}

const newPerson = (): Person => ({ line: undefined, waiting: [], isUnordered: false })
