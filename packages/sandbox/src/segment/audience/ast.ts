export const comparators = [
  'equals',
  'differs',
  'absent',
  'exists',
  'greater_than',
  'at_least',
  'less_than',
  'at_most',
  'contains',
  'omits',
  'starts_with',
  'ends_with',
  'one_of',
  'none_of',
  'before_date',
  'after_date',
  'within_last',
  'within_next',
  'before_last',
  'after_next',
] as const
export type Comparator = (typeof comparators)[number]
export const reducers = ['count', 'sum', 'avg', 'max', 'min', 'mode', 'first', 'last', 'unique'] as const
export type Reducer = (typeof reducers)[number]
export type JsonLiteral = string | number | boolean

/** A definition of the audience query language as a tree. https://segment.com/docs/api/public-api/query-language/ */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'any' | 'all'; readonly of: Condition }
  | Comparison
export interface Comparison {
  readonly kind: 'compare'
  readonly left: Scalar
  readonly comparator: Comparator
  readonly operands: readonly Operand[]
}
export type Scalar =
  | { readonly kind: 'trait' | 'context'; readonly path: readonly string[] }
  | { readonly kind: 'property'; readonly path: readonly string[]; readonly ofParent: boolean }
  | { readonly kind: 'literal'; readonly value: JsonLiteral }
  | Reduction
export type Operand = Scalar | { readonly kind: 'duration'; readonly ms: number }
export interface Reduction {
  readonly kind: 'reduce'
  readonly event: string
  readonly filters: readonly Filter[]
  readonly reducer: Reducer
  readonly property: readonly string[] | undefined
  readonly as: 'number' | 'string' | 'array' | undefined
  readonly minFrequency: number
  /** `unique(…).count()` */
  readonly counted: boolean
}
export type Filter =
  | { readonly kind: 'where'; readonly condition: Condition }
  | { readonly kind: 'within'; readonly ofParent: boolean; readonly ms: number }
  | { readonly kind: 'between'; readonly ofParent: boolean; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: 'sources'; readonly exclude: readonly string[] }
