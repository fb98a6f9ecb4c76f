import type { Condition, DidCondition, InactiveCondition } from '../definition/condition.ts'
import type { CountComparison } from '../definition/comparison.ts'
import { durationMs } from '../definition/duration.ts'
import type { SegmentDefinition } from '../definition/segment.ts'
import type { Builder } from './builder.ts'
import { compileComparison, type AnchorIndex } from './compare.ts'
import type { Bag } from './event.ts'
import { compileLog, namesAnchor } from './log.ts'
import { atPath, compilePredicate } from './predicate.ts'
import { dropUntil } from './times.ts'
import { compileTotal } from './total.ts'
import type { MatcherUser } from './user.ts'

/** Asks a condition at an instant whose events are all read; `anchor` holds the values of the anchor event. */
export type Ask = (user: MatcherUser, atMs: number, anchor: readonly unknown[]) => boolean

const noTraits: Bag = {}

/** Registers the state a condition needs and gives the closure that asks it. */
export function compileCondition(condition: Condition, builder: Builder, anchorIndex: AnchorIndex): Ask {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.conditions.map((part) => compileCondition(part, builder, anchorIndex))
      return condition.kind === 'and'
        ? (user, atMs, anchor) => parts.every((part) => part(user, atMs, anchor))
        : (user, atMs, anchor) => parts.some((part) => part(user, atMs, anchor))
    }
    case 'not': {
      const part = compileCondition(condition.condition, builder, anchorIndex)
      return (user, atMs, anchor) => !part(user, atMs, anchor)
    }
    case 'trait': {
      builder.traitNames.add(condition.trait.split(/[.[]/)[0] ?? '')
      const ask = atPath(condition.trait, condition, compileComparison(condition, anchorIndex))
      return (user, atMs, anchor) => ask(user.traits ?? noTraits, anchor, atMs)
    }
    case 'did':
      return compileDid(condition, builder, anchorIndex)
    case 'total':
      return compileTotal(condition, builder, anchorIndex)
    case 'inactive':
      return compileInactive(condition, builder, anchorIndex)
    case 'inSegment':
      return builder.membership(condition.segment, (segment) => compileSegment(segment, builder))
    case 'inSession':
      throw new RangeError('"inSession" is not supported by the matcher')
  }
}

export function compileSegment(segment: SegmentDefinition, builder: Builder): Ask {
  if (segment.kind === 'mirrored') throw new RangeError('mirrored segments are not supported by the matcher')
  if (segment.kind === 'static') {
    const members = new Set(segment.members)
    return (user) => members.has(user.userId)
  }
  return compileCondition(segment.condition, builder, () => {
    throw new RangeError(`segment "${segment.id}" names an anchor event`)
  })
}

const counts: Readonly<Record<CountComparison['op'], (count: number, value: number) => boolean>> = {
  eq: (count, value) => count === value,
  neq: (count, value) => count !== value,
  gt: (count, value) => count > value,
  gte: (count, value) => count >= value,
  lt: (count, value) => count < value,
  lte: (count, value) => count <= value,
}

/** Without anchor: the latest `value` + 1 times, or one number when it is ever. With anchor: a log. */
function compileDid(condition: DidCondition, builder: Builder, anchorIndex: AnchorIndex): Ask {
  const { event, count } = condition
  const test = counts[count.op]
  const withinMs = condition.within === undefined ? Number.POSITIVE_INFINITY : durationMs(condition.within)
  if (namesAnchor(event.where)) {
    const log = compileLog(event, [], withinMs, builder, anchorIndex)
    return (user, atMs, anchor) => test(log.select(user, atMs, anchor).length, count.value)
  }
  const slot = builder.newSlot()
  const accepts = compilePredicate(event.where, anchorIndex)
  // More than one above the value compares as one above it.
  const most = count.value + 1
  if (withinMs === Number.POSITIVE_INFINITY) {
    builder.onUpdate(event, (user, { properties }) => {
      const seen = (user.slots.get(slot) as number | undefined) ?? 0
      if (seen < most && accepts(properties, [])) user.slots.set(slot, seen + 1)
    })
    return (user) => test((user.slots.get(slot) as number | undefined) ?? 0, count.value)
  }
  builder.onUpdate(event, (user, { properties, atMs }) => {
    if (!accepts(properties, [])) return
    const times = user.slots.get(slot) as number[] | undefined
    if (times === undefined) {
      user.slots.set(slot, [atMs])
      return
    }
    dropUntil(times, atMs - withinMs)
    if (times.length === most) times.shift()
    times.push(atMs)
  })
  return (user, atMs) => {
    const times = user.slots.get(slot) as number[] | undefined
    let inside = 0
    if (times !== undefined) {
      while (inside < times.length && (times[times.length - 1 - inside] as number) > atMs - withinMs) inside++
    }
    return test(inside, count.value)
  }
}

/** Without anchor: one number, the latest time. With anchor: a log over ever. */
function compileInactive(condition: InactiveCondition, builder: Builder, anchorIndex: AnchorIndex): Ask {
  const lengthMs = durationMs(condition.for)
  const { of } = condition
  if (namesAnchor(of.where)) {
    const log = compileLog(of, [], Number.POSITIVE_INFINITY, builder, anchorIndex)
    return (user, atMs, anchor) => {
      const latest = log.select(user, atMs, anchor).at(-1)
      return latest !== undefined && log.timeOf(user, latest) <= atMs - lengthMs
    }
  }
  const slot = builder.newSlot()
  const accepts = compilePredicate(of.where, anchorIndex)
  builder.onUpdate(of, (user, { properties, atMs }) => {
    if (accepts(properties, [])) user.slots.set(slot, atMs)
  })
  return (user, atMs) => {
    const latest = user.slots.get(slot) as number | undefined
    return latest !== undefined && latest <= atMs - lengthMs
  }
}
