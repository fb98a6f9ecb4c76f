import type { EventItem, Loss, Value, Values } from '@tripline/model'
import type { BrazeOptions } from '../options.ts'

const ecommerceSource = 'https://www.braze.com/docs/user_guide/data/custom_data/ecommerce_events/'
const purchaseSource = 'https://www.braze.com/docs/api/objects_filters/purchase_object/'
const maxQuantity = 100

/** What an order becomes; `event` means: an ordinary custom event. */
export type BrazeOrder =
  | {
      readonly form: 'ecommerce'
      readonly event: { readonly name: string; readonly time: string; readonly properties: Values }
    }
  | { readonly form: 'purchases'; readonly purchases: readonly Values[] }
  | { readonly form: 'event' }

const text = (value: Value | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
const number = (value: Value | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined
const records = (value: Value | undefined): readonly Values[] =>
  Array.isArray(value)
    ? value.filter(
        (entry): entry is Values => typeof entry === 'object' && entry !== null && !Array.isArray(entry),
      )
    : []

/** The ladder: the account's form, or the next one down when the order lacks what that form needs, with a loss. */
export function toBrazeOrder(item: EventItem, options: BrazeOptions, losses: Loss[]): BrazeOrder {
  const form = options.orders ?? 'ecommerce'
  const { properties } = item.event
  if (form === 'event') return { form: 'event' }
  if (form === 'ecommerce') {
    const made = toEcommerce(item, options.ecommerceSource ?? 'tripline')
    if (made.ok) return { form: 'ecommerce', event: made.event }
    losses.push({
      path: `event.properties.${made.lacks}`,
      kind: 'coerced',
      because: `no ${made.lacks}: not an ecommerce.order_placed, the next form down`,
      source: ecommerceSource,
    })
  }
  const purchases = toPurchases(item, properties)
  if (purchases) return { form: 'purchases', purchases }
  losses.push({
    path: 'event.properties.products',
    kind: 'coerced',
    because: 'no currency or no product with id and price: a custom event instead of purchases',
    source: purchaseSource,
  })
  return { form: 'event' }
}

type Ecommerce =
  | { readonly ok: true; readonly event: { name: string; time: string; properties: Values } }
  | { readonly ok: false; readonly lacks: string }

function toEcommerce(item: EventItem, source: string): Ecommerce {
  const given = item.event.properties
  const order_id = text(given['order_id'])
  const currency = text(given['currency'])
  const total_value = number(given['total']) ?? number(given['revenue'])
  const given_products = records(given['products'])
  if (order_id === undefined) return { ok: false, lacks: 'order_id' }
  if (currency === undefined) return { ok: false, lacks: 'currency' }
  if (total_value === undefined) return { ok: false, lacks: 'total' }
  if (given_products.length === 0) return { ok: false, lacks: 'products' }
  const products: Values[] = []
  for (const [index, product] of given_products.entries()) {
    const made = toEcommerceProduct(product)
    if (typeof made === 'string') return { ok: false, lacks: `products[${index}].${made}` }
    products.push(made)
  }
  const rest = Object.entries(given).filter(
    ([name, value]) =>
      value !== null && !['order_id', 'currency', 'total', 'products', 'discount'].includes(name),
  )
  const discount = number(given['discount'])
  const properties: Values = {
    order_id,
    total_value,
    currency,
    products,
    source,
    ...(discount !== undefined && { total_discounts: discount }),
    ...(rest.length > 0 && { metadata: Object.fromEntries(rest) }),
  }
  return { ok: true, event: { name: 'ecommerce.order_placed', time: item.at, properties } }
}

/** The product, or the name of what it lacks. */
function toEcommerceProduct(product: Values): Values | string {
  const product_id = text(product['product_id'])
  const product_name = text(product['name'])
  const variant_id = text(product['variant']) ?? text(product['sku'])
  const price = number(product['price'])
  if (product_id === undefined) return 'product_id'
  if (product_name === undefined) return 'name'
  if (variant_id === undefined) return 'variant'
  if (price === undefined) return 'price'
  const image_url = text(product['image_url'])
  const product_url = text(product['url'])
  return {
    product_id,
    product_name,
    variant_id,
    quantity: number(product['quantity']) ?? 1,
    price,
    ...(image_url !== undefined && { image_url }),
    ...(product_url !== undefined && { product_url }),
  }
}

/** One purchase per product; a quantity above 100 takes several. */
function toPurchases(item: EventItem, given: Values): readonly Values[] | undefined {
  const currency = text(given['currency'])
  const products = records(given['products'])
  if (currency === undefined || products.length === 0) return undefined
  const order_id = text(given['order_id'])
  const purchases: Values[] = []
  for (const product of products) {
    const product_id = text(product['product_id']) ?? text(product['sku'])
    const price = number(product['price'])
    if (product_id === undefined || price === undefined) return undefined
    for (let left = number(product['quantity']) ?? 1; left > 0; left -= maxQuantity) {
      const quantity = Math.min(left, maxQuantity)
      purchases.push({
        product_id,
        currency,
        price,
        quantity,
        time: item.at,
        ...(order_id !== undefined && { properties: { order_id } }),
      })
    }
  }
  return purchases
}
