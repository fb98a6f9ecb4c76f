import { trackErrors } from './errors.ts'
import { isList, isName, isObject, type Json, type JsonObject } from './json.ts'

type Kind =
  | 'text'
  | 'number'
  | 'not-negative'
  | 'integer'
  | 'currency'
  | 'products'
  | 'texts'
  | 'object'
  | 'list'
  | 'action'
type Fields = Readonly<Record<string, Kind>>
interface Schema {
  readonly required: Fields
  readonly optional: Fields
}
const order = {
  required: {
    order_id: 'text',
    total_value: 'number',
    currency: 'currency',
    products: 'products',
    source: 'text',
  },
  optional: {
    cart_id: 'text',
    total_discounts: 'number',
    discounts: 'list',
    subtotal_value: 'number',
    tax: 'number',
    shipping: 'number',
    metadata: 'object',
  },
} as const satisfies Schema

/**
 * Braze's recommended ecommerce events. The name must match exactly; the properties are then checked strictly, and an event
 * that fails is dropped although the answer says success.
 * https://www.braze.com/docs/user_guide/data/activation/events/recommended_events/
 */
export const ecommerceEvents = {
  'ecommerce.product_viewed': {
    required: {
      product_id: 'text',
      product_name: 'text',
      variant_id: 'text',
      price: 'number',
      currency: 'currency',
      source: 'text',
    },
    optional: { image_url: 'text', product_url: 'text', type: 'texts', metadata: 'object' },
  },
  'ecommerce.cart_updated': {
    required: { cart_id: 'text', currency: 'currency', products: 'products', source: 'text' },
    optional: {
      total_value: 'number',
      action: 'action',
      subtotal_value: 'number',
      tax: 'number',
      shipping: 'number',
      metadata: 'object',
    },
  },
  'ecommerce.checkout_started': {
    required: {
      checkout_id: 'text',
      total_value: 'number',
      currency: 'currency',
      products: 'products',
      source: 'text',
    },
    optional: {
      cart_id: 'text',
      subtotal_value: 'number',
      tax: 'number',
      shipping: 'number',
      metadata: 'object',
    },
  },
  'ecommerce.order_placed': order,
  'ecommerce.order_cancelled': { ...order, required: { ...order.required, cancel_reason: 'text' } },
  'ecommerce.order_refunded': { ...order, required: { ...order.required, total_value: 'not-negative' } },
} as const satisfies Record<string, Schema>

const product = {
  required: {
    product_id: 'text',
    product_name: 'text',
    variant_id: 'text',
    quantity: 'integer',
    price: 'number',
  },
  optional: { image_url: 'text', product_url: 'text', metadata: 'object' },
} as const satisfies Schema

export const isEcommerceEvent = (name: string): name is keyof typeof ecommerceEvents =>
  Object.hasOwn(ecommerceEvents, name)

/** Why Braze drops the event; undefined when it is in order. Only the currency's text is published, the others follow it. */
export function ecommerceFault(
  name: keyof typeof ecommerceEvents,
  properties: JsonObject,
): string | undefined {
  const fault = check(ecommerceEvents[name], properties)
  if (fault || name !== 'ecommerce.cart_updated') return fault
  const partial = properties['action'] === 'add' || properties['action'] === 'remove'
  return partial || properties['total_value'] !== undefined ? undefined : "'total_value' is required"
}

function check(schema: Schema, given: JsonObject): string | undefined {
  const fields: Fields = { ...schema.required, ...schema.optional }
  for (const name of Object.keys(schema.required))
    if (given[name] === undefined) return `'${name}' is required`
  for (const [name, value] of Object.entries(given)) {
    const kind = fields[name]
    if (!kind || !Object.hasOwn(fields, name)) return `'${name}' is not an allowed property`
    if (kind === 'products') {
      const fault = productFault(value)
      if (fault) return fault
    } else if (!fits[kind](value))
      return kind === 'currency' ? trackErrors.currency : `'${name}' is not valid`
  }
  return undefined
}

function productFault(value: Json): string | undefined {
  if (!isList(value)) return "'products' is not valid"
  for (const item of value) {
    const fault = isObject(item) ? check(product, item) : "'products' is not valid"
    if (fault) return fault
  }
  return undefined
}

let currencies: ReadonlySet<string> | undefined
/** A current or former ISO 4217 code, in capitals. */
export function isCurrency(value: unknown): value is string {
  currencies ??= new Set(Intl.supportedValuesOf('currency'))
  return typeof value === 'string' && currencies.has(value)
}

const fits: Readonly<Record<Exclude<Kind, 'products'>, (value: Json) => boolean>> = {
  text: isName,
  number: (value) => typeof value === 'number',
  'not-negative': (value) => typeof value === 'number' && value >= 0,
  integer: Number.isInteger,
  currency: isCurrency,
  texts: (value) => isList(value) && value.every(isName),
  object: isObject,
  list: isList,
  action: (value) => value === 'add' || value === 'remove' || value === 'replace',
}
