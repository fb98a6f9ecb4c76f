import type { FieldType, Value } from '@tripline/model'
import type { Comparison, Operand, Path } from '../definition/comparison.ts'
import type { Duration } from '../definition/duration.ts'

/** A comparison that suits values of these declared types, and no other. */
export interface Check<Types extends FieldType> {
  readonly comparison: Comparison
  /** Never there: it makes the compiler refuse a check on a value of another type. */
  readonly suits?: (type: Types) => void
}

/** A property of the anchor event, in a comparison ("the same product") or as data of a step. */
export interface Anchor<Type extends FieldType = FieldType> {
  readonly anchor: Path
  /** Never there: it makes the compiler refuse a property of another type. */
  readonly suits?: (type: Type) => void
}
/**
 * Any path; it suits every type. `plan.event(name).anchor(path)` is typed.
 * @example did(viewed.where({ product_id: is(anchor('product_id')) }))
 */
export function anchor(path: Path): Anchor {
  return { anchor: path }
}

type Numeric = 'number' | 'integer'
type Moment = 'date' | 'instant'
/** The types that values of a type may be compared with. */
export type Alike<Type extends FieldType> = Type extends Numeric ? Numeric : Type
/** A property of the anchor of any of these types, or of a type that is compared with them. */
export type AnchorOf<Type extends FieldType> = Type extends FieldType ? Anchor<Type> : never
type TypesOf<Given> =
  Given extends Anchor<infer Type>
    ? Alike<Type>
    : Given extends number
      ? Numeric
      : Given extends string
        ? 'string' | Moment
        : Given extends boolean
          ? 'boolean'
          : Given extends readonly unknown[]
            ? 'strings'
            : 'money' | 'object'

function operand(given: Value | Anchor<never>): Operand {
  return typeof given === 'object' && given !== null && 'anchor' in given && typeof given.anchor === 'string'
    ? { anchor: given.anchor }
    : { value: given as Value }
}

export function is<Given extends Value | Anchor<never>>(given: Given): Check<TypesOf<Given>> {
  return { comparison: { op: 'eq', ...operand(given) } }
}
/** False for a missing value, too. */
export function isNot<Given extends Value | Anchor<never>>(given: Given): Check<TypesOf<Given>> {
  return { comparison: { op: 'neq', ...operand(given) } }
}
export function above(given: number | AnchorOf<Numeric>): Check<Numeric> {
  return { comparison: { op: 'gt', ...operand(given) } }
}
export function atLeast(given: number | AnchorOf<Numeric>): Check<Numeric> {
  return { comparison: { op: 'gte', ...operand(given) } }
}
export function below(given: number | AnchorOf<Numeric>): Check<Numeric> {
  return { comparison: { op: 'lt', ...operand(given) } }
}
export function atMost(given: number | AnchorOf<Numeric>): Check<Numeric> {
  return { comparison: { op: 'lte', ...operand(given) } }
}
export function oneOf<const Given extends string | number>(
  ...values: readonly [Given, ...Given[]]
): Check<TypesOf<Given>> {
  return { comparison: { op: 'in', values } }
}
/** Text in text, or a text among texts. */
export function contains(given: string | Anchor<'string'>): Check<'string' | 'strings'> {
  return { comparison: { op: 'contains', ...operand(given) } }
}
export function startsWith(given: string | Anchor<'string'>): Check<'string'> {
  return { comparison: { op: 'startsWith', ...operand(given) } }
}
export function exists(): Check<FieldType> {
  return { comparison: { op: 'exists', value: true } }
}
export function isMissing(): Check<FieldType> {
  return { comparison: { op: 'exists', value: false } }
}
/** Strictly. */
export function before(given: string | AnchorOf<Moment>): Check<Moment> {
  return { comparison: { op: 'before', ...operand(given) } }
}
/** Strictly. */
export function after(given: string | AnchorOf<Moment>): Check<Moment> {
  return { comparison: { op: 'after', ...operand(given) } }
}
/** In `(t−d, t]`. */
export function withinLast(duration: Duration): Check<Moment> {
  return { comparison: { op: 'withinLast', duration } }
}
/** In `(t, t+d]`. */
export function withinNext(duration: Duration): Check<Moment> {
  return { comparison: { op: 'withinNext', duration } }
}
