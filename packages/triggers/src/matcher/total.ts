import type { Value } from '@tripline/model'
import type { Comparison } from '../definition/comparison.ts'
import type { TotalCondition } from '../definition/condition.ts'
import type { Builder } from './builder.ts'
import { compileComparison, type AnchorIndex } from './compare.ts'
import type { Compiled } from './condition.ts'
import { compareDecimal } from './decimal.ts'
import { typedAs } from './field-types.ts'
import { compileLog, type Keep } from './log.ts'
import { compilePath, compileValues } from './path.ts'
import { compilePredicate, forEvents, namesAnchor } from './predicate.ts'
import { Sliding, slidingCodec } from './sliding.ts'
import { countValues, newTally, tallyCodec, valueOf, type Kind, type Tallied, type Tally } from './tally.ts'
import { readSlot, writeSlot, type MatcherUser } from './user.ts'
import { ever, type Window } from './window.ts'

type Total = Omit<TotalCondition, 'within'> & Comparison
type TallyAt = (user: MatcherUser, atMs: number, anchor: readonly unknown[]) => Tallied | undefined

/**
 * Over ever and without anchor: a running tally (`distinct`: one entry per value). In a window: the same, from which is
 * taken what leaves. With anchor: a log, added up when asked.
 */
export function compileTotal(
  condition: Total,
  window: Window,
  builder: Builder,
  anchorIndex: AnchorIndex,
): Compiled {
  const test = compileTest(condition, builder, anchorIndex)
  const compile = namesAnchor(condition.event.where)
    ? compileLogged
    : window === ever
      ? compileRunning
      : compileSliding
  const { tallyAt, nextMs } = compile(condition, window, builder, anchorIndex)
  return {
    ask(user, atMs, anchor) {
      const tally = tallyAt(user, atMs, anchor)
      return tally !== undefined && tally.count > 0 && test(tally, anchor, atMs)
    },
    nextMs,
    value(user, atMs, anchor) {
      const tally = tallyAt(user, atMs, anchor)
      return tally === undefined ? undefined : valueOf(tally, condition.aggregate)
    },
  }
}

interface Tallying {
  readonly tallyAt: TallyAt
  readonly nextMs: Compiled['nextMs']
}

/** What is read of an event: the values at the property, and what kind of event it is where its type may depend on it. */
function compileKeep({ property, event, aggregate }: Total, builder: Builder) {
  const varies =
    (aggregate === 'first' || aggregate === 'latest') && builder.types.property(event, property) === 'varies'
  const several = property.includes('[]')
  tellOthers({ property, event, aggregate }, builder)
  const [readAll, readOne] = [compileValues(property), compilePath(property)]
  const keep: Keep[] = [
    ({ properties }) => (several ? readAll(properties) : readOne(properties)),
    ...(varies ? [({ type, name }: Kind): Kind => (name === undefined ? { type } : { type, name })] : []),
  ]
  /** The values of what is kept at `from`, and the kind. */
  const read = (rows: readonly unknown[], from: number): readonly [readonly Value[], Kind | undefined] => {
    const kept = rows[from] as Value
    const values = several ? (kept as readonly Value[]) : kept === null ? [] : [kept]
    return [values, varies ? (rows[from + 1] as Kind) : undefined]
  }
  return { keep, read }
}

/** Of numbers alone. */
const numeric: ReadonlySet<string> = new Set(['sum', 'average', 'min', 'max'])

/** What is no number where only numbers count is told, if a type is declared. */
function tellOthers(
  { property, event, aggregate }: Pick<Total, 'property' | 'event' | 'aggregate'>,
  builder: Builder,
): void {
  if (builder.options.finding === undefined || !numeric.has(aggregate)) return
  const { where: _, ...any } = event
  const read = compileValues(property)
  const declaredOf = forEvents(event, property, builder.types, (declared) => declared)
  builder.onUpdate(any, (__, each) => {
    const declared = declaredOf(each)
    if (declared === undefined) return
    for (const value of read(each.properties)) if (typeof value !== 'number') declared.typed(value)
  })
}

function compileRunning(condition: Total, _: Window, builder: Builder, anchorIndex: AnchorIndex): Tallying {
  const { event, aggregate } = condition
  const slot = builder.newSlot(tallyCodec)
  const accepts = compilePredicate(event, builder.types, anchorIndex)
  const { keep, read } = compileKeep(condition, builder)
  builder.onUpdate(event, (user, each) => {
    if (!accepts(each, [])) return
    const kept = keep.map((one) => one(each))
    const [values, kind] = read(kept, 0)
    if (values.length === 0) return
    let tally = readSlot(user, slot) as Tally | undefined
    if (tally === undefined) {
      tally = newTally(aggregate)
      writeSlot(user, slot, tally)
    }
    countValues(tally, aggregate, values, kind)
  })
  return {
    tallyAt: (user) => readSlot(user, slot) as Tally | undefined,
    nextMs: () => Number.POSITIVE_INFINITY,
  }
}

function compileSliding(
  condition: Total,
  window: Window,
  builder: Builder,
  anchorIndex: AnchorIndex,
): Tallying {
  const { event, aggregate } = condition
  const isNumeric = numeric.has(aggregate)
  const slot = builder.newSlot(slidingCodec(aggregate))
  const accepts = compilePredicate(event, builder.types, anchorIndex)
  const { keep, read } = compileKeep(condition, builder)
  const slidingOf = (user: MatcherUser) => readSlot(user, slot) as Sliding | undefined
  builder.onUpdate(event, (user, each) => {
    if (!accepts(each, [])) return
    const kept = keep.map((one) => one(each))
    const [all, kind] = read(kept, 0)
    const values = isNumeric ? all.filter((value) => typeof value === 'number') : all
    if (values.length === 0) return
    let sliding = slidingOf(user)
    if (sliding === undefined) {
      sliding = new Sliding(aggregate)
      writeSlot(user, slot, sliding)
    }
    sliding.leave(window.forgetMs(user, each.atMs))
    sliding.add(kind === undefined ? [each.atMs, values] : [each.atMs, values, kind])
  })
  /** As of an instant. What leaves is gone for good, but where someone only looks ahead. */
  const slidAt = (user: MatcherUser, atMs: number): Sliding | undefined => {
    const sliding = slidingOf(user)
    const outMs = window.outMs(user, atMs)
    if (sliding === undefined || outMs === Number.POSITIVE_INFINITY) return undefined
    if (builder.isAside) return sliding.asOf(outMs)
    sliding.leave(outMs)
    return sliding
  }
  return {
    tallyAt: slidAt,
    nextMs(user, atMs) {
      const oldestMs = slidAt(user, atMs)?.oldestMs
      return oldestMs === undefined ? Number.POSITIVE_INFINITY : window.leaveMs(user, oldestMs)
    },
  }
}

function compileLogged(
  condition: Total,
  window: Window,
  builder: Builder,
  anchorIndex: AnchorIndex,
): Tallying {
  const { event, aggregate } = condition
  const { keep, read } = compileKeep(condition, builder)
  const log = compileLog(event, keep, window, builder, anchorIndex)
  // The log is read from the latest back, so what is first there is the latest.
  const backwards = aggregate === 'first' ? 'latest' : aggregate === 'latest' ? 'first' : aggregate
  return {
    tallyAt(user, atMs, anchor) {
      const tally = newTally(aggregate)
      log.each(user, atMs, anchor, (rows, row) => {
        countValues(tally, backwards, ...read(rows, row + 1))
        return aggregate !== 'latest' || tally.count === 0
      })
      return tally
    },
    nextMs: log.nextMs,
  }
}

type TallyTest = (tally: Tallied, anchor: readonly unknown[], atMs: number) => boolean

const signs: Readonly<Record<string, (sign: number) => boolean>> = {
  eq: (sign) => sign === 0,
  neq: (sign) => sign !== 0,
  gt: (sign) => sign > 0,
  gte: (sign) => sign >= 0,
  lt: (sign) => sign < 0,
  lte: (sign) => sign <= 0,
}

function compileTest(condition: Total, builder: Builder, anchorIndex: AnchorIndex): TallyTest {
  const { aggregate, event, property } = condition
  if (aggregate === 'distinct') {
    const number = { type: 'number', typed: typedAs('number') } as const
    const fits = compileComparison(condition, number, anchorIndex)
    return ({ seen }, anchor, atMs) => fits(seen?.size ?? 0, anchor, atMs)
  }
  if (aggregate === 'first' || aggregate === 'latest') {
    const fits = forEvents(event, property, builder.types, (declared) =>
      compileComparison(condition, declared, anchorIndex),
    )
    const fixed = builder.types.property(event, property) === 'varies' ? undefined : fits({ type: 'track' })
    return ({ value, kind }, anchor, atMs) => {
      const one = fixed ?? fits(kind ?? { type: 'track' })
      const values = value as readonly Value[]
      const fitting = values.filter((each) => one(each, anchor, atMs)).length
      // That none exists is said of all of them.
      return condition.op === 'exists' && !condition.value ? fitting === values.length : fitting > 0
    }
  }
  return compileNumberTest(condition, anchorIndex)
}

/** An average is compared as sum against value × count, so nothing is rounded. */
function compileNumberTest(condition: Total, anchorIndex: AnchorIndex): TallyTest {
  const { aggregate, ...comparison } = condition
  const signOf = ({ sum, count, value }: Tallied, operand: unknown): number => {
    if (typeof operand !== 'number') return Number.NaN
    if (aggregate === 'min' || aggregate === 'max') return (value as number) - operand
    return compareDecimal(sum, operand, aggregate === 'average' ? count : 1)
  }
  if (comparison.op === 'exists') return () => comparison.value
  if (comparison.op === 'in') return (tally) => comparison.values.some((value) => signOf(tally, value) === 0)
  const test = signs[comparison.op]
  if (test === undefined || !('value' in comparison || 'anchor' in comparison)) return () => false
  const operand = 'value' in comparison ? comparison.value : undefined
  const index = 'anchor' in comparison ? anchorIndex(comparison.anchor) : undefined
  return (tally, anchor) => {
    const sign = signOf(tally, index === undefined ? operand : anchor[index])
    return !Number.isNaN(sign) && test(sign)
  }
}
