import type { Comparison, Predicate } from '../definition/comparison.ts'
import type { EventMatch } from '../definition/event-match.ts'
import type { Accepts } from './core.ts'
import { compileComparison, type AnchorIndex, type Fits } from './compare.ts'
import type { Bag, MatcherEvent } from './event.ts'
import type { FieldTypes } from './field-types.ts'
import { compilePath, compileValues } from './path.ts'

const everything: Accepts = () => true

/** Whether an event of the match's type and name fits its `where`. Its values are judged as of its own millisecond. */
export function compilePredicate(match: EventMatch, types: FieldTypes, anchorIndex: AnchorIndex): Accepts {
  const compile = (predicate: Predicate): Accepts => {
    if (predicate.kind !== 'property') {
      const parts = predicate.predicates.map(compile)
      return predicate.kind === 'and'
        ? (event, anchor) => parts.every((part) => part(event, anchor))
        : (event, anchor) => parts.some((part) => part(event, anchor))
    }
    const { property } = predicate
    const fits = forEvents(match, property, types, (declared) =>
      atPath(property, predicate, compileComparison(predicate, declared, anchorIndex)),
    )
    return (event, anchor) => fits(event)(event.properties, anchor, event.atMs)
  }
  return match.where === undefined ? everything : compile(match.where)
}

/** Compiles for the declared type of a property; for each event's own where that varies over the events of a match. */
export function forEvents<Compiled>(
  match: EventMatch,
  property: string,
  types: FieldTypes,
  compile: (declared: ReturnType<FieldTypes['propertyOf']>) => Compiled,
): (event: Pick<MatcherEvent, 'type' | 'name'>) => Compiled {
  const declared = types.property(match, property)
  if (declared !== 'varies') {
    const one = compile(declared)
    return () => one
  }
  const undeclared = compile(undefined)
  const byType = new Map<unknown, Compiled>()
  return (event) => {
    const own = types.propertyOf(event, property)
    if (own === undefined) return undeclared
    let compiled = byType.get(own)
    if (compiled === undefined) {
      compiled = compile(own)
      byType.set(own, compiled)
    }
    return compiled
  }
}

export type FitsAt = (bag: Bag, anchor: readonly unknown[], atMs: number) => boolean

/** The comparison asked at a path; over `[]` it is true if any element fits. */
export function atPath(path: string, comparison: Comparison, fits: Fits): FitsAt {
  if (!path.includes('[]')) {
    const read = compilePath(path)
    return (bag, anchor, atMs) => fits(read(bag), anchor, atMs)
  }
  const read = compileValues(path)
  if (comparison.op === 'exists') {
    // `fits` says of one value that it exists, or that it does not.
    return (bag) => read(bag).some((value) => fits(value, [], 0) === comparison.value) === comparison.value
  }
  return (bag, anchor, atMs) => read(bag).some((value) => fits(value, anchor, atMs))
}

/** True when a predicate compares with the anchor event. */
export function namesAnchor(predicate: Predicate | undefined): boolean {
  if (predicate === undefined) return false
  if (predicate.kind !== 'property') return predicate.predicates.some(namesAnchor)
  return 'anchor' in predicate
}
