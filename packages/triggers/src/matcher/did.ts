import type { CountComparison } from '../definition/comparison.ts'
import type { DidCondition } from '../definition/condition.ts'
import type { Builder } from './builder.ts'
import { compileComparison, type AnchorIndex } from './compare.ts'
import type { Compiled } from './condition.ts'
import { typedAs, untyped } from './field-types.ts'
import { fromKey, toKey } from './key.ts'
import { keyedLog } from './keyed-log.ts'
import { compileLog, divide, isSame } from './log.ts'
import { compilePath } from './path.ts'
import { compilePredicate, namesAnchor } from './predicate.ts'
import { dropOld, empty, removeRows, usedIn, withRoom, type Rows } from './rows.ts'
import { timesCodec } from './times.ts'
import { readSlot, writeSlot, type MatcherUser } from './user.ts'
import { ever, type Window } from './window.ts'

const counts = {
  eq: (count, value) => count === value,
  neq: (count, value) => count !== value,
  gt: (count, value) => count > value,
  gte: (count, value) => count >= value,
  lt: (count, value) => count < value,
  lte: (count, value) => count <= value,
} as const satisfies { readonly [op in CountComparison['op']]: (count: number, value: number) => boolean }

/**
 * Without anchor: the latest `value` + 1 times, or one number when it is ever. With anchor: a log, of "the same" value
 * one that is shared. Where it will be explained nothing is left out, so that the number can be told.
 */
export function compileDid(
  { event, count: { op, value } }: Omit<DidCondition, 'within'>,
  window: Window,
  builder: Builder,
  anchorIndex: AnchorIndex,
): Compiled {
  // More than one above the value compares as one above it.
  const most = builder.observer === undefined ? value + 1 : Number.POSITIVE_INFINITY
  const counted = { event, most }
  const { number, nextMs } = namesAnchor(event.where)
    ? (compileSame(counted, window, builder, anchorIndex) ??
      compileAnchored(counted, window, builder, anchorIndex))
    : (window === ever ? compileEver : compileTimes)(counted, window, builder, anchorIndex)
  const test = counts[op]
  return {
    ask: (user, atMs, anchor) => test(number(user, atMs, anchor), value),
    nextMs,
    value: number,
  }
}

interface Counted {
  readonly event: DidCondition['event']
  /** Counts above it need not be told apart. */
  readonly most: number
}
interface Counting {
  readonly number: (user: MatcherUser, atMs: number, anchor: readonly unknown[]) => number
  readonly nextMs: Compiled['nextMs']
}

/** "The same product" alone: how often, per value, in a log that others may share. */
function compileSame(
  { event, most }: Counted,
  { withinMs }: Window,
  builder: Builder,
  anchorIndex: AnchorIndex,
): Counting | undefined {
  const { now, later } = divide(event)
  const [same, ...more] = later
  if (same === undefined || more.length > 0 || withinMs === undefined) return undefined
  if (!isSame(same, event, builder)) return undefined
  const { property, anchor } = same
  const declared = builder.types.property(event, property)
  const typed = declared === undefined || declared === 'varies' ? untyped : typedAs(declared.type)
  if (declared !== undefined && declared !== 'varies' && builder.options.finding !== undefined) {
    const read = compilePath(property)
    builder.onUpdate(now, (_, { properties }) => void declared.typed(read(properties)))
  }
  const index = anchorIndex(anchor)
  const fits = compileComparison({ op: 'eq', anchor }, undefined, anchorIndex)
  const log = keyedLog(now, property, { withinMs, count: most }, builder, builder)
  return {
    number(user, atMs, anchored) {
      const operand = anchored[index]
      if (typed(operand) === undefined) return 0
      // Lists are sets, and objects have no order: they are the same in several ways of writing.
      if (typeof operand === 'object')
        return log.countWhere(user, (key) => fits(fromKey(key), anchored, 0), atMs - withinMs)
      const key = toKey(operand)
      return key === undefined ? 0 : log.count(user, key, atMs - withinMs)
    },
    nextMs: () => Number.POSITIVE_INFINITY,
  }
}

function compileAnchored(
  { event, most }: Counted,
  window: Window,
  builder: Builder,
  anchorIndex: AnchorIndex,
): Counting {
  const log = compileLog(event, [], window, builder, anchorIndex)
  return {
    number(user, atMs, anchor) {
      let count = 0
      log.each(user, atMs, anchor, () => ++count < most)
      return count
    },
    nextMs: log.nextMs,
  }
}

function compileEver(
  { event, most }: Counted,
  _: Window,
  builder: Builder,
  anchorIndex: AnchorIndex,
): Counting {
  const slot = builder.newSlot()
  const accepts = compilePredicate(event, builder.types, anchorIndex)
  const number = (user: MatcherUser) => (readSlot(user, slot) as number | undefined) ?? 0
  builder.onUpdate(event, (user, each) => {
    const seen = number(user)
    if (seen < most && accepts(each, [])) writeSlot(user, slot, seen + 1)
  })
  return { number, nextMs: () => Number.POSITIVE_INFINITY }
}

function compileTimes(
  { event, most }: Counted,
  window: Window,
  builder: Builder,
  anchorIndex: AnchorIndex,
): Counting {
  const slot = builder.newSlot(timesCodec)
  const accepts = compilePredicate(event, builder.types, anchorIndex)
  const timesOf = (user: MatcherUser) => readSlot(user, slot) as Rows<number> | undefined
  builder.onUpdate(event, (user, each) => {
    if (!accepts(each, [])) return
    const kept = timesOf(user)
    if (kept === undefined) {
      writeSlot(user, slot, [each.atMs])
      return
    }
    let times = dropOld(kept, window.forgetMs(user, each.atMs), 1)
    let used = usedIn(times, 1)
    if (used === most) {
      removeRows(times, 0, 1, 1)
      used--
    }
    times = withRoom(times, used, 1)
    times[used] = each.atMs
    if (times !== kept) writeSlot(user, slot, times)
  })
  return {
    number(user, atMs) {
      const times = timesOf(user)
      if (times === undefined) return 0
      const outMs = window.outMs(user, atMs)
      const used = usedIn(times, 1)
      let inside = 0
      while (inside < used && (times[used - 1 - inside] as number) > outMs) inside++
      return inside
    },
    nextMs(user, atMs) {
      const outMs = window.outMs(user, atMs)
      const oldest = timesOf(user)?.find((ms) => ms > outMs) ?? empty
      return oldest === empty ? Number.POSITIVE_INFINITY : window.leaveMs(user, oldest)
    },
  }
}
