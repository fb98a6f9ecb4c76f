import { durationMs } from '../definition/duration.ts'
import type {
  ChangesOccasion,
  GivenOccasion,
  InactiveOccasion,
  Occasion,
  OnOccasion,
  SequenceOccasion,
  TimesOccasion,
  WithoutOccasion,
} from '../definition/occasion.ts'
import type { Note } from '../trace/note.ts'
import type { Anchors } from './anchors.ts'
import type { Builder, Handler, Happened, Host, Source } from './builder.ts'
import type { EventMatch } from '../definition/event-match.ts'
import type { Accepts } from './core.ts'
import { isOf } from './by-event.ts'
import { chainCodec, completes, unsaved, type ChainRule } from './chain.ts'
import { changeHandler } from './change.ts'
import { compileCondition, explain } from './condition.ts'
import type { Anchor, MatcherEvent } from './event.ts'
import { fromKey, toKey, type Key } from './key.ts'
import { keyedLog } from './keyed-log.ts'
import { compilePath } from './path.ts'
import { compilePredicate, namesAnchor } from './predicate.ts'
import { countTime, timesCodec } from './times.ts'
import type { MatcherUser } from './user.ts'
import { makeWaits, type WaitNode, type WaitNote } from './wait.ts'

/** What an occasion is compiled with. */
export interface Context {
  readonly builder: Builder
  /** Where its state is kept, and its handlers. */
  readonly host: Host
  readonly anchors: Anchors
  readonly trigger: string
  /** The path of the node, as in `Note.node`. */
  readonly node: string
  /** What happens without an event. */
  readonly sourceOf: (
    occasion: Extract<Occasion, { readonly kind: 'enters' | 'leaves' | 'at' | 'schedule' }>,
  ) => Source
}

/** Registers the handlers of an occasion; `happened` is called at each of its fires. */
export function compileOccasion(occasion: Occasion, happened: Happened, context: Context): void {
  switch (occasion.kind) {
    case 'on':
      compileOn(occasion, happened, context)
      return
    case 'times':
      compileTimes(occasion, happened, context)
      return
    case 'sequence':
      if (!compilePair(occasion, happened, context)) compileSequence(occasion, happened, context)
      return
    case 'without':
      compileWithout(occasion, happened, context)
      return
    case 'inactive':
      compileInactive(occasion, happened, context)
      return
    case 'given':
      compileGiven(occasion, happened, context)
      return
    case 'changes':
      compileChanges(occasion, happened, context)
      return
    case 'enters':
    case 'leaves':
    case 'at':
    case 'schedule':
      context.host.listen(context.sourceOf(occasion), happened)
  }
}

type Tell = (user: MatcherUser, atMs: number, key: Key | null, note: ToldNote) => void
/** A note without where it comes from. */
type ToldNote = Note extends infer Each
  ? Each extends Note
    ? Omit<Each, 'atMs' | 'trigger' | 'node' | 'key'>
    : never
  : never

/** `undefined` without an observer: then nothing is made to be told. */
function teller({ builder: { observer }, trigger, node }: Context): Tell | undefined {
  if (observer === undefined) return undefined
  return (user, atMs, key, told) => {
    const of = key === null ? {} : { key: fromKey(key) }
    observer(user.userId, { ...told, atMs, trigger, node, ...of } as Note)
  }
}

function compileOn({ event: match, by }: OnOccasion, happened: Happened, context: Context): void {
  const { host, anchors } = context
  const accepts = compileWhere(match, context)
  const keyOf = by === undefined ? undefined : compileKey(by)
  host.onEvent('happening', match, (state, user, event, out) => {
    if (accepts !== undefined && !accepts(event, [])) return
    if (keyOf !== undefined && keyOf(event) === undefined) return
    happened(state, user, event.atMs, anchors.take(user, event), undefined, out)
  })
}

/** `undefined`: every event fits. */
function compileWhere(match: EventMatch, { builder, anchors }: Context): Accepts | undefined {
  return match.where === undefined ? undefined : compilePredicate(match, builder.types, anchors.index)
}

function compileTimes(occasion: TimesOccasion, happened: Happened, context: Context): void {
  const { host, anchors } = context
  const { event: match, by, count } = occasion
  const withinMs = durationMs(occasion.within)
  const accepts = compileWhere(match, context)
  const tell = teller(context)
  if (by === undefined) {
    const rule = { slot: host.newSlot(timesCodec), count, withinMs }
    host.onEvent('happening', match, (state, user, event, out) => {
      if (accepts !== undefined && !accepts(event, [])) return
      const number = countTime(state, rule, event.atMs)
      tell?.(user, event.atMs, null, { what: 'counted', count: number, of: count })
      if (number === count) happened(state, user, event.atMs, anchors.take(user, event), undefined, out)
    })
    return
  }
  // One more than the n-th, to tell it from a later one.
  const log = keyedLog(match, by, { withinMs, count: count + 1 }, host, context.builder)
  host.onEvent('happening', match, (state, user, event, out) => {
    if (accepts !== undefined && !accepts(event, [])) return
    const key = log.addedKey()
    if (key === undefined) return
    const number = log.countAdded(state, key, event.atMs, withinMs)
    tell?.(user, event.atMs, key, { what: 'counted', count: number, of: count })
    if (number === count) happened(state, user, event.atMs, anchors.take(user, event), undefined, out)
  })
}

/**
 * A sequence of two steps per value of `by` that uses nothing up: whether there was a first one is all that is asked, so
 * its times can be shared. Not where one event can be both steps, as it would see itself.
 */
function compilePair(occasion: SequenceOccasion, happened: Happened, context: Context): boolean {
  const { host, anchors, builder } = context
  const [first, last, ...more] = occasion.steps
  const { by, reuse } = occasion
  if (first === undefined || last === undefined || more.length > 0 || by === undefined || !reuse) return false
  if (builder.observer !== undefined || !areApart(first.event, last.event)) return false
  const spanMs = durationMs(occasion.within)
  const withinMs = last.gap === undefined ? spanMs : Math.min(spanMs, durationMs(last.gap))
  // An event exactly so long ago counts.
  const log = keyedLog(first.event, by, { withinMs: withinMs + 1, count: 1 }, host, builder)
  const accepts = compileWhere(last.event, context)
  const keyOf = compileKey(by)
  host.onEvent('happening', last.event, (state, user, event, out) => {
    if (accepts !== undefined && !accepts(event, [])) return
    const key = keyOf(event)
    const firstMs = key === undefined ? undefined : log.latestMs(state, key)
    if (firstMs === undefined || firstMs < event.atMs - withinMs) return
    happened(state, user, event.atMs, anchors.take(user, event), undefined, out)
  })
  return true
}

/** No event is of both. */
function areApart(one: EventMatch, other: EventMatch): boolean {
  return one.type === 'track' && other.type === 'track' && one.name !== other.name
}

function compileSequence(occasion: SequenceOccasion, happened: Happened, context: Context): void {
  const { builder, host, anchors } = context
  const { steps, by } = occasion
  const rule: ChainRule = {
    slot: host.newSlot(chainCodec),
    countsSlot: host.newSlot(unsaved),
    length: steps.length,
    withinMs: durationMs(occasion.within),
    gapsMs: steps.map(({ gap }) => (gap === undefined ? Number.POSITIVE_INFINITY : durationMs(gap))),
    reuse: occasion.reuse,
  }
  const keyOf = by === undefined ? undefined : compileKey(by)
  const accepts = steps.map(({ event }) => compilePredicate(event, builder.types, anchors.index))
  const tell = teller(context)
  const handler: Handler = (state, user, event, out) => {
    const key = keyOf === undefined ? null : keyOf(event)
    if (key === undefined) return
    let bits = 0
    for (let step = 0; step < steps.length; step++) {
      const { event: match } = steps[step] as (typeof steps)[number]
      if (!isOf(match, event) || accepts[step]?.(event, []) !== true) continue
      bits |= 1 << step
      tell?.(user, event.atMs, key, { what: 'step-seen', step, of: steps.length })
    }
    if (bits === 0 || !completes(state, rule, key, event.atMs, bits)) return
    tell?.(user, event.atMs, key, { what: 'chain-completed' })
    happened(state, user, event.atMs, anchors.take(user, event), undefined, out)
  }
  for (const { event } of steps) host.onEvent('happening', event, handler)
}

/** As the `without` that it is; what would cancel a wait starts it anew, so that is all that is done. */
function compileInactive(
  { of, for: length, by }: InactiveOccasion,
  happened: Happened,
  context: Context,
): void {
  const base = { kind: 'on', event: of, ...(by !== undefined && { by }) } as const
  compileWaits({ base, for: length, anchor: 'last', by }, happened, context, context.node)
}

function compileWithout(occasion: WithoutOccasion, happened: Happened, context: Context): void {
  const { event: match, by } = occasion
  const { host, anchors } = context
  const waits = compileWaits({ ...occasion, by }, happened, context, `${context.node}.base`)
  const keyOf = by === undefined ? undefined : compileKey(by)
  const accepts = compilePredicate(match, context.builder.types, anchors.index)
  const asksAnchor = namesAnchor(match.where)
  host.onEvent('cancel', match, (state, user, event) => {
    const key = keyOf === undefined ? null : keyOf(event)
    if (key === undefined) return
    if (asksAnchor) waits.cancel(state, user, event, key, (values) => accepts(event, values))
    else if (accepts(event, [])) waits.cancel(state, user, event, key, undefined)
  })
}

type Waiting = Pick<WithoutOccasion, 'base' | 'for' | 'anchor'> & { readonly by: string | undefined }

function compileWaits(
  { base, for: length, anchor: mode, by }: Waiting,
  happened: Happened,
  context: Context,
  baseNode: string,
): WaitNode {
  const tell = teller(context)
  const note: WaitNote | undefined =
    tell &&
    ((user, atMs, key, what, dueMs, cause = '') => {
      if (what === 'wait-cancelled') tell(user, atMs, key, { what, by: cause, dueMs })
      else if (what === 'wait-ended') tell(user, atMs, key, { what })
      else tell(user, atMs, key, { what, dueMs })
    })
  const keyOfAnchor = compileAnchorKey(by, context.anchors)
  let waits: WaitNode | undefined
  compileOccasion(
    base,
    (state, user, atMs, anchor) => {
      const key = keyOfAnchor(anchor)
      if (key !== undefined) waits?.start(state, user, atMs, anchor, key)
    },
    { ...context, node: baseNode },
  )
  // Made after the base: at one instant inner waits end before outer ones.
  waits = makeWaits(context.host, mode, durationMs(length), happened, note)
  return waits
}

function compileGiven({ base, condition, by }: GivenOccasion, happened: Happened, context: Context): void {
  const { builder, anchors } = context
  const node = compileCondition(condition, builder, anchors.index)
  const keyOf = compileAnchorKey(by, anchors)
  const tell = teller(context)
  compileOccasion(
    base,
    (state, user, atMs, anchor, dueMs, out) => {
      const key = keyOf(anchor)
      if (key === undefined) return
      tell?.(user, atMs, key, { what: 'given', condition: explain(node, user, atMs, anchor.values) })
      if (node.ask(user, atMs, anchor.values)) happened(state, user, atMs, anchor, dueMs, out)
    },
    { ...context, node: `${context.node}.base` },
  )
}

function compileChanges(occasion: ChangesOccasion, happened: Happened, context: Context): void {
  const { builder, host, anchors } = context
  const changed = changeHandler(occasion, builder)
  host.onEvent('happening', { type: 'writes' }, (state, user, event, out) => {
    if (changed(event)) happened(state, user, event.atMs, anchors.take(user, event), undefined, out)
  })
}

/** `undefined` when the event takes no part. */
function compileKey(by: string): (event: MatcherEvent) => Key | undefined {
  const read = compilePath(by)
  return ({ properties }) => toKey(read(properties))
}

/** `null` without correlation. */
function compileAnchorKey(
  by: string | undefined,
  anchors: Anchors,
): (anchor: Anchor) => Key | null | undefined {
  if (by === undefined) return () => null
  const index = anchors.index(by)
  return ({ values }) => toKey(values[index])
}
