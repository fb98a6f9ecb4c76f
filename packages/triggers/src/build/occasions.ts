import type { Value } from '@tripline/model'
import type { Duration } from '../definition/duration.ts'
import type { ConditionInput, OccasionInput } from '../definition/input.ts'
import type { PropertyTypes } from '../definition/plan.ts'
import type { EventChoice } from './events.ts'

/** An occasion that can be narrowed. `Name`: the properties by which it can be correlated. */
export interface OccasionChoice<Name extends string = string> {
  readonly occasion: OccasionInput
  /** `for` after this, if none of these events comes. @default `anchor: 'last'` */
  without(
    event: EventChoice<never>,
    options: { readonly for: Duration; readonly anchor?: 'last' | 'every' | 'first' },
  ): OccasionChoice<Name>
  /** Where the condition holds at the instant of this. */
  given(condition: ConditionInput): OccasionChoice<Name>
  /** Keeps the state of this and of what is inside per value of the property. */
  by(property: Name): OccasionChoice<Name>
}
export interface OnChoice<Name extends string> extends OccasionChoice<Name> {
  /** At the n-th in its own trailing window. */
  times(count: number, options: { readonly within: Duration }): OccasionChoice<Name>
}

function choose<Name extends string>(occasion: OccasionInput): OccasionChoice<Name> {
  return {
    occasion,
    without: ({ match }, options) => choose({ kind: 'without', base: occasion, event: match, ...options }),
    given: (condition) => choose({ kind: 'given', base: occasion, condition }),
    by: (property) => choose({ ...occasion, by: property } as OccasionInput),
  }
}

type Names<Properties extends PropertyTypes> = keyof Properties & string

/** At each of these events. */
export function on<Properties extends PropertyTypes>({
  match,
}: EventChoice<Properties>): OnChoice<Names<Properties>> {
  return {
    ...choose<Names<Properties>>({ kind: 'on', event: match }),
    times: (count, options) => choose({ kind: 'times', event: match, count, ...options }),
  }
}

/** At an event that ends such a chain. A step is an event, or an event with the longest `gap` since the step before. */
export function sequence<Properties extends PropertyTypes>(
  steps: readonly (
    | EventChoice<Properties>
    | { readonly event: EventChoice<Properties>; readonly gap: Duration }
  )[],
  options: { readonly within: Duration; readonly reuse?: boolean },
): OccasionChoice<Names<Properties>> {
  const written = steps.map((step) =>
    'event' in step ? { event: step.event.match, gap: step.gap } : { event: step.match },
  )
  return choose({ kind: 'sequence', steps: written, ...options })
}

/** Once per pause of this length. `of`: @default any event */
export function inactive<Properties extends PropertyTypes>(
  duration: Duration,
  of?: EventChoice<Properties>,
): OccasionChoice<Names<Properties>> {
  return choose({ kind: 'inactive', for: duration, ...(of && { of: of.match }) })
}
export function enters(segment: string): OccasionChoice<never> {
  return choose({ kind: 'enters', segment })
}
export function leaves(segment: string): OccasionChoice<never> {
  return choose({ kind: 'leaves', segment })
}
/** `null` in `from` and `to` is "missing". */
export function changes(
  trait: string,
  options: { readonly from?: Value; readonly to?: Value } = {},
): OccasionChoice<never> {
  return choose({ kind: 'changes', trait, ...options })
}
/** `time`: local, `HH:MM`. `offsetDays`: @default 0. `repeat`: @default 'never' */
export interface AtOptions {
  readonly time: string
  readonly offsetDays?: number
  readonly repeat?: 'never' | 'yearly'
}
/** At a local time of the day that a date trait names. */
export function at(trait: string, options: AtOptions): OccasionChoice<never> {
  return choose({ kind: 'at', trait, ...options })
}
/** @example schedule('0 9 * * 1', { zone: 'Europe/Berlin', segment: 'trial' }) */
export function schedule(
  cron: string,
  options: { readonly zone: string; readonly segment: string; readonly catchUp?: Duration },
): OccasionChoice<never> {
  return choose({ kind: 'schedule', cron, ...options })
}
