import type { Value } from '@tripline/model'
import type { Condition } from '../definition/condition.ts'
import type { Definitions, TriggerDefinition } from '../definition/definition.ts'
import { compileAnchors } from './anchors.ts'
import { Builder, type Happened, type Source } from './builder.ts'
import { compileCondition, explain } from './condition.ts'
import type { Compiler, CompiledCondition, Core, CoreOptions, TriggerCompiler } from './core.ts'
import { makeCore } from './make-core.ts'
import { dateSource } from './date.ts'
import { fingerprintOf } from './fingerprint.ts'
import { compileOccasion, type Context } from './occasion.ts'
import { compareText } from './order.ts'
import { compileValues } from './path.ts'
import { compilePredicate } from './predicate.ts'
import { compileScoped } from './scope.ts'
import { compileSegment, trackSegment, type TrackedSegment } from './segment.ts'
import { tickSource } from './tick.ts'
import { compileZone, type ZoneOf } from './zone.ts'

export { byEvent } from './by-event.ts'

/**
 * Compiles all triggers and segments of normalised definitions together: an event costs what concerns its name. Throws
 * `RangeError` for what no normalised definition has. Whether a trigger is enabled is a guard, and not asked here.
 * @example
 * const compiler = createCompiler(definitions)
 * const who = compiler.trigger('abandoned-cart').condition(definitions.triggers[0].who)
 * const core = compiler.finish()
 * core.apply(core.createUser('u1'), event, sink)
 */
export function createCompiler(
  definitions: Pick<Definitions, 'segments' | 'triggers' | 'policy' | 'plan'>,
  options: CoreOptions = {},
): Compiler {
  const builder = new Builder(definitions, options)
  const zoneOf = compileZone(builder)
  const segmentIds = definitions.segments.map(({ id }) => id).toSorted(compareText)
  const tracked = new Map<string, TrackedSegment>()
  const track = (id: string) => trackOnce(id, segmentIds.indexOf(id), tracked, builder)
  if (options.memberships !== 'needed') for (const id of segmentIds) track(id)
  const sourceOf = compileSources(track, zoneOf, builder)
  const triggers = definitions.triggers.toSorted((left, right) => compareText(left.id, right.id))
  const compileTrigger = (trigger: TriggerDefinition, index: number) =>
    compileOne(trigger, index, sourceOf, builder)
  const compiled = new Map(triggers.map((trigger, index) => [trigger.id, compileTrigger(trigger, index)]))
  return {
    trigger(id) {
      const trigger = compiled.get(id)
      if (trigger === undefined) throw new RangeError(`trigger "${id}" is not defined`)
      return trigger
    },
    earlier: (trigger) => compileTrigger(trigger, -1),
    trait(path) {
      builder.keepTrait(path)
      const read = compileValues(path)
      return (user): readonly Value[] => (user.traits === undefined ? [] : read(user.traits))
    },
    finish(): Core {
      const { segments, policy, plan } = definitions
      return makeCore({
        builder,
        zoneOf,
        tracked: [...tracked.values()],
        triggers: triggers.map(({ id }) => id),
        segments: segmentIds,
        fingerprint: fingerprintOf({ segments, triggers, policy, plan }),
      })
    },
  }
}

type SourceOf = Context['sourceOf']
type Track = (id: string) => TrackedSegment

function trackOnce(
  id: string,
  index: number,
  tracked: Map<string, TrackedSegment>,
  builder: Builder,
): TrackedSegment {
  const known = tracked.get(id)
  if (known !== undefined) return known
  const segment = trackSegment(id, index, compileSegment(id, builder, compileCondition), builder)
  tracked.set(id, segment)
  return segment
}

function compileSources(track: Track, zoneOf: ZoneOf, builder: Builder): SourceOf {
  return (occasion): Source => {
    switch (occasion.kind) {
      case 'enters':
        return track(occasion.segment).entered
      case 'leaves':
        return track(occasion.segment).left
      case 'at':
        return dateSource(occasion, builder, zoneOf)
      case 'schedule':
        return tickSource(occasion, track(occasion.segment), builder)
    }
  }
}

/** `index` -1: its `when` is not matched. */
function compileOne(
  definition: TriggerDefinition,
  index: number,
  sourceOf: SourceOf,
  builder: Builder,
): TriggerCompiler {
  const anchors = compileAnchors(definition, builder.place)
  const context = { builder, trigger: definition.id, sourceOf }
  if (index >= 0) {
    const happened: Happened = (_, __, atMs, anchor, dueMs, out) => out.fire(index, anchor, atMs, dueMs)
    compileOccasion(definition.when, happened, { ...context, host: builder, anchors, node: 'when' })
  }
  return {
    index,
    anchorIndex: anchors.index,
    condition: (condition) => compileAsked(condition, builder, anchors.index),
    accepts: (match) => compilePredicate(match, builder.types, anchors.index),
    waitFor: (occasion, node) => compileScoped(occasion, builder, { ...context, node }),
  }
}

function compileAsked(
  condition: Condition,
  builder: Builder,
  anchorIndex: (path: string) => number,
): CompiledCondition {
  const [node, { segments }] = builder.collect(() => compileCondition(condition, builder, anchorIndex))
  const { ask } = node
  const mirrored = builder.definitions.segments.flatMap(({ id, kind }) =>
    kind === 'mirrored' && segments.has(id)
      ? [{ id, segment: compileSegment(id, builder, compileCondition) }]
      : [],
  )
  return {
    ask,
    undecidable(user, atMs, anchor) {
      if (mirrored.length === 0) return false
      const unknown = mirrored.filter(({ segment }) => segment.isUnknown?.(user) === true).map(({ id }) => id)
      if (unknown.length > mostUnknown) return true
      const answer = ask(user, atMs, anchor)
      const isOther = subsetsOf(unknown).some((assumed) => {
        builder.assumed = assumed
        return ask(user, atMs, anchor) !== answer
      })
      builder.assumed = new Set()
      return isOther
    },
    explain(user, atMs, anchor) {
      builder.isAside = true
      const trace = explain(node, user, atMs, anchor)
      builder.isAside = false
      return trace
    },
  }
}

/** Of more segments that were not read not every case is tried: what asks them is not decided. */
const mostUnknown = 10

function subsetsOf(ids: readonly string[]): readonly ReadonlySet<string>[] {
  return Array.from(
    { length: 2 ** ids.length },
    (_, chosen) => new Set(ids.filter((__, place) => (chosen & (1 << place)) !== 0)),
  )
}
