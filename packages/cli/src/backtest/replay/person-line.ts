import type { EmitLine, EngineUser, Fact, History } from '@tripline/triggers'
import type { FactContent } from '../input/records.ts'
import { compareEvents, type InputEvent } from '../batch/input-event.ts'
import type { EndedPerson, ReplayOptions } from './side.ts'

/** Something known about a person beside the events. Without a time it held before the first event of the input. */
export interface PersonFact {
  readonly atMs?: number
  readonly fact: FactContent
}
export interface PersonLineOptions extends ReplayOptions {
  readonly userId: string
  readonly facts: readonly PersonFact[]
  /** The earliest timestamp of the input; asked only where a fact has no time. */
  readonly originMs: number
  /** Keeps what was read, for late events and merges. */
  readonly keepsHistory: boolean
}

/** A user exists from the first event or profile on; consent and the like tell of no user. */
export const hasProfile = (facts: readonly PersonFact[]): boolean =>
  facts.some(({ fact }) => fact.kind === 'traits')

const silent: EmitLine = () => undefined

/** One time line and its state in each of the sides: read up to `untilMs`, and on from there. */
export class PersonLine implements EndedPerson {
  readonly userId: string
  /** Everything before it is read and decided. */
  untilMs = Number.NEGATIVE_INFINITY
  readonly #options: PersonLineOptions
  readonly #users: EngineUser[]
  #facts: readonly Fact[]
  #givenFacts = 0
  /** When the definitions go live; `-Infinity`: they always were. */
  readonly #liveMs: number
  #isLive: boolean
  #history: InputEvent[] = []

  constructor(options: PersonLineOptions) {
    this.#options = options
    this.userId = options.userId
    this.#facts = timedFacts(options)
    const isKnownBefore = options.facts.some(({ atMs }) => atMs === undefined)
    const originMs = isKnownBefore ? options.originMs : Number.NEGATIVE_INFINITY
    this.#liveMs = Math.max(options.fromMs ?? Number.NEGATIVE_INFINITY, originMs)
    this.#isLive = this.#liveMs === Number.NEGATIVE_INFINITY
    this.#users = options.sides.map((side) =>
      (this.#isLive ? side.engine : side.history).createUser(options.userId),
    )
  }

  /** Gives the next events, in order and none before `this.untilMs`, and decides everything due before `untilMs`. */
  advance(events: readonly InputEvent[], untilMs: number): void {
    // Events at the end of the time that is given are still to be decided.
    const lastMs = Math.max(untilMs - 1, events.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY)
    if (this.#isLive || lastMs < this.#liveMs) return this.#give(events, untilMs)
    const before = events.filter(({ atMs }) => atMs < this.#liveMs)
    this.#give(before, this.#liveMs)
    this.#goLive()
    this.#give(before.length === 0 ? events : events.slice(before.length), untilMs)
  }

  /** Puts events before `untilMs` into their places: nothing fires by them. */
  insertLate(late: readonly InputEvent[]): void {
    this.#history = [...this.#history, ...late].sort(compareEvents)
    const ids = new Set(late.map(({ messageId }) => messageId))
    this.#change((engine, user, emit) => engine.insertLate(user, this.#read(), ids, emit))
  }

  /** From now on the other line is part of this one. Both are read up to the same time. */
  merge(other: PersonLine): void {
    // Where the one was known before the input began and the other not, both have to be decided by the same engine.
    if (!this.#isLive && other.#isLive) this.#goLive()
    if (this.#isLive && !other.#isLive) other.#goLive()
    this.#history = [...this.#history, ...other.#history].sort(compareEvents)
    const [left, right] = [this.#facts, other.#facts]
    this.#givenFacts += other.#givenFacts
    this.#facts = [...left, ...right].sort((first, second) => first.atMs - second.atMs)
    this.#change((engine, user, emit, side) => {
      const otherUser = other.#users[side]
      return otherUser === undefined ? user : engine.merge(user, otherUser, this.#read(), emit)
    })
  }

  isMember(segment: string, atMs: number, index = 0): boolean {
    const side = this.#options.sides[index]
    const user = this.#users[index]
    if (side === undefined || user === undefined) throw new RangeError(`there is no side ${index}`)
    return (this.#isLive ? side.engine : side.history).isMember(user, segment, atMs)
  }

  #give(events: readonly InputEvent[], untilMs: number): void {
    const next: History = this.#facts.length === 0 ? { events } : this.#withFacts(events, untilMs)
    if (this.#options.keepsHistory || !this.#isLive) this.#history.push(...events)
    const { sides } = this.#options
    for (let side = 0; side < sides.length; side++) {
      const { engine, history, emit } = sides[side] as (typeof sides)[number]
      const user = this.#users[side] as EngineUser
      if (this.#isLive) engine.advance(user, next, untilMs, emit)
      else history.advance(user, next, untilMs, silent)
    }
    this.untilMs = untilMs
  }

  /** Facts are seen by the events of their millisecond. */
  #withFacts(events: readonly InputEvent[], untilMs: number): History {
    const lastMs = Math.max(untilMs - 1, events.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY)
    const from = this.#givenFacts
    while ((this.#facts[this.#givenFacts]?.atMs ?? Infinity) <= lastMs) this.#givenFacts++
    return { events, facts: this.#facts.slice(from, this.#givenFacts) }
  }

  #read(): History {
    return { events: this.#history, facts: this.#facts.slice(0, this.#givenFacts) }
  }

  /** The definitions take over what was read until now. */
  #goLive(): void {
    this.#isLive = true
    this.#change((engine, user, emit) => engine.takeOver(user, this.#read(), this.untilMs - 1, emit))
    if (!this.#options.keepsHistory) this.#history = []
  }

  #change(change: (engine: Engine, user: EngineUser, emit: EmitLine, side: number) => EngineUser): void {
    for (const [side, { engine, history, emit }] of this.#options.sides.entries()) {
      const user = this.#users[side]
      if (user === undefined) continue
      this.#users[side] = this.#isLive
        ? change(engine, user, emit, side)
        : change(history, user, silent, side)
    }
  }
}

type Engine = ReplayOptions['sides'][number]['engine']

/** In order of time; what has no time comes in the last millisecond before the input begins. */
function timedFacts({ facts, originMs }: PersonLineOptions): readonly Fact[] {
  if (facts.length === 0) return []
  return facts
    .map(({ atMs, fact }): Fact => ({ ...fact, atMs: atMs ?? originMs - 1 }))
    .sort((first, second) => first.atMs - second.atMs)
}
