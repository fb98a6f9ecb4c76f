import type { FieldType } from '@tripline/model'
import type { TraitCondition } from '../definition/condition.ts'
import { normalisePlan } from '../definition/normalise.ts'
import type { Data } from '../definition/journey.ts'
import type { Naming, PlannedEventInput, PropertyTypes, TrackingPlan } from '../definition/plan.ts'
import type { Envelope, IdentifyMessage, TrackMessage } from '../plan/message.ts'
import type { Held, ValuesOf } from '../plan/values.ts'
import type { Alike, AnchorOf } from './checks.ts'
import { chooseEvent, type Accepted, type EventChoice } from './events.ts'
import { at, changes, type AtOptions, type OccasionChoice } from './occasions.ts'
import { emit, setTrait, type StepInput } from './steps.ts'

type PlannedEvents = { readonly [name: string]: PlannedEventInput }
interface Declared {
  readonly events?: PlannedEvents
  readonly traits?: PropertyTypes
  readonly requiredTraits?: readonly string[]
  readonly naming?: Naming
}
/** What is not declared at all is free: any event, any trait. */
type EventsOf<Given> = Given extends { readonly events: infer Events extends PlannedEvents }
  ? Events
  : PlannedEvents
type TraitsOf<Given> = Given extends { readonly traits: infer Traits extends PropertyTypes }
  ? Traits
  : PropertyTypes
type Typed<Event> = Event extends { readonly properties: infer Types extends PropertyTypes }
  ? Types
  : Event extends PropertyTypes
    ? Event
    : never
type Required<Event> = Event extends { readonly required: readonly (infer Name extends string)[] }
  ? Name
  : never
type EventName<Given extends Declared> = keyof EventsOf<Given> & string
type TraitName<Given extends Declared> = keyof TraitsOf<Given> & string
type RequiredTrait<Given extends Declared> = Given extends {
  readonly requiredTraits: readonly (infer Name extends string)[]
}
  ? Name
  : never
type NamesOfType<Types, Wanted> = {
  [Name in keyof Types]: [Extract<Types[Name], Wanted>] extends [never] ? never : Name
}[keyof Types] &
  string
type SourceOf<Type extends FieldType> =
  | AnchorOf<Alike<Type>>
  | { readonly trait: string }
  | { readonly value: Held<Type> | null }
type DataOf<Types extends PropertyTypes> = { readonly [Path in keyof Types]?: SourceOf<Types[Path]> }

/** A tracking plan against which definitions are typed: what it does not declare does not compile. */
export interface Plan<Given extends Declared = Declared> {
  /** For `Definitions.plan`. */
  readonly definition: TrackingPlan
  event<Name extends EventName<Given>>(name: Name): EventChoice<Typed<EventsOf<Given>[Name]>>
  trait<Name extends TraitName<Given>>(name: Name, check: Accepted<TraitsOf<Given>[Name]>): TraitCondition
  /** As `changes`, with values of the trait's type. `null` in `from` and `to` is "missing". */
  changes<Name extends TraitName<Given>>(
    name: Name,
    options?: {
      readonly from?: Held<TraitsOf<Given>[Name]> | null
      readonly to?: Held<TraitsOf<Given>[Name]> | null
    },
  ): OccasionChoice<never>
  /** As `at`, for traits that are days or moments. */
  at(name: NamesOfType<TraitsOf<Given>, 'date' | 'instant'>, options: AtOptions): OccasionChoice<never>
  /** As `setTrait`. @example plan.setTrait('vip', { value: true }) */
  setTrait<Name extends TraitName<Given>>(name: Name, value: SourceOf<TraitsOf<Given>[Name]>): StepInput
  /** As `emit`. @example plan.emit('Reminder Due', { product_id: added.anchor('product_id') }) */
  emit<Name extends EventName<Given>>(
    name: Name,
    properties?: DataOf<Typed<EventsOf<Given>[Name]>>,
  ): StepInput
  /**
   * An event as a message of the Segment Spec; what the plan requires must be there, what it does not declare must not.
   * Without `envelope` it is a `CanonicalEvent`.
   * @example plan.track('Product Added', { product_id: 'p1', price: 20 }, { userId: 'u1' })
   */
  track<Name extends EventName<Given>>(
    name: Name,
    properties: ValuesOf<Typed<EventsOf<Given>[Name]>, Required<EventsOf<Given>[Name]>>,
    envelope?: Envelope,
  ): TrackMessage
  /** Traits as a message of the Segment Spec. @example plan.identify({ plan: 'pro' }, { userId: 'u1' }) */
  identify(traits: ValuesOf<TraitsOf<Given>, RequiredTrait<Given>>, envelope?: Envelope): IdentifyMessage
}

/**
 * Declares the events with the types of their properties (by path) and the traits. An event with nothing but types is
 * written as these alone; `required` and `class` need the whole form. Throws `TriplineError` with all mistakes that the
 * types cannot see: what is required must be declared, paths must be paths.
 * @example
 * const plan = definePlan({
 *   events: {
 *     'Product Viewed': { product_id: 'string' },
 *     'Product Added': { properties: { product_id: 'string', price: 'number' }, required: ['product_id'] },
 *   },
 *   traits: { lifetimeValue: 'number' },
 *   naming: { events: 'Title Case', properties: 'snake_case', traits: 'camelCase' },
 * })
 * const added = plan.event('Product Added').where({ price: above(100) })
 */
export function definePlan<const Given extends Declared>(given: Given): Plan<Given> {
  return {
    definition: normalisePlan({ specVersion: 1, ...given }),
    event: (name) => chooseEvent({ type: 'track', name }),
    trait: (trait, { comparison }) => ({ kind: 'trait', trait, ...comparison }),
    changes: (name, options) => changes(name, options),
    at,
    setTrait: (name, value) => setTrait(name, value),
    emit: (name, properties) => emit(name, properties as Data | undefined),
    track: (event, properties, envelope) => ({
      ...envelope,
      type: 'track',
      event,
      properties,
    }),
    identify: (traits, envelope) => ({ ...envelope, type: 'identify', traits }),
  }
}
