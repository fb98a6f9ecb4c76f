import type { Value } from '@tripline/model'
import type { Duration } from './duration.ts'

/**
 * A place in a property bag: names joined by dots, `[]` after a name for "any element": `products[].product_id`.
 * A comparison over `[]` is true if any element fits. A dot inside a name cannot be written.
 */
export type Path = string

/** What a value is compared with: fixed, or a property of the anchor event ("the same product"). */
export type Operand = { readonly value: Value } | { readonly anchor: Path }

/**
 * A comparison. A missing value (`null` is missing; so is an `anchor` that is missing) makes every comparison false,
 * but `exists: false`. Compared as the declared type; without a declaration as the type of the value compared with.
 */
export type Comparison =
  | ({ readonly op: 'eq' | 'neq' | 'gt' | 'gte' | 'lt' | 'lte' } & Operand)
  /** `contains`: text in text, or an element of `strings`. */
  | ({ readonly op: 'contains' | 'startsWith' } & Operand)
  /** Strictly before or after a day (`2026-11-01`) or an instant. */
  | ({ readonly op: 'before' | 'after' } & Operand)
  | { readonly op: 'in'; readonly values: readonly Value[] }
  /** @default `value: true` */
  | { readonly op: 'exists'; readonly value: boolean }
  /** In `(t−d, t]`. */
  | { readonly op: 'withinLast'; readonly duration: Duration }
  /** In `(t, t+d]`. */
  | { readonly op: 'withinNext'; readonly duration: Duration }

/** A whole number compared with a count. */
export interface CountComparison {
  readonly op: 'eq' | 'neq' | 'gt' | 'gte' | 'lt' | 'lte'
  readonly value: number
}

/** Comparisons on the properties of one event (on its traits, for `identify`). */
export type Predicate =
  | ({ readonly kind: 'property'; readonly property: Path } & Comparison)
  | { readonly kind: 'and' | 'or'; readonly predicates: readonly Predicate[] }
