import { TriplineError } from '@tripline/model'
import type { Builder, EventPlan, TimedNode } from './builder.ts'
import { loadSlots, saveSlots } from './codec.ts'
import { compileCondition, explain } from './condition.ts'
import type { Core, Sink } from './core.ts'
import type { Bag, MatcherEvent } from './event.ts'
import { firstDueMs, needsQueue, restoreQueue, takeDue } from './queue.ts'
import { endNodes } from './scope.ts'
import { compileSegment, type CompiledSegment, type TrackedSegment } from './segment.ts'
import { emptyState, newUser, type EmptyState, type MatcherUser } from './user.ts'
import { updateSession } from './window.ts'
import type { ZoneOf } from './zone.ts'

export interface CoreParts {
  readonly builder: Builder
  readonly zoneOf: ZoneOf
  readonly tracked: readonly TrackedSegment[]
  readonly triggers: readonly string[]
  readonly segments: readonly string[]
  readonly fingerprint: string
}

/** Puts together what was compiled. Nothing may be compiled later. */
export function makeCore({ builder, zoneOf, tracked, triggers, segments, fingerprint }: CoreParts): Core {
  const nodes = numberNodes(builder)
  const places = new Map(segments.map((id, index) => [id, index]))
  for (const { id, compiled } of tracked) builder.evaluateAt(places.get(id) ?? -1, compiled.dependencies)
  const bySegment = segments.map((id) => tracked.find((each) => each.id === id))
  const compiledSegments = new Map(
    segments.map((id) => [id, compileSegment(id, builder, compileCondition)] as const),
  )
  const { place } = builder
  const apply = compileApply(builder, builder.plans(), nodes, bySegment)
  const begin = (user: MatcherUser, atMs: number) => beginUser(user, atMs, tracked)
  const write = compileWrite(builder)
  const applyFact = compileFacts({ builder, tracked, compiledSegments, begin, write })
  const empty = emptyState(builder.codecs.length, needsQueue(nodes))
  return {
    fingerprint,
    triggers,
    segments,
    createUser: (userId) => newUser(userId, empty),
    apply(user, event, out) {
      const { atMs } = event
      if (atMs < user.lastMs) throw unordered(user, event)
      user.lastMs = atMs
      user.sequence++
      place.anchor = undefined
      place.happened.length = 0
      place.isEffect = event.source === 'tripline'
      if (!user.exists && !place.isEffect) begin(user, atMs)
      if (event.type === 'identify') write(user, event.properties, atMs)
      apply(user, event, out)
    },
    applyFact,
    nextDueMs: (user) => firstDueMs(user, nodes),
    endDue(user, atMs, out) {
      place.happened.length = 0
      place.isEffect = false
      endNodes(user, user, nodes, atMs, out)
    },
    isMember(user, segment, atMs) {
      const compiled = compiledSegments.get(segment)
      if (compiled === undefined) throw new RangeError(`segment "${segment}" is not defined`)
      builder.isAside = true
      const isMember = compiled.ask(user, atMs, [])
      builder.isAside = false
      return isMember
    },
    explainSegment(user, segment, atMs) {
      const node = compiledSegments.get(segment)?.node
      builder.isAside = true
      const trace = node === undefined ? undefined : explain(node, user, atMs, [])
      builder.isAside = false
      return trace
    },
    zoneOf,
    save: (user) => saveUser(user, builder),
    load: (saved) => loadUser(saved as Saved, empty, builder, nodes),
  }
}

function saveUser(user: MatcherUser, { codecs }: Builder): Saved {
  const { userId, sequence, lastMs, exists, traits } = user
  const readMs = Number.isFinite(lastMs) ? lastMs : null
  return [userId, sequence, readMs, exists, traits ?? null, saveSlots(user, codecs)]
}

function loadUser(
  [userId, sequence, lastMs, exists, traits, slots]: Saved,
  empty: EmptyState,
  { codecs }: Builder,
  nodes: readonly TimedNode[],
): MatcherUser {
  const user = newUser(userId, empty)
  user.sequence = sequence
  user.lastMs = lastMs ?? Number.NEGATIVE_INFINITY
  user.exists = exists
  user.traits = traits ?? undefined
  loadSlots(user, slots, codecs)
  restoreQueue(user, nodes)
  return user
}

type Saved = readonly [
  userId: string,
  sequence: number,
  lastMs: number | null,
  exists: boolean,
  traits: MatcherUser['traits'] | null,
  slots: readonly unknown[],
]

const ranks = { membership: 0, source: 1, wait: 2 } as const satisfies Record<TimedNode['rank'], number>

/** In the order in which they come at one instant. */
function numberNodes({ nodes }: Builder): readonly TimedNode[] {
  const sorted = nodes.toSorted((left, right) => ranks[left.rank] - ranks[right.rank])
  for (const [number, node] of sorted.entries()) node.number = number
  return sorted
}

/** The user exists from now on: every membership is asked. */
function beginUser(user: MatcherUser, atMs: number, tracked: readonly TrackedSegment[]): void {
  user.exists = true
  for (const { touch } of tracked) touch(user, atMs)
}

/** What an event does once the user exists and its traits are written. */
function compileApply(
  builder: Builder,
  planOf: (event: MatcherEvent) => EventPlan,
  nodes: readonly TimedNode[],
  segments: readonly (TrackedSegment | undefined)[],
): (user: MatcherUser, event: MatcherEvent, out: Sink) => void {
  const { sessionSlot, sessionGapMs } = builder
  const memberships = nodes.filter(({ rank }) => rank === 'membership').length
  return (user, event, out) => {
    const { atMs } = event
    if (sessionSlot !== undefined && event.source === undefined)
      updateSession(user, sessionSlot, atMs, sessionGapMs)
    const plan = planOf(event)
    for (const update of plan.updates) update(user, event)
    for (const cancel of plan.cancels) cancel(user, user, event, out)
    for (;;) {
      const node = memberships === 0 ? undefined : takeDue(user, nodes, atMs, memberships)
      if (node === undefined) break
      node.due(user, user, atMs, out)
    }
    for (const segment of plan.segments) segments[segment]?.evaluate(user, atMs, out)
    for (const handle of plan.happenings) handle(user, user, event, out)
  }
}

interface FactParts {
  readonly builder: Builder
  readonly tracked: readonly TrackedSegment[]
  readonly compiledSegments: ReadonlyMap<string, CompiledSegment>
  readonly begin: (user: MatcherUser, atMs: number) => void
  readonly write: Write
}

/** Facts write, and touch the segments that depend on what they wrote. */
function compileFacts(parts: FactParts): Core['applyFact'] {
  const { builder, tracked, compiledSegments, begin, write } = parts
  const { place } = builder
  const byTraits = (names: readonly string[]) =>
    tracked.filter(({ compiled }) => names.some((name) => compiled.dependencies.traits.has(name)))
  const bySegment = (segment: string) =>
    tracked.filter(({ id, compiled }) => id === segment || compiled.dependencies.segments.has(segment))
  return (user, fact, out) => {
    if (fact.kind !== 'traits' && fact.kind !== 'membership') return
    const { atMs } = fact
    user.lastMs = Math.max(user.lastMs, atMs)
    place.happened.length = 0
    place.isEffect = out !== undefined
    if (fact.kind === 'traits') {
      if (!user.exists) begin(user, atMs)
      write(user, fact.traits, atMs)
    } else compiledSegments.get(fact.segment)?.write?.(user, fact.member)
    const touched = fact.kind === 'traits' ? byTraits(Object.keys(fact.traits)) : bySegment(fact.segment)
    for (const { touch, evaluate } of touched) {
      if (out === undefined) touch(user, atMs)
      else evaluate(user, atMs, out)
    }
  }
}

type Write = (user: MatcherUser, written: Bag, atMs: number) => void

/** Writes what is kept of the traits, and tells those who wait for it. */
function compileWrite(builder: Builder): Write {
  const { place, traitWritten } = builder
  const names = [...builder.traitNames]
  return (user, written, atMs) => {
    place.before = user.traits
    let traits: { [name: string]: unknown } | undefined
    for (const name of names) {
      if (!Object.hasOwn(written, name)) continue
      traits ??= { ...user.traits }
      const value = written[name]
      if (value === null || value === undefined) delete traits[name]
      // Not assigned: a trait may be named `__proto__`.
      else
        Object.defineProperty(traits, name, { value, enumerable: true, configurable: true, writable: true })
    }
    if (traits === undefined) return
    user.traits = traits
    for (const { name, written: tell } of traitWritten) {
      if (Object.hasOwn(written, name)) tell(user, place.before, atMs)
    }
  }
}

function unordered(user: MatcherUser, { messageId, atMs }: MatcherEvent): TriplineError {
  return new TriplineError('triggers', {
    code: 'invalid',
    message: `event ${messageId} at ${atMs} lies before ${user.lastMs}, up to which the user is read`,
  })
}
