import type { Comparison } from '../definition/comparison.ts'
import type { TotalCondition } from '../definition/condition.ts'
import { durationMs } from '../definition/duration.ts'
import type { Builder } from './builder.ts'
import { canonical, compileComparison, type AnchorIndex } from './compare.ts'
import type { Ask } from './condition.ts'
import { add, compareDecimal, toDecimal, zero, type Decimal } from './decimal.ts'
import { compileLog, namesAnchor } from './log.ts'
import { compilePath } from './path.ts'
import { compilePredicate } from './predicate.ts'

/** What has been seen of an aggregate; `sum` and `count` for sums and averages, `value` for one value, `seen` for distinct. */
export interface Tally {
  count: number
  sum: Decimal
  value: unknown
  readonly seen: Set<string> | undefined
}

/** Over ever and without anchor: a running tally (`distinct`: one entry per value). Else a log, added up when asked. */
export function compileTotal(condition: TotalCondition, builder: Builder, anchorIndex: AnchorIndex): Ask {
  const { event, property, aggregate, within } = condition
  const test = compileTallyTest(condition, anchorIndex)
  const start = (): Tally => ({
    count: 0,
    sum: zero,
    value: null,
    seen: aggregate === 'distinct' ? new Set() : undefined,
  })
  if (within !== undefined || namesAnchor(event.where)) {
    const withinMs = within === undefined ? Number.POSITIVE_INFINITY : durationMs(within)
    const log = compileLog(event, [property], withinMs, builder, anchorIndex)
    return (user, atMs, anchor) => {
      const tally = start()
      for (const index of log.select(user, atMs, anchor)) count(tally, aggregate, log.valueOf(user, index, 0))
      return tally.count > 0 && test(tally, anchor, atMs)
    }
  }
  const slot = builder.newSlot()
  const accepts = compilePredicate(event.where, anchorIndex)
  const read = compilePath(property)
  builder.onUpdate(event, (user, { properties }) => {
    if (!accepts(properties, [])) return
    let tally = user.slots.get(slot) as Tally | undefined
    if (tally === undefined) {
      tally = start()
      user.slots.set(slot, tally)
    }
    count(tally, aggregate, read(properties))
  })
  return (user, atMs, anchor) => {
    const tally = user.slots.get(slot) as Tally | undefined
    return tally !== undefined && tally.count > 0 && test(tally, anchor, atMs)
  }
}

function count(tally: Tally, aggregate: TotalCondition['aggregate'], value: unknown): void {
  if (value === null || value === undefined) return
  const anyValue = aggregate === 'distinct' || aggregate === 'first' || aggregate === 'latest'
  if (!anyValue && typeof value !== 'number') return
  tally.count++
  if (aggregate === 'distinct') tally.seen?.add(canonical(value))
  else if (aggregate === 'sum' || aggregate === 'average')
    tally.sum = add(tally.sum, toDecimal(value as number))
  else if (aggregate === 'latest' || tally.count === 1) tally.value = value
  else if (aggregate === 'min') tally.value = Math.min(tally.value as number, value as number)
  else if (aggregate === 'max') tally.value = Math.max(tally.value as number, value as number)
}

type TallyTest = (tally: Tally, anchor: readonly unknown[], atMs: number) => boolean

const signs: Readonly<Record<string, (sign: number) => boolean>> = {
  eq: (sign) => sign === 0,
  neq: (sign) => sign !== 0,
  gt: (sign) => sign > 0,
  gte: (sign) => sign >= 0,
  lt: (sign) => sign < 0,
  lte: (sign) => sign <= 0,
}

function compileTallyTest(condition: TotalCondition, anchorIndex: AnchorIndex): TallyTest {
  const { aggregate } = condition
  if (aggregate === 'sum' || aggregate === 'average') return compileSumTest(condition, aggregate, anchorIndex)
  const fits = compileComparison(condition, anchorIndex)
  if (aggregate === 'distinct') return (tally, anchor, atMs) => fits(tally.seen?.size ?? 0, anchor, atMs)
  return (tally, anchor, atMs) => fits(tally.value, anchor, atMs)
}

/** An average is compared as sum against value × count, so nothing is rounded. */
function compileSumTest(
  comparison: Comparison,
  aggregate: 'sum' | 'average',
  anchorIndex: AnchorIndex,
): TallyTest {
  const signOf = (tally: Tally, value: unknown): number =>
    typeof value === 'number'
      ? compareDecimal(tally.sum, value, aggregate === 'average' ? tally.count : 1)
      : Number.NaN
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
