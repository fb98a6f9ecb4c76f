import type { Values } from '../value.ts'
import type { CommerceEvent, commerceEvents, CommerceType } from './commerce-events.ts'

type HeldBy<Type extends CommerceType> = Type extends 'string'
  ? string
  : Type extends 'number'
    ? number
    : Type extends { readonly each: infer Row extends { readonly [property: string]: CommerceType } }
      ? readonly (RowProperties<Row> & Values)[]
      : never

type RowProperties<Row extends { readonly [property: string]: CommerceType }> = {
  readonly [Property in keyof Row]?: HeldBy<Row[Property]> | null
}

/**
 * The properties of each e-commerce event by its name, derived from `commerceEvents`. All are optional and may be `null`;
 * further properties are allowed.
 * @example const order: CommerceEventMap['Order Completed'] = { order_id: 'o1', total: 27.5, currency: 'EUR' }
 */
export type CommerceEventMap = {
  readonly [Event in CommerceEvent]: RowProperties<(typeof commerceEvents)[Event]> & Values
}
