import type { EventMatch } from '../definition/event-match.ts'
import type { SegmentDefinition } from '../definition/segment.ts'
import type { Emit, MatcherEvent } from './event.ts'
import { isOf } from './predicate.ts'
import type { Ask } from './condition.ts'
import type { MatcherUser } from './user.ts'

export type Handler = (user: MatcherUser, event: MatcherEvent, emit: Emit) => void

/** What one kind of event concerns, in the order in which it is done. */
export interface EventPlan {
  /** State of conditions. */
  readonly updates: readonly Handler[]
  /** Occasions: per trigger first what cancels, then what happens. */
  readonly handlers: readonly Handler[]
}
interface Registered {
  readonly match: EventMatch
  readonly order: number
  readonly handler: Handler
}

/** Collects what the definitions need, while they are compiled. */
export class Builder {
  readonly #updates: Registered[] = []
  readonly #handlers: Registered[] = []
  readonly #segments: ReadonlyMap<string, SegmentDefinition>
  readonly #memberships = new Map<string, Ask>()
  readonly traitNames = new Set<string>()
  slotCount = 0

  constructor(segments: readonly SegmentDefinition[]) {
    this.#segments = new Map(segments.map((segment) => [segment.id, segment]))
  }

  newSlot(): number {
    return this.slotCount++
  }

  onUpdate(match: EventMatch, handler: Handler): void {
    this.#updates.push({ match, order: 0, handler })
  }

  /** `order`: handlers of an event run by it, those of the same one as registered. */
  onEvent(match: EventMatch, order: number, handler: Handler): void {
    this.#handlers.push({ match, order, handler })
  }

  /** Compiled once per segment, however often it is asked. */
  membership(id: string, compile: (segment: SegmentDefinition) => Ask): Ask {
    const known = this.#memberships.get(id)
    if (known !== undefined) return known
    const segment = this.#segments.get(id)
    if (segment === undefined) throw new RangeError(`segment "${id}" is not defined`)
    const ask = compile(segment)
    this.#memberships.set(id, ask)
    return ask
  }

  /** The table by kind of event, to be asked with any event of that kind. */
  plans(): (event: MatcherEvent) => EventPlan {
    const sample = (type: MatcherEvent['type'], source: MatcherEvent['source']): MatcherEvent => ({
      messageId: '',
      type,
      atMs: 0,
      properties: {},
      ...(source !== undefined && { source }),
    })
    const all = [...this.#updates, ...this.#handlers]
    const names = new Set(
      all.flatMap(({ match }) => ('name' in match && match.name !== undefined ? [match.name] : [])),
    )
    const types = ['track', 'page', 'screen', 'identify', 'group', 'alias'] as const
    const tables = ([undefined, 'vendor'] as const).map((source) => {
      const byType: Record<string, Table> = {}
      for (const type of types) {
        const unnamed = this.#plan(sample(type, source))
        const named = new Map([...names].map((name) => [name, this.#plan({ ...sample(type, source), name })]))
        byType[type] = { unnamed, named }
      }
      return byType
    })
    const [own = {}, vendor = {}] = tables
    return (event) => {
      const { named, unnamed } = (event.source === undefined ? own : vendor)[event.type] as Table
      return event.name === undefined ? unnamed : (named.get(event.name) ?? unnamed)
    }
  }

  #plan(event: MatcherEvent): EventPlan {
    const fitting = (registered: readonly Registered[]) =>
      new Set(
        registered
          .filter(({ match }) => isOf(match, event))
          .toSorted((left, right) => left.order - right.order)
          .map(({ handler }) => handler),
      )
    return { updates: [...fitting(this.#updates)], handlers: [...fitting(this.#handlers)] }
  }
}
interface Table {
  readonly named: ReadonlyMap<string, EventPlan>
  readonly unnamed: EventPlan
}
