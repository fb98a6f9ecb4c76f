import { compareEvents, type InputEvent } from '../batch/input-event.ts'
import { PersonLine, type PersonLineOptions } from './person-line.ts'
import type { PersonHistory } from './person-records.ts'

export interface AsReceivedOptions extends PersonLineOptions {
  /** The watermark is the time of arrival less this. */
  readonly latenessMs: number
}

/** When the event came: `receivedAt`, without one its own time. */
export function arrivalMs({ receivedMs, atMs }: InputEvent): number {
  return Number.isNaN(receivedMs) ? atMs : receivedMs
}

export function compareArrivals(first: InputEvent, second: InputEvent): number {
  return arrivalMs(first) - arrivalMs(second) || compareEvents(first, second)
}

/**
 * Replays one person as it was received: each event at its time of arrival. Events wait until the watermark passes them;
 * one that comes later than that is late. Only the arrival of an event of the same person moves the watermark, as
 * nothing that is decided in between depends on when. It never passes the end.
 */
export function replayAsReceived(
  person: PersonHistory,
  options: AsReceivedOptions,
  endMs: number,
): PersonLine {
  const arriving = person.events.toSorted(compareArrivals)
  const replay = new ReceivedPerson(person, options)
  for (let from = 0; from < arriving.length;) {
    const nowMs = arrivalMs(arriving[from] as InputEvent)
    let to = from + 1
    while (to < arriving.length && arrivalMs(arriving[to] as InputEvent) === nowMs) to++
    replay.moveTo(Math.min(nowMs - options.latenessMs + 1, endMs))
    replay.take(arriving.slice(from, to))
    from = to
  }
  replay.moveTo(Infinity, endMs)
  return replay.line
}

interface Line {
  readonly line: PersonLine
  /** Not yet past the watermark, in order. */
  held: InputEvent[]
}

class ReceivedPerson {
  readonly #person: PersonHistory
  readonly #options: AsReceivedOptions
  readonly #own: Line
  /** Anonymous ids that are not linked yet. */
  readonly #others = new Map<string, Line>()
  readonly #linked = new Set<string>()

  constructor(person: PersonHistory, options: AsReceivedOptions) {
    this.#person = person
    this.#options = options
    this.#own = { line: new PersonLine(options), held: [] }
  }

  get line(): PersonLine {
    return this.#own.line
  }

  /** Decides everything before `untilMs`: with `endMs` everything there is. */
  moveTo(untilMs: number, endMs?: number): void {
    for (;;) {
      const link = this.#nextLink(untilMs)
      if (link === undefined) break
      this.#give(this.#own, link.atMs)
      this.#link(link)
    }
    this.#give(this.#own, untilMs, endMs)
    for (const other of this.#others.values()) this.#give(other, untilMs, endMs)
  }

  /** Takes the events that arrive at one time, when everything up to the watermark is decided. */
  take(arriving: readonly InputEvent[]): void {
    for (const link of arriving) if (this.#isLate(link) && this.#isNewLink(link)) this.#link(link)
    const late = new Map<Line, InputEvent[]>()
    for (const event of arriving) {
      const line = this.#lineOf(event)
      if (event.atMs >= line.line.untilMs) line.held.push(event)
      else late.set(line, [...(late.get(line) ?? []), event])
    }
    for (const { held } of [this.#own, ...this.#others.values()]) held.sort(compareEvents)
    for (const [{ line }, events] of late) line.insertLate(events)
  }

  #lineOf(event: InputEvent): Line {
    const id = event.person
    if (!event.isAnonymous || id === this.#options.userId || this.#linked.has(id)) return this.#own
    const found = this.#others.get(id)
    if (found !== undefined) return found
    const line = new PersonLine({ ...this.#options, userId: id, facts: [] })
    const { untilMs } = this.#own.line
    if (untilMs !== Number.NEGATIVE_INFINITY) line.advance([], untilMs)
    const other = { line, held: [] }
    this.#others.set(id, other)
    return other
  }

  #isLate(event: InputEvent): boolean {
    return event.atMs < this.#own.line.untilMs
  }

  #isNewLink({ links, isAnonymous }: InputEvent): boolean {
    return !isAnonymous && this.#person.links.has(links) && !this.#linked.has(links)
  }

  /** The next link that the watermark has passed. */
  #nextLink(untilMs: number): InputEvent | undefined {
    return this.#own.held.find((event) => event.atMs < untilMs && this.#isNewLink(event))
  }

  /** From where the own line stands, the other one is part of it. */
  #link({ links }: InputEvent): void {
    this.#linked.add(links)
    const other = this.#others.get(links)
    if (other === undefined) return
    this.#give(other, this.#own.line.untilMs)
    this.#own.line.merge(other.line)
    this.#own.held = [...this.#own.held, ...other.held].sort(compareEvents)
    this.#others.delete(links)
  }

  #give({ line, held }: Line, untilMs: number, endMs?: number): void {
    const next = held.findIndex(({ atMs }) => atMs >= untilMs)
    const count = next === -1 ? held.length : next
    const events = held.splice(0, count)
    const time = endMs ?? untilMs
    if (events.length > 0 || time > line.untilMs) line.advance(events, time)
  }
}
