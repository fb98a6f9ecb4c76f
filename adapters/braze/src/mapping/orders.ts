import type { EventItem, Loss, Value, Values } from '@tripline/model'
import { maxOf } from '../limits.ts'
import type { BrazeOptions } from '../options.ts'
import { cleanNested } from './values.ts'

const ecommerceSource = 'https://www.braze.com/docs/user_guide/data/custom_data/ecommerce_events/'
const purchaseSource = 'https://www.braze.com/docs/api/objects_filters/purchase_object/'
const maxQuantity = 100
const maxNameChars = maxOf('name.chars')

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
    if (made.ok) {
      losses.push(...made.losses)
      return { form: 'ecommerce', event: made.event }
    }
    losses.push({
      path: `event.properties.${made.lacks}`,
      kind: 'coerced',
      because: `no ${made.lacks}: not an ecommerce.order_placed, the next form down`,
      source: ecommerceSource,
    })
  }
  const purchases = toPurchases(item, properties, losses)
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
  | {
      readonly ok: true
      readonly event: { name: string; time: string; properties: Values }
      readonly losses: readonly Loss[]
    }
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
  const losses: Loss[] = []
  for (const [index, product] of given_products.entries()) {
    const made = toEcommerceProduct(product, `event.properties.products[${index}]`, losses)
    if (typeof made === 'string') return { ok: false, lacks: `products[${index}].${made}` }
    products.push(made)
  }
  const discount = number(given['discount'])
  const properties: Values = {
    order_id,
    total_value,
    currency,
    products,
    source,
    ...(discount !== undefined && { total_discounts: discount }),
    ...metadata(given, orderNames, 'event.properties', losses),
  }
  return { ok: true, event: { name: 'ecommerce.order_placed', time: item.at, properties }, losses }
}
const orderNames: readonly string[] = ['order_id', 'currency', 'total', 'products', 'discount']
const productNames: readonly string[] = ['product_id', 'name', 'quantity', 'price', 'image_url', 'url']

/** What the strict schema has no field for. */
function metadata(
  given: Values,
  except: readonly string[],
  path: string,
  losses: Loss[],
): { readonly metadata?: Values } {
  const rest = keepOthers(given, except, path, ecommerceSource, losses)
  return Object.keys(rest).length === 0 ? {} : { metadata: rest }
}

/** The values under other names than these, as far as Braze can hold them. */
function keepOthers(
  given: Values,
  except: readonly string[],
  path: string,
  source: string,
  losses: Loss[],
): Record<string, Value> {
  const rest: Record<string, Value> = {}
  for (const [name, value] of Object.entries(given)) {
    if (value === null || except.includes(name)) continue
    const at = `${path}.${name}`
    const because = nameProblem(name)
    const kept = because === undefined ? cleanNested(value, at, losses) : undefined
    if (because !== undefined) losses.push({ path: at, kind: 'dropped', because, source })
    if (kept !== undefined) rest[name] = kept
  }
  return rest
}

const reserved: readonly string[] = ['time', 'product_id', 'quantity', 'event_name', 'price', 'currency']
function nameProblem(name: string): string | undefined {
  if (reserved.includes(name)) return `"${name}" is reserved`
  return name === '' || name.length > maxNameChars || /[.$\s]/.test(name)
    ? `a name may not hold ".", "$" or spaces, and has 1 to ${maxNameChars} characters`
    : undefined
}

/** The product, or the name of what it lacks. */
function toEcommerceProduct(product: Values, path: string, losses: Loss[]): Values | string {
  const product_id = text(product['product_id'])
  const product_name = text(product['name'])
  const variant = text(product['variant'])
  const variant_id = variant ?? text(product['sku'])
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
    ...metadata(product, [...productNames, variant === undefined ? 'sku' : 'variant'], path, losses),
  }
}

/** One purchase per product, with the properties of product and order; a quantity above 100 takes several. */
function toPurchases(item: EventItem, given: Values, losses: Loss[]): readonly Values[] | undefined {
  const currency = text(given['currency'])
  const products = records(given['products'])
  if (currency === undefined || products.length === 0) return undefined
  const found: Loss[] = []
  const ofOrder = keepOthers(given, ['currency', 'products'], 'event.properties', purchaseSource, found)
  const purchases: Values[] = []
  for (const [index, product] of products.entries()) {
    const own = text(product['product_id'])
    const product_id = own ?? text(product['sku'])
    const price = number(product['price'])
    if (product_id === undefined || price === undefined) return undefined
    const except = ['product_id', 'price', 'quantity', ...(own === undefined ? ['sku'] : [])]
    const path = `event.properties.products[${index}]`
    const properties = { ...keepOthers(product, except, path, purchaseSource, found), ...ofOrder }
    const fixed = { product_id, currency, price, time: item.at }
    const extra = Object.keys(properties).length > 0 ? { properties } : {}
    for (let left = number(product['quantity']) ?? 1; left > 0; left -= maxQuantity)
      purchases.push({ ...fixed, quantity: Math.min(left, maxQuantity), ...extra })
  }
  losses.push(...found)
  return purchases
}
