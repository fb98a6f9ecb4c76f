import type { FieldType } from '@tripline/model'

/** The declared types of properties by path. */
export type PropertyTypes = { readonly [path: string]: FieldType }

/** What is declared about one `track` event. */
export interface PlannedEvent {
  readonly properties: PropertyTypes
  /** Declared paths, or names of what holds them (`products` of `products[].product_id`). @default [] */
  readonly required: readonly string[]
  /**
   * Whether the user did it, or it happened to them (renewed, charged, delivered). The meaning of definitions is the
   * same: `any` is both. The checks warn where what merely happens ends an inactivity. @default 'active'
   */
  readonly class: 'active' | 'passive'
}

/**
 * How names are written. `Title Case`: words with a capital or a digit first, short words such as `to` small. A pattern
 * is a regular expression over the whole name.
 */
export type NamingRule = 'Title Case' | 'snake_case' | 'camelCase' | { readonly pattern: string }

/** Rules for names; of paths each name counts. Where one is absent, every name is right. */
export interface Naming {
  readonly events?: NamingRule
  readonly properties?: NamingRule
  readonly traits?: NamingRule
}

/** The events and traits that exist, and their types. What is declared here is what comparisons go by. */
export interface TrackingPlan {
  readonly specVersion: 1
  /** `track` events by name. @default {} */
  readonly events: { readonly [name: string]: PlannedEvent }
  /** Traits by name. @default {} */
  readonly traits: PropertyTypes
  /** Traits that every `identify` must carry, as `PlannedEvent.required`. @default [] */
  readonly requiredTraits: readonly string[]
  readonly naming?: Naming
}

/** An event as written: with nothing but types these alone, `{ price: 'number' }`. */
export type PlannedEventInput =
  | PropertyTypes
  | {
      readonly properties: PropertyTypes
      readonly required?: readonly string[]
      readonly class?: 'active' | 'passive'
    }

/** A plan as written: what has a default may be left out. */
export interface PlanInput {
  readonly specVersion: 1
  readonly events?: { readonly [name: string]: PlannedEventInput }
  readonly traits?: PropertyTypes
  readonly requiredTraits?: readonly string[]
  readonly naming?: Naming
}
