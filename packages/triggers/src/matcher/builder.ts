import type { Definitions, Policy } from '../definition/definition.ts'
import { durationMs } from '../definition/duration.ts'
import type { EventMatch } from '../definition/event-match.ts'
import type { Observer } from '../trace/note.ts'
import { tableByEvent, type KindMatch } from './by-event.ts'
import type { CoreOptions, Sink } from './core.ts'
import type { Anchor, MatcherEvent } from './event.ts'
import { fieldTypes, type FieldTypes } from './field-types.ts'
import type { SharedLog } from './keyed-log.ts'
import { firstName } from './path.ts'
import { plain, type Codec } from './codec.ts'
import type { MatcherUser, NodeState, Traits } from './user.ts'

/** An event becomes part of the state of conditions. */
export type Update = (user: MatcherUser, event: MatcherEvent) => void
/** An event becomes part of a shared log, cancels waits, or makes an occasion. */
export type Handler = (state: NodeState, user: MatcherUser, event: MatcherEvent, out: Sink) => void
/** Passes an occasion that happened to what surrounds it. `dueMs`: when a `without` fired it. */
export type Happened = (
  state: NodeState,
  user: MatcherUser,
  atMs: number,
  anchor: Anchor,
  dueMs: number | undefined,
  out: Sink,
) => void
/** A trait that is asked for was written. `before`: the traits before the write. */
export type TraitWritten = (user: MatcherUser, before: Traits | undefined, atMs: number) => void

/** Something that is due at a time. Of one millisecond those of lower rank come first, then in order of making. */
export interface TimedNode {
  readonly rank: 'membership' | 'source' | 'wait'
  /** In the queue; set when all are known. */
  number: number
  readonly due: (state: NodeState, user: MatcherUser, atMs: number, out: Sink) => void
  /** Holds when it is due next: as a number, or first in a list; anything else: it is not due. See `queuedMs`. */
  readonly slot: number
}

/** Where an occasion is compiled into: a program, or a `waitFor` of its own state. */
export interface Host {
  newSlot(codec?: Codec): number
  onEvent(kind: 'cancel' | 'happening', match: KindMatch, handler: Handler): void
  addNode(rank: TimedNode['rank'], node: Pick<TimedNode, 'due' | 'slot'>): TimedNode
  listen(source: Source, happened: Happened): void
  /** By what they are of, see `keyedLog`. */
  readonly logs: Map<string, SharedLog>
}

/** Something that happens to a user without an event, or beside it: a membership, a date, a tick. */
export interface Source {
  readonly listeners: Happened[]
  /** A `waitFor` listens too. */
  isScoped: boolean
}

/** What concerns one kind of event, in the order in which it is done. */
export interface EventPlan {
  readonly updates: readonly Update[]
  /** Indexes of segments whose membership it may change. */
  readonly segments: readonly number[]
  readonly cancels: readonly Handler[]
  readonly happenings: readonly Handler[]
}
type Item =
  | { readonly kind: 'update'; readonly update: Update }
  | { readonly kind: 'segment'; readonly segment: number }
  | { readonly kind: 'cancel' | 'happening'; readonly handler: Handler }

/** What a condition asks of events and traits: when an answer may change. */
export interface Dependencies {
  readonly matches: EventMatch[]
  readonly traits: Set<string>
  readonly segments: Set<string>
  /** Any event may change it. */
  everything: boolean
}

/** What holds for the call that is being worked on: the place. */
export interface Place {
  /** Of the event, for triggers that keep no values; made when first asked for. */
  anchor: Anchor | undefined
  /** Before the event was applied. */
  before: Traits | undefined
  /** It is that of an effect, which comes after the timers of its millisecond. */
  isEffect: boolean
  /** What happened at this place without being an event; for runs that wait. */
  readonly happened: { readonly source: Source; readonly anchor: Anchor }[]
}

/** Collects what the definitions need, while they are compiled. */
export class Builder implements Host {
  readonly definitions: Pick<Definitions, 'segments' | 'policy'>
  readonly types: FieldTypes
  readonly options: CoreOptions
  readonly observer: Observer | undefined
  readonly sessionGapMs: number
  readonly place: Place = {
    anchor: undefined,
    before: undefined,
    isEffect: false,
    happened: [],
  }
  readonly nodes: TimedNode[] = []
  readonly codecs: Codec[] = []
  readonly traitNames = new Set<string>()
  readonly traitWritten: { readonly name: string; readonly written: TraitWritten }[] = []
  readonly logs = new Map<string, SharedLog>()
  /** What happens beside events, made once for all that listen. */
  readonly sources = new Map<string, Source>()
  /** Mirrored segments that, where they were not read yet, count as having the user for a member. */
  assumed: ReadonlySet<string> = new Set()
  /** Someone looks ahead: what is asked now may be asked of an earlier time later. */
  isAside = false
  /** Where sessions are kept, when a condition asks for them. */
  sessionSlot: number | undefined
  readonly #items: { readonly match: KindMatch; readonly item: Item }[] = []
  readonly #segmentsOfEverything: number[] = []
  #collecting: Dependencies[] = []

  constructor(definitions: Pick<Definitions, 'segments' | 'policy' | 'plan'>, options: CoreOptions) {
    this.definitions = definitions
    this.options = options
    this.observer = options.observer
    this.types = fieldTypes(definitions.plan, options.finding)
    this.sessionGapMs = durationMs(definitions.policy.sessionGap)
  }

  newSlot(codec: Codec = plain): number {
    return this.codecs.push(codec) - 1
  }

  addNode(rank: TimedNode['rank'], { due, slot }: Pick<TimedNode, 'due' | 'slot'>): TimedNode {
    const node: TimedNode = { rank, number: -1, due, slot }
    this.nodes.push(node)
    return node
  }

  listen(source: Source, happened: Happened): void {
    source.listeners.push(happened)
  }

  onUpdate(match: EventMatch, update: Update): void {
    this.dependOn(match)
    this.#items.push({ match, item: { kind: 'update', update } })
  }

  onEvent(kind: 'cancel' | 'happening', match: KindMatch, handler: Handler): void {
    this.#items.push({ match, item: { kind, handler } })
  }

  /** The trait is kept from now on. */
  keepTrait(path: string): void {
    const name = firstName(path)
    this.traitNames.add(name)
    for (const dependencies of this.#collecting) dependencies.traits.add(name)
  }

  dependOn(on: EventMatch | 'everything' | { readonly segment: string }): void {
    for (const dependencies of this.#collecting) {
      if (on === 'everything') dependencies.everything = true
      else if ('segment' in on) dependencies.segments.add(on.segment)
      else dependencies.matches.push(on)
    }
  }

  /** Compiles, and collects what that depends on. */
  collect<Compiled>(compile: () => Compiled): readonly [Compiled, Dependencies] {
    const own: Dependencies = { matches: [], traits: new Set(), segments: new Set(), everything: false }
    this.#collecting = [...this.#collecting, own]
    const compiled = compile()
    this.#collecting = this.#collecting.filter((each) => each !== own)
    return [compiled, own]
  }

  /** The segment is evaluated at events that may change it. */
  evaluateAt(segment: number, { matches, traits, everything }: Dependencies): void {
    if (everything) {
      this.#segmentsOfEverything.push(segment)
      return
    }
    const item = { kind: 'segment', segment } as const
    for (const match of matches) this.#items.push({ match, item })
    if (traits.size > 0) this.#items.push({ match: { type: 'writes' }, item })
  }

  plans(): (event: MatcherEvent) => EventPlan {
    return tableByEvent(this.#items, (items): EventPlan => {
      const handlers = (kind: 'cancel' | 'happening') => [
        ...new Set(items.flatMap((item) => (item.kind === kind ? [item.handler] : []))),
      ]
      const segments = items.flatMap((item) => (item.kind === 'segment' ? [item.segment] : []))
      return {
        updates: items.flatMap((item) => (item.kind === 'update' ? [item.update] : [])),
        segments: [...new Set([...this.#segmentsOfEverything, ...segments])],
        cancels: handlers('cancel'),
        happenings: handlers('happening'),
      }
    })
  }

  get policy(): Policy {
    return this.definitions.policy
  }
}
