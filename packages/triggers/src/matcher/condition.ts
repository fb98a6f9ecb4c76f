import type { Value } from '@tripline/model'
import type { Condition, InactiveCondition, TraitCondition } from '../definition/condition.ts'
import { durationMs } from '../definition/duration.ts'
import type { ConditionTrace } from '../trace/note.ts'
import type { Builder } from './builder.ts'
import { compileComparison, momentOf, type AnchorIndex } from './compare.ts'
import type { Ask } from './core.ts'
import { compileDid } from './did.ts'
import { compileLog } from './log.ts'
import { compileValues } from './path.ts'
import { atPath, compilePredicate, namesAnchor } from './predicate.ts'
import { compileSegment } from './segment.ts'
import { compileTotal } from './total.ts'
import { readSlot, writeSlot, type MatcherUser, type Traits } from './user.ts'
import { currentSession, ever, trailing } from './window.ts'

/** A condition with its state registered: asked at an instant whose events are all read. */
export interface ConditionNode {
  readonly condition: Condition
  readonly ask: Ask
  /** The earliest later time at which mere time may change the answer, which then is the same until then. */
  readonly nextMs: (user: MatcherUser, atMs: number) => number
  /** What is compared; for `explain`. */
  readonly value?: (user: MatcherUser, atMs: number, anchor: readonly unknown[]) => Value | undefined
  readonly parts?: readonly ConditionNode[]
}
/** A node without the condition that it is of. */
export type Compiled = Omit<ConditionNode, 'condition'>

const noTraits: Traits = {}

/** Registers the state a condition needs and gives what asks it. */
export function compileCondition(
  condition: Condition,
  builder: Builder,
  anchorIndex: AnchorIndex,
): ConditionNode {
  return { condition, ...compileKind(condition, builder, anchorIndex) }
}

function compileKind(condition: Condition, builder: Builder, anchorIndex: AnchorIndex): Compiled {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return compileSeveral(
        condition.kind,
        condition.conditions.map((part) => compileCondition(part, builder, anchorIndex)),
      )
    case 'not': {
      const part = compileCondition(condition.condition, builder, anchorIndex)
      const { ask, nextMs } = part
      return { ask: (user, atMs, anchor) => !ask(user, atMs, anchor), nextMs, parts: [part] }
    }
    case 'trait':
      return compileTrait(condition, builder, anchorIndex)
    case 'did':
    case 'total': {
      const window = condition.within === undefined ? ever : trailing(durationMs(condition.within))
      return condition.kind === 'did'
        ? compileDid(condition, window, builder, anchorIndex)
        : compileTotal(condition, window, builder, anchorIndex)
    }
    case 'inactive':
      return compileInactive(condition, builder, anchorIndex)
    case 'inSession': {
      const window = currentSession(builder)
      const inside = condition.condition
      return inside.kind === 'did'
        ? compileDid(inside, window, builder, anchorIndex)
        : compileTotal(inside as Parameters<typeof compileTotal>[0], window, builder, anchorIndex)
    }
    case 'inSegment': {
      const { ask, nextMs, node } = compileSegment(condition.segment, builder, compileCondition)
      return { ask, nextMs, ...(node !== undefined && { parts: [node] }) }
    }
  }
}

function compileSeveral(kind: 'and' | 'or', parts: readonly ConditionNode[]): Compiled {
  const asks = parts.map(({ ask }) => ask)
  return {
    ask:
      kind === 'and'
        ? (user, atMs, anchor) => asks.every((ask) => ask(user, atMs, anchor))
        : (user, atMs, anchor) => asks.some((ask) => ask(user, atMs, anchor)),
    nextMs: (user, atMs) => Math.min(...parts.map(({ nextMs }) => nextMs(user, atMs))),
    parts,
  }
}

function compileTrait(condition: TraitCondition, builder: Builder, anchorIndex: AnchorIndex): Compiled {
  builder.keepTrait(condition.trait)
  const fits = compileComparison(condition, builder.types.trait(condition.trait), anchorIndex)
  const ask = atPath(condition.trait, condition, fits)
  const values = compileValues(condition.trait)
  const valuesOf = (user: MatcherUser) => values(user.traits ?? noTraits)
  const lengthMs = 'duration' in condition ? durationMs(condition.duration) : undefined
  return {
    ask: (user, atMs, anchor) => ask(user.traits ?? noTraits, anchor, atMs),
    nextMs(user, atMs) {
      if (lengthMs === undefined) return Number.POSITIVE_INFINITY
      const times = valuesOf(user).flatMap((value) => {
        const moment = momentOf(value)
        return [moment - lengthMs, moment, moment + lengthMs]
      })
      return Math.min(Number.POSITIVE_INFINITY, ...times.filter((ms) => ms > atMs))
    },
    value: (user) => (condition.trait.includes('[]') ? valuesOf(user) : valuesOf(user)[0]),
  }
}

/** Without anchor: one number, the latest time. With anchor: a log over ever. */
function compileInactive(condition: InactiveCondition, builder: Builder, anchorIndex: AnchorIndex): Compiled {
  const latestMs = compileLatest(condition, builder, anchorIndex)
  const lengthMs = durationMs(condition.for)
  return {
    ask(user, atMs, anchor) {
      const latest = latestMs(user, atMs, anchor)
      return latest !== undefined && latest <= atMs - lengthMs
    },
    nextMs(user, atMs) {
      const latest = latestMs(user, atMs, [])
      return latest === undefined || latest + lengthMs <= atMs ? Number.POSITIVE_INFINITY : latest + lengthMs
    },
    value: latestMs,
  }
}

type Latest = (user: MatcherUser, atMs: number, anchor: readonly unknown[]) => number | undefined

function compileLatest({ of }: InactiveCondition, builder: Builder, anchorIndex: AnchorIndex): Latest {
  if (namesAnchor(of.where)) {
    const log = compileLog(of, [], ever, builder, anchorIndex)
    return (user, atMs, anchor) => {
      let latest: number | undefined
      log.each(user, atMs, anchor, (rows, row) => {
        latest = rows[row] as number
        return false
      })
      return latest
    }
  }
  const slot = builder.newSlot()
  const accepts = compilePredicate(of, builder.types, anchorIndex)
  builder.onUpdate(of, (user, event) => {
    if (accepts(event, [])) writeSlot(user, slot, event.atMs)
  })
  return (user) => readSlot(user, slot) as number | undefined
}

/** The condition with the answer it gives at an instant and what it was compared with. */
export function explain(
  { condition, ask, value, parts }: ConditionNode,
  user: MatcherUser,
  atMs: number,
  anchor: readonly unknown[],
): ConditionTrace {
  const found = value?.(user, atMs, anchor)
  return {
    condition,
    holds: ask(user, atMs, anchor),
    ...(found !== undefined && { value: found }),
    ...(parts !== undefined && { parts: parts.map((part) => explain(part, user, atMs, anchor)) }),
  }
}
