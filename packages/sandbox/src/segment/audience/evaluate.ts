import type { Profile, ProfileEvent } from '../store-types.ts'
import type { Condition, Filter, Reduction, Scalar } from './ast.ts'
import { compare, type ComparisonTime } from './compare.ts'
import { reduceEvents, valueAt } from './reduce.ts'

export interface Evaluation extends ComparisonTime {
  readonly profile: Profile
  /** User profiles linked to an account, for ANY and ALL. */
  readonly members: () => readonly Profile[]
  /** Events before this are not looked at. */
  readonly earliestMs: number
}
interface Scope extends Evaluation {
  readonly event?: ProfileEvent
  readonly parent?: ProfileEvent
}

/** Whether a profile satisfies an audience definition at `nowMs`. */
export function matches(condition: Condition, evaluation: Evaluation): boolean {
  return holds(condition, evaluation)
}

function holds(condition: Condition, scope: Scope): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => holds(part, scope))
    case 'or':
      return condition.parts.some((part) => holds(part, scope))
    case 'not':
      return !holds(condition.of, scope)
    case 'any':
      return scope.members().some((profile) => holds(condition.of, { ...scope, profile }))
    case 'all': {
      // an account without members matches no ALL: assumed, the documents do not say
      const members = scope.members()
      return members.length > 0 && members.every((profile) => holds(condition.of, { ...scope, profile }))
    }
    case 'compare': {
      const duration = condition.operands.find((operand) => operand.kind === 'duration')
      const operands = condition.operands.map((operand) =>
        operand.kind === 'duration' ? undefined : read(operand, scope),
      )
      return compare(condition.comparator, read(condition.left, scope), operands, duration?.ms ?? 0, scope)
    }
  }
}

function read(scalar: Scalar, scope: Scope): unknown {
  switch (scalar.kind) {
    case 'literal':
      return scalar.value
    case 'trait':
      return valueAt(scope.profile.traits.get(scalar.path[0] ?? '')?.value, scalar.path.slice(1))
    case 'property':
      return valueAt((scalar.ofParent ? scope.parent : scope.event)?.properties, scalar.path)
    case 'context':
      return valueAt(scope.event?.message.context, scalar.path)
    case 'reduce':
      return reduceEvents(scalar, select(scalar, scope))
  }
}

function select(reduction: Reduction, scope: Scope): readonly ProfileEvent[] {
  const parent = scope.event
  const events = scope.profile.eventsByName.get(reduction.event) ?? []
  return events.filter(
    (event) =>
      event.atMs >= scope.earliestMs &&
      reduction.filters.every((filter) => passes(filter, event, parent, scope)),
  )
}

function passes(
  filter: Filter,
  event: ProfileEvent,
  parent: ProfileEvent | undefined,
  scope: Scope,
): boolean {
  switch (filter.kind) {
    case 'where':
      return holds(filter.condition, { ...scope, event, ...(parent && { parent }) })
    case 'sources':
      return !filter.exclude.includes(event.message.sourceId)
    case 'within': {
      if (!filter.ofParent) return event.atMs <= scope.nowMs && event.atMs >= scope.nowMs - filter.ms
      return parent !== undefined && event.atMs > parent.atMs && event.atMs <= parent.atMs + filter.ms
    }
    case 'between': {
      if (!filter.ofParent)
        return event.atMs <= scope.nowMs - filter.fromMs && event.atMs >= scope.nowMs - filter.toMs
      return (
        parent !== undefined &&
        event.atMs >= parent.atMs + filter.fromMs &&
        event.atMs <= parent.atMs + filter.toMs
      )
    }
  }
}
