import type { TriggerDefinition } from '../definition/definition.ts'
import { durationMs } from '../definition/duration.ts'
import type { EventMatch } from '../definition/event-match.ts'
import type { Occasion, SequenceOccasion, WithoutOccasion } from '../definition/occasion.ts'
import type { Builder, Handler } from './builder.ts'
import { completes, type ChainRule } from './chain.ts'
import type { AnchorIndex } from './compare.ts'
import { compileCondition } from './condition.ts'
import { anchorKeyOf, type Anchor, type Emit, type MatcherEvent } from './event.ts'
import { compilePath, type Read } from './path.ts'
import { compilePredicate, isOf } from './predicate.ts'
import { isNth } from './times.ts'
import { toKey, type Key, type MatcherUser } from './user.ts'
import { cancelWaits, startWait, type WaitNode } from './wait.ts'

/** Passes an occasion that happened to what surrounds it. `byTimer`: at a due time, not at the anchor event. */
export type Happened = (user: MatcherUser, atMs: number, anchor: Anchor, byTimer: boolean, emit: Emit) => void

interface Context {
  readonly builder: Builder
  readonly waitNodes: WaitNode[]
  /** Place of the trigger among all, by id. */
  readonly order: number
  readonly anchorIndex: AnchorIndex
  readonly anchorReads: readonly Read[]
}
type Simple = Extract<Occasion, { readonly kind: 'on' | 'times' }>

/** Registers the handlers of one trigger. Wait nodes are numbered in the order in which they are due at one instant. */
export function compileTrigger(
  trigger: TriggerDefinition,
  order: number,
  builder: Builder,
  waitNodes: WaitNode[],
): void {
  const paths = new Map<string, number>()
  const anchorReads: Read[] = []
  const anchorIndex = (path: string): number => {
    const known = paths.get(path)
    if (known !== undefined) return known
    paths.set(path, anchorReads.length)
    return anchorReads.push(compilePath(path)) - 1
  }
  const fire: Happened = (user, atMs, anchor, byTimer, emit) => {
    const anchorKey = anchorKeyOf(anchor, byTimer ? atMs : undefined)
    emit({ trigger: trigger.id, userId: user.userId, atMs, anchorKey })
  }
  compileOccasion(trigger.when, fire, { builder, waitNodes, order, anchorIndex, anchorReads })
}

function compileOccasion(occasion: Occasion, happened: Happened, context: Context): void {
  switch (occasion.kind) {
    case 'on':
    case 'times':
      compileSimple(occasion, happened, context)
      return
    case 'sequence':
      compileSequence(occasion, happened, context)
      return
    case 'without':
      compileWithout(occasion, happened, context)
      return
    case 'inactive': {
      const by = occasion.by === undefined ? {} : { by: occasion.by }
      const base = { kind: 'on', event: occasion.of, ...by } as const
      const rest = { kind: 'without', event: occasion.of, for: occasion.for, anchor: 'last', ...by } as const
      compileWithout({ ...rest, base }, happened, context)
      return
    }
    case 'given': {
      const ask = compileCondition(occasion.condition, context.builder, context.anchorIndex)
      const keyOf = compileAnchorKey(occasion.by, context)
      compileOccasion(
        occasion.base,
        (user, atMs, anchor, byTimer, emit) => {
          if (keyOf(anchor) === undefined) return
          if (ask(user, atMs, anchor.values)) happened(user, atMs, anchor, byTimer, emit)
        },
        context,
      )
      return
    }
    default:
      throw new RangeError(`occasion "${occasion.kind}" is not supported by the matcher`)
  }
}

function compileSimple(occasion: Simple, happened: Happened, context: Context): void {
  const accepts = compilePredicate(occasion.event.where, context.anchorIndex)
  const keyOf = compileKey(occasion.by)
  const slot = context.builder.newSlot()
  const counted = occasion.kind === 'times' ? occasion : undefined
  const withinMs = counted === undefined ? 0 : durationMs(counted.within)
  onHappening(occasion.event, context, (user, event, emit) => {
    if (!accepts(event.properties, [])) return
    const key = keyOf(event)
    if (key === undefined) return
    if (counted !== undefined && !isNth(user, slot, key, event.atMs, counted.count, withinMs)) return
    happened(user, event.atMs, takeAnchor(user, event, context), false, emit)
  })
}

const mostSteps = 31

function compileSequence(occasion: SequenceOccasion, happened: Happened, context: Context): void {
  const { steps } = occasion
  if (steps.length > mostSteps) throw new RangeError(`a sequence has at most ${mostSteps} steps`)
  const rule: ChainRule = {
    slot: context.builder.newSlot(),
    length: steps.length,
    withinMs: durationMs(occasion.within),
    gapsMs: steps.map(({ gap }) => (gap === undefined ? Number.POSITIVE_INFINITY : durationMs(gap))),
    reuse: occasion.reuse,
  }
  const keyOf = compileKey(occasion.by)
  const accepts = steps.map(({ event }) => compilePredicate(event.where, context.anchorIndex))
  const handler: Handler = (user, event, emit) => {
    const key = keyOf(event)
    if (key === undefined) return
    let bits = 0
    for (const [index, step] of steps.entries()) {
      if (isOf(step.event, event) && accepts[index]?.(event.properties, []) === true) bits |= 1 << index
    }
    if (bits !== 0 && completes(user, rule, key, event.atMs, bits)) {
      happened(user, event.atMs, takeAnchor(user, event, context), false, emit)
    }
  }
  for (const { event } of steps) onHappening(event, context, handler)
}

function compileWithout(occasion: WithoutOccasion, happened: Happened, context: Context): void {
  const { builder, anchorIndex, waitNodes, order } = context
  const waitMs = durationMs(occasion.for)
  const slot = builder.newSlot()
  const accepts = compilePredicate(occasion.event.where, anchorIndex)
  const keyOf = compileKey(occasion.by)
  const keyOfAnchor = compileAnchorKey(occasion.by, context)
  // Cancelling comes first, so that an event that is also the base starts its own wait.
  builder.onEvent(occasion.event, 2 * order, (user, event) => {
    const key = keyOf(event)
    if (key !== undefined) cancelWaits(user, slot, key, (values) => accepts(event.properties, values))
  })
  let node = -1
  compileOccasion(
    occasion.base,
    (user, atMs, anchor) => {
      const key = keyOfAnchor(anchor)
      if (key !== undefined) startWait(user, { node, slot, key, anchor }, atMs + waitMs, occasion.anchor)
    },
    context,
  )
  // Numbered after the base: at one instant inner waits end before outer ones.
  node = waitNodes.push({ slot, happened }) - 1
}

function onHappening(match: EventMatch, { builder, order }: Context, handler: Handler): void {
  builder.onEvent(match, 2 * order + 1, handler)
}

/** `null` without correlation; `undefined` when the event takes no part. */
function compileKey(by: string | undefined): (event: MatcherEvent) => Key | null | undefined {
  if (by === undefined) return () => null
  const read = compilePath(by)
  return ({ properties }) => toKey(read(properties))
}

function compileAnchorKey(
  by: string | undefined,
  { anchorIndex }: Context,
): (anchor: Anchor) => Key | null | undefined {
  if (by === undefined) return () => null
  const index = anchorIndex(by)
  return ({ values }) => toKey(values[index])
}

const noValues: readonly unknown[] = []

function takeAnchor(user: MatcherUser, event: MatcherEvent, { anchorReads }: Context): Anchor {
  const values = anchorReads.length === 0 ? noValues : anchorReads.map((read) => read(event.properties))
  return { sequence: user.sequence, key: event.messageId, values }
}
