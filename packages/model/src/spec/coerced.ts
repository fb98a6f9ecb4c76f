import type { FieldType } from '../field.ts'
import type { Value } from '../value.ts'

/** A value that does not have its field's declared type. Counts as missing. Holds no value: it may be personal. */
export interface FieldFinding {
  readonly field: string
  readonly type: FieldType
  readonly message: string
}
export type Coerced =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly finding: FieldFinding }

/** How a vendor writes values. What is not declared here is not guessed. */
export interface WireForm {
  /** Unit of whole numbers in `date` and `instant` fields. @default none: such numbers are findings */
  readonly epoch?: 'seconds' | 'milliseconds'
  /** Between the texts of `strings` in one text. @default ';' (HubSpot) */
  readonly separator?: string
}
