import type { TraitCondition } from '../definition/condition.ts'
import type { PropertyTypes, TrackingPlan } from '../definition/plan.ts'
import type { Check } from './checks.ts'
import { chooseEvent, type EventChoice } from './events.ts'

interface Declared {
  readonly events: { readonly [name: string]: PropertyTypes }
  readonly traits: PropertyTypes
}

/** A tracking plan against which definitions are typed: what it does not declare does not compile. */
export interface Plan<Given extends Declared> {
  /** For `Definitions.plan`. */
  readonly definition: TrackingPlan
  event<Name extends keyof Given['events'] & string>(name: Name): EventChoice<Given['events'][Name]>
  trait<Name extends keyof Given['traits'] & string>(
    name: Name,
    check: Check<Given['traits'][Name]>,
  ): TraitCondition
}

/**
 * Declares the events with the types of their properties (by path) and the traits.
 * @example
 * const plan = definePlan({
 *   events: { 'Product Added': { product_id: 'string', price: 'number' } },
 *   traits: { lifetimeValue: 'number' },
 * })
 * const added = plan.event('Product Added').where({ price: above(100) })
 */
export function definePlan<const Given extends Declared>(given: Given): Plan<Given> {
  return {
    definition: { specVersion: 1, events: given.events, traits: given.traits },
    event: (name) => chooseEvent({ type: 'track', name }),
    trait: (trait, { comparison }) => ({ kind: 'trait', trait, ...comparison }),
  }
}
