import type { Comparison, Predicate } from '../definition/comparison.ts'
import type { EventMatch } from '../definition/event-match.ts'
import { compileComparison, type AnchorIndex, type Fits } from './compare.ts'
import type { Bag, MatcherEvent } from './event.ts'
import { compilePath, compileValues } from './path.ts'

/** Whether the properties fit; `anchor` holds the values of the anchor event. */
export type Accepts = (properties: Bag, anchor: readonly unknown[]) => boolean

const everything: Accepts = () => true

/** `withinLast` and `withinNext` on event properties are refused: the page of semantics does not say as of which instant. */
export function compilePredicate(predicate: Predicate | undefined, anchorIndex: AnchorIndex): Accepts {
  if (predicate === undefined) return everything
  if (predicate.kind !== 'property') {
    const parts = predicate.predicates.map((part) => compilePredicate(part, anchorIndex))
    return predicate.kind === 'and'
      ? (properties, anchor) => parts.every((part) => part(properties, anchor))
      : (properties, anchor) => parts.some((part) => part(properties, anchor))
  }
  if (predicate.op === 'withinLast' || predicate.op === 'withinNext') {
    throw new RangeError(`"${predicate.op}" on an event property is not supported`)
  }
  const fits = compileComparison(predicate, anchorIndex)
  const read = atPath(predicate.property, predicate, fits)
  return (properties, anchor) => read(properties, anchor, 0)
}

/** The comparison asked at a path; over `[]` it is true if any element fits. */
export function atPath(
  path: string,
  comparison: Comparison,
  fits: Fits,
): (bag: Bag, anchor: readonly unknown[], atMs: number) => boolean {
  if (!path.includes('[]')) {
    const read = compilePath(path)
    return (bag, anchor, atMs) => fits(read(bag), anchor, atMs)
  }
  const read = compileValues(path)
  if (comparison.op === 'exists') return (bag) => read(bag).length > 0 === comparison.value
  return (bag, anchor, atMs) => read(bag).some((value) => fits(value, anchor, atMs))
}

/** Type and name alone. */
export function isOf(match: EventMatch, event: MatcherEvent): boolean {
  if (match.type === 'any') {
    return event.source === undefined && event.type !== 'group' && event.type !== 'alias'
  }
  if (match.type !== event.type) return false
  return !('name' in match) || match.name === undefined || match.name === event.name
}
