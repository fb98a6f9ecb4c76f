import type { TriggerDefinition } from '../definition/definition.ts'
import type { Duration } from '../definition/duration.ts'
import type { ConditionInput, TriggerInput } from '../definition/input.ts'
import { normalise, normaliseSegment } from '../definition/normalise.ts'
import type { SegmentDefinition } from '../definition/segment.ts'
import type { EventChoice } from './events.ts'
import type { OccasionChoice } from './occasions.ts'
import type { StepInput } from './steps.ts'

/** An event that ends a journey. @example ending(ordered, { within: '7d' }) */
export interface EndingChoice {
  readonly event: EventChoice<never>['match']
  readonly within?: Duration
}
export function ending(
  { match }: EventChoice<never>,
  options: { readonly within?: Duration } = {},
): EndingChoice {
  return { event: match, ...options }
}

type Carried = 'enabled' | 'purpose' | 'priority' | 'transactional' | 'quietHours' | 'migrate'
export type TriggerOptions = Pick<TriggerInput, Carried> & {
  readonly when: OccasionChoice<never>
  readonly who?: ConditionInput
  readonly limits?: {
    readonly reentry?: 'single' | 'parallel'
    readonly cooldown?: Duration
    /** Pairs of a count and a length of time. */
    readonly atMost?: readonly (readonly [count: number, per: Duration])[]
  }
  /** The share that is held out, or also the experiment that decides. */
  readonly holdout?: number | { readonly share: number; readonly experiment: string }
  readonly goals?: readonly EndingChoice[]
  readonly exits?: readonly EndingChoice[]
  readonly journey?: readonly StepInput[]
}

/**
 * Builds the JSON of a trigger, in its normal form. Throws `TriplineError` with all mistakes.
 * @example
 * trigger('abandoned-cart', {
 *   when: on(added).without(ordered, { for: '1h' }),
 *   who: all(plan.trait('lifetimeValue', above(100)), not(inSegment('staff'))),
 *   limits: { atMost: [[1, '7d']] },
 *   holdout: 0.1,
 *   goals: [ending(ordered, { within: '7d' })],
 *   journey: [send('email', { braze: { kind: 'canvas', id: 'c1' } })],
 * })
 */
export function trigger(id: string, options: TriggerOptions): TriggerDefinition {
  const { when, limits = {}, holdout, ...rest } = options
  const { atMost, ...entry } = limits
  return normalise({
    specVersion: 1,
    id,
    when: when.occasion,
    ...rest,
    ...entry,
    ...(atMost && { atMost: atMost.map(([count, per]) => ({ count, per })) }),
    ...(holdout !== undefined && { holdout: typeof holdout === 'number' ? { share: holdout } : holdout }),
  })
}

/** Builds the JSON of a dynamic segment, in its normal form. */
export function segment(id: string, condition: ConditionInput): SegmentDefinition {
  return normaliseSegment({ specVersion: 1, kind: 'dynamic', id, condition })
}
