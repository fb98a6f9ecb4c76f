import type { Condition } from '../definition/condition.ts'
import type { Builder, Dependencies, Source, TimedNode } from './builder.ts'
import type { AnchorIndex } from './compare.ts'
import type { ConditionNode } from './condition.ts'
import type { Ask, Sink } from './core.ts'
import type { Anchor } from './event.ts'
import { enqueue } from './queue.ts'
import { readSlot, writeSlot, type MatcherUser } from './user.ts'

/** Passed in, as conditions ask for segments and segments for conditions. */
type CompileCondition = (condition: Condition, builder: Builder, anchorIndex: AnchorIndex) => ConditionNode

/** A segment, asked at an instant. A user who does not exist yet is in none. */
export interface CompiledSegment {
  readonly ask: Ask
  readonly nextMs: ConditionNode['nextMs']
  /** Of a dynamic segment. */
  readonly node?: ConditionNode
  readonly dependencies: Dependencies
  /** Of a static or mirrored segment: a change, or what was read. */
  readonly write?: (user: MatcherUser, member: boolean) => void
  /** A mirrored segment that was not read yet. */
  readonly isUnknown?: (user: MatcherUser) => boolean
}

const known = new WeakMap<Builder, Map<string, CompiledSegment>>()

/** Compiled once per segment, however often it is asked. */
export function compileSegment(id: string, builder: Builder, compile: CompileCondition): CompiledSegment {
  const segments = known.get(builder) ?? new Map<string, CompiledSegment>()
  known.set(builder, segments)
  let segment = segments.get(id)
  if (segment === undefined) {
    segment = compileKind(id, builder, compile)
    segments.set(id, segment)
  }
  const { matches, traits, everything } = segment.dependencies
  for (const match of matches) builder.dependOn(match)
  for (const trait of traits) builder.keepTrait(trait)
  if (everything) builder.dependOn('everything')
  for (const inside of [id, ...segment.dependencies.segments]) builder.dependOn({ segment: inside })
  return segment
}

function compileKind(id: string, builder: Builder, compile: CompileCondition): CompiledSegment {
  const segment = builder.definitions.segments.find((each) => each.id === id)
  // Only an earlier version may name a segment that is no more: it has no members.
  if (segment === undefined) return { ask: () => false, nextMs: never, dependencies: noDependencies() }
  if (segment.kind === 'dynamic') {
    const [node, dependencies] = builder.collect(() =>
      compile(segment.condition, builder, () => {
        throw new RangeError(`segment "${id}" names an anchor event`)
      }),
    )
    const { ask, nextMs } = node
    return { ask: (user, atMs, anchor) => user.exists && ask(user, atMs, anchor), nextMs, node, dependencies }
  }
  const slot = builder.newSlot()
  const members = new Set(segment.kind === 'static' ? segment.members : [])
  const isStatic = segment.kind === 'static'
  return {
    ask: (user) =>
      user.exists &&
      ((readSlot(user, slot) as boolean | undefined) ??
        (isStatic ? members.has(user.userId) : builder.assumed.has(id))),
    nextMs: never,
    dependencies: noDependencies(),
    write(user, member) {
      writeSlot(user, slot, member)
    },
    isUnknown: (user) => !isStatic && readSlot(user, slot) === undefined,
  }
}

const never = (): number => Number.POSITIVE_INFINITY

function noDependencies(): Dependencies {
  return { matches: [], traits: new Set(), segments: new Set(), everything: false }
}

/** A segment whose membership is followed: told when it changes, by an event or by mere time. */
export interface TrackedSegment {
  readonly id: string
  readonly compiled: CompiledSegment
  readonly entered: Source
  readonly left: Source
  /** Asks at a place, tells of a change, and puts the next possible change by mere time into the queue. */
  readonly evaluate: (user: MatcherUser, atMs: number, out: Sink) => void
  readonly isMember: (user: MatcherUser) => boolean
  /** Evaluated at the next place of the millisecond. */
  readonly touch: (user: MatcherUser, atMs: number) => void
  readonly node: TimedNode
}

const noValues: readonly unknown[] = []

/** State: whether the user is a member, and the time at which it stands in the queue. */
export function trackSegment(
  id: string,
  index: number,
  compiled: CompiledSegment,
  builder: Builder,
): TrackedSegment {
  const [memberSlot, queuedSlot] = [builder.newSlot(), builder.newSlot()]
  const entered: Source = { listeners: [], isScoped: false }
  const left: Source = { listeners: [], isScoped: false }
  const { ask, nextMs } = compiled
  const touch = (user: MatcherUser, atMs: number) => {
    const queuedMs = readSlot(user, queuedSlot) as number | undefined
    if (queuedMs !== undefined && queuedMs <= atMs) return
    writeSlot(user, queuedSlot, atMs)
    enqueue(user, atMs, node.number)
  }
  const evaluate = (user: MatcherUser, atMs: number, out: Sink) => {
    const isMember = ask(user, atMs, noValues)
    if (isMember !== (readSlot(user, memberSlot) === true)) {
      writeSlot(user, memberSlot, isMember ? true : undefined)
      out.membership(index, isMember, atMs)
      const source = isMember ? entered : left
      const key = `segment:${id}:${isMember ? 'entered' : 'left'}:${atMs}`
      if (source.isScoped || source.listeners.length > 0)
        happen(source, user, atMs, { sequence: 0, key, values: noValues }, builder, out)
    }
    const next = nextMs(user, atMs)
    if (next !== Number.POSITIVE_INFINITY) touch(user, next)
  }
  const node = builder.addNode('membership', {
    due(_, user, atMs, out) {
      const queuedMs = readSlot(user, queuedSlot) as number | undefined
      if (queuedMs === undefined || queuedMs > atMs) return
      writeSlot(user, queuedSlot, undefined)
      evaluate(user, atMs, out)
    },
    slot: queuedSlot,
  })
  return {
    id,
    compiled,
    entered,
    left,
    evaluate,
    touch,
    node,
    isMember: (user) => readSlot(user, memberSlot) === true,
  }
}

/** Tells those who listen, and keeps it for runs that wait. */
export function happen(
  source: Source,
  user: MatcherUser,
  atMs: number,
  anchor: Anchor,
  builder: Builder,
  out: Sink,
): void {
  for (const listener of source.listeners) listener(user, user, atMs, anchor, undefined, out)
  if (source.isScoped) builder.place.happened.push({ source, anchor })
}
