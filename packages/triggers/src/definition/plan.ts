import type { FieldType } from '@tripline/model'

/** The declared types of properties by path. */
export type PropertyTypes = { readonly [path: string]: FieldType }

/** The events and traits that exist, and their types. What is declared here is what comparisons go by. */
export interface TrackingPlan {
  readonly specVersion: 1
  /** `track` events by name. @default {} */
  readonly events: { readonly [name: string]: PropertyTypes }
  /** Traits by name. @default {} */
  readonly traits: PropertyTypes
}
