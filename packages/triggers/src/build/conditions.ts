import type { CountComparison } from '../definition/comparison.ts'
import type { Aggregate } from '../definition/condition.ts'
import type { Duration } from '../definition/duration.ts'
import type { ConditionInput } from '../definition/input.ts'
import type { PropertyTypes } from '../definition/plan.ts'
import type { Check } from './checks.ts'
import type { Accepted, EventChoice } from './events.ts'

type Kind<Name extends ConditionInput['kind']> = Extract<ConditionInput, { readonly kind: Name }>

export function all(...conditions: readonly [ConditionInput, ...ConditionInput[]]): ConditionInput {
  return { kind: 'and', conditions }
}
export function any(...conditions: readonly [ConditionInput, ...ConditionInput[]]): ConditionInput {
  return { kind: 'or', conditions }
}
export function not(condition: ConditionInput): ConditionInput {
  return { kind: 'not', condition }
}
export function inSegment(segment: string): ConditionInput {
  return { kind: 'inSegment', segment }
}

/** Any trait. `plan.trait` is typed. */
export function trait(name: string, { comparison }: Check<never>): ConditionInput {
  return { kind: 'trait', trait: name, ...comparison }
}

/** `count`: @default at least 1. `within`: @default ever. */
export function did(
  { match }: EventChoice<never>,
  options: { readonly count?: Check<'integer'>; readonly within?: Duration } = {},
): Kind<'did'> {
  const { count, within } = options
  return {
    kind: 'did',
    event: match,
    ...(count && { count: count.comparison as CountComparison }),
    ...(within !== undefined && { within }),
  }
}

/** @example total(ordered, 'revenue', 'sum', atLeast(100), { within: '180d' }) */
export function total<
  Properties extends PropertyTypes,
  Name extends keyof Properties & string,
  How extends Aggregate,
>(
  { match }: EventChoice<Properties>,
  property: Name,
  aggregate: How,
  { comparison }: How extends 'first' | 'latest' ? Accepted<Properties[Name]> : Check<'number'>,
  options: { readonly within?: Duration } = {},
): Kind<'total'> {
  return { kind: 'total', event: match, property, aggregate, ...comparison, ...options }
}

/** There is an earlier event, and none for this long. `of`: @default any event */
export function quietFor(duration: Duration, of?: EventChoice<never>): ConditionInput {
  return { kind: 'inactive', for: duration, ...(of && { of: of.match }) }
}
/** A `did` or `total` over the current session. */
export function inSession(condition: Kind<'did'> | Kind<'total'>): ConditionInput {
  return { kind: 'inSession', condition }
}
