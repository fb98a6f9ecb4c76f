import type { Predicate } from '../definition/comparison.ts'
import type { EventMatch } from '../definition/event-match.ts'
import { compileComparison, type AnchorIndex } from './compare.ts'
import type { Builder } from './builder.ts'
import { atPath, compilePredicate } from './predicate.ts'
import type { Bag } from './event.ts'
import { compilePath } from './path.ts'
import type { Log, MatcherUser } from './user.ts'

/** A log of the matching events in a window, with the values that are asked of them later. */
export interface CompiledLog {
  /** Indexes of the events in `(atMs − window, atMs]` that fit the anchor, ascending. */
  select(user: MatcherUser, atMs: number, anchor: readonly unknown[]): number[]
  timeOf(user: MatcherUser, index: number): number
  /** The value at the n-th of the paths. */
  valueOf(user: MatcherUser, index: number, nth: number): unknown
}

/** True when a predicate compares with the anchor event. */
export function namesAnchor(predicate: Predicate | undefined): boolean {
  if (predicate === undefined) return false
  if (predicate.kind !== 'property') return predicate.predicates.some(namesAnchor)
  return 'anchor' in predicate
}

/**
 * Keeps, per matching event in the window, its time, its values at `paths` and at the properties that are compared with
 * the anchor event. Parts of a conjunction that name no anchor are asked when the event comes, the rest later.
 */
export function compileLog(
  match: EventMatch,
  paths: readonly string[],
  withinMs: number,
  builder: Builder,
  anchorIndex: AnchorIndex,
): CompiledLog {
  const slot = builder.newSlot()
  const { now, later } = divide(match.where)
  const acceptsNow = now.map((part) => compilePredicate(part, anchorIndex))
  const kept = [...paths]
  const asksLater = later.map((part) => compileLater(part, kept, anchorIndex))
  const reads = kept.map((path, index) => (index < paths.length ? compilePath(path) : compileHolder(path)))
  const width = kept.length
  const read = (user: MatcherUser) => user.slots.get(slot) as Log | undefined

  builder.onUpdate(match, (user, { properties, atMs }) => {
    if (!acceptsNow.every((accepts) => accepts(properties, []))) return
    const log = read(user)
    if (log === undefined) {
      user.slots.set(slot, { at: [atMs], values: reads.map((readValue) => readValue(properties)) })
      return
    }
    prune(log, atMs - withinMs, width)
    log.at.push(atMs)
    for (const readValue of reads) log.values.push(readValue(properties))
  })
  return {
    select(user, atMs, anchor) {
      const found: number[] = []
      const log = read(user)
      if (log === undefined) return found
      for (
        let index = log.at.length - 1;
        index >= 0 && (log.at[index] as number) > atMs - withinMs;
        index--
      ) {
        if (asksLater.every((ask) => ask(log.values, index * width, anchor))) found.push(index)
      }
      return found.toReversed()
    },
    timeOf: (user, index) => read(user)?.at[index] ?? Number.NaN,
    valueOf: (user, index, nth) => read(user)?.values[index * width + nth],
  }
}

type AskLater = (values: readonly unknown[], from: number, anchor: readonly unknown[]) => boolean

/** Compiles a predicate so that it reads the kept values instead of the event; adds the paths it needs to `kept`. */
function compileLater(predicate: Predicate, kept: string[], anchorIndex: AnchorIndex): AskLater {
  if (predicate.kind !== 'property') {
    const parts = predicate.predicates.map((part) => compileLater(part, kept, anchorIndex))
    return predicate.kind === 'and'
      ? (values, from, anchor) => parts.every((part) => part(values, from, anchor))
      : (values, from, anchor) => parts.some((part) => part(values, from, anchor))
  }
  const fits = compileComparison(predicate, anchorIndex)
  const offset = kept.push(predicate.property) - 1
  if (!predicate.property.includes('[]')) {
    return (values, from, anchor) => fits(values[from + offset], anchor, 0)
  }
  // The whole of the first name is kept, and the path is followed when it is asked.
  const ask = atPath(predicate.property, predicate, fits)
  const name = firstName(predicate.property)
  return (values, from, anchor) => ask({ [name]: values[from + offset] }, anchor, 0)
}

function firstName(path: string): string {
  return path.split(/\.|\[/)[0] ?? ''
}

function compileHolder(path: string): (bag: Bag) => unknown {
  return compilePath(path.includes('[]') ? firstName(path) : path)
}

function divide(where: Predicate | undefined): { readonly now: Predicate[]; readonly later: Predicate[] } {
  const parts = where === undefined ? [] : where.kind === 'and' ? [...where.predicates] : [where]
  return { now: parts.filter((part) => !namesAnchor(part)), later: parts.filter(namesAnchor) }
}

/** Drops what left the window, once it is half of the log: amortised, at most twice the window is kept. */
function prune(log: Log, untilMs: number, width: number): void {
  const middle = log.at[log.at.length >> 1]
  if (middle === undefined || middle > untilMs) return
  let old = 0
  while (old < log.at.length && (log.at[old] as number) <= untilMs) old++
  log.at.splice(0, old)
  log.values.splice(0, old * width)
}
