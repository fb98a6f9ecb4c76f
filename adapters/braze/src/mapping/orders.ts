import { isRecord } from '@tripline/kit'
import { currencyExponent, type EventItem, type Loss, type Value, type Values } from '@tripline/model'
import { maxOf } from '../limits.ts'
import type { BrazeOptions } from '../options.ts'
import { cleanNested, cut } from './values.ts'

const ecommerceSource = 'https://www.braze.com/docs/user_guide/data/custom_data/ecommerce_events/'
const purchaseSource = 'https://www.braze.com/docs/api/objects_filters/purchase_object/'
const maxQuantity = 100
/** As many pieces of one product as the purchases of one request hold. */
const maxPieces = maxQuantity * maxOf('track.items')
const maxNameChars = maxOf('name.chars')
const maxIdChars = maxOf('value.chars')

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
/** Ids are never cut: a longer one is none. */
const idOf = (value: Value | undefined): string | undefined => {
  const id = text(value)
  return id !== undefined && id.length <= maxIdChars ? id : undefined
}
/** A negative amount would subtract: a refund is an event of its own. */
const amountOf = (value: Value | undefined): number | undefined =>
  typeof value === 'number' && value >= 0 ? value : undefined
/** Braze wants ISO 4217 in capitals. */
function currencyOf({ currency }: Values): string | undefined {
  const code = text(currency)?.toUpperCase()
  return code !== undefined && currencyExponent(code) !== undefined ? code : undefined
}
/** 1 when nothing is said; undefined when it is no number of pieces. */
function quantityOf({ quantity }: Values): number | undefined {
  if (quantity === undefined || quantity === null) return 1
  return typeof quantity === 'number' && Number.isSafeInteger(quantity) && quantity > 0 ? quantity : undefined
}
/** The products; undefined when there is none, or one of them is no object. */
const productsOf = ({ products }: Values): readonly Values[] | undefined =>
  Array.isArray(products) && products.length > 0 && products.every(isRecord) ? products : undefined

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
    because:
      'no ISO 4217 currency, a product without id, price or countable quantity, or a negative amount: a custom event instead of purchases',
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
  const order_id = idOf(given['order_id'])
  const currency = currencyOf(given)
  const total_value = amountOf(given['total'] ?? given['revenue'])
  const given_products = productsOf(given)
  if (order_id === undefined) return { ok: false, lacks: 'order_id' }
  if (currency === undefined) return { ok: false, lacks: 'currency' }
  if (total_value === undefined) return { ok: false, lacks: 'total' }
  if (given_products === undefined) return { ok: false, lacks: 'products' }
  const products: Values[] = []
  const losses: Loss[] = []
  for (const [index, product] of given_products.entries()) {
    const made = toEcommerceProduct(product, `event.properties.products[${index}]`, losses)
    if (typeof made === 'string') return { ok: false, lacks: `products[${index}].${made}` }
    products.push(made)
  }
  const { discount } = given
  const hasDiscount = typeof discount === 'number'
  noteCurrency(given, currency, ecommerceSource, losses)
  const properties: Values = {
    order_id,
    total_value,
    currency,
    products,
    source,
    ...(hasDiscount && { total_discounts: discount }),
    ...metadata(given, hasDiscount ? [...orderNames, 'discount'] : orderNames, 'event.properties', losses),
  }
  return { ok: true, event: { name: 'ecommerce.order_placed', time: item.at, properties }, losses }
}
const orderNames: readonly string[] = ['order_id', 'currency', 'total', 'products']
const productNames: readonly string[] = ['product_id', 'name', 'quantity', 'price']

function noteCurrency({ currency }: Values, sent: string, source: string, losses: Loss[]): void {
  if (currency === sent) return
  losses.push({
    path: 'event.properties.currency',
    kind: 'coerced',
    because: 'ISO 4217 codes are upper case',
    source,
  })
}

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
  const product_id = idOf(product['product_id'])
  const product_name = text(product['name'])
  const variant = idOf(product['variant'])
  const variant_id = variant ?? idOf(product['sku'])
  const price = amountOf(product['price'])
  const quantity = quantityOf(product)
  if (product_id === undefined) return 'product_id'
  if (product_name === undefined) return 'name'
  if (variant_id === undefined) return 'variant'
  if (price === undefined) return 'price'
  if (quantity === undefined) return 'quantity'
  const image_url = text(product['image_url'])
  const product_url = text(product['url'])
  const held = [
    ...productNames,
    variant === undefined ? 'sku' : 'variant',
    ...(image_url === undefined ? [] : ['image_url']),
    ...(product_url === undefined ? [] : ['url']),
  ]
  return {
    product_id,
    product_name: cut(product_name, `${path}.name`, losses),
    variant_id,
    quantity,
    price,
    ...(image_url !== undefined && { image_url: cut(image_url, `${path}.image_url`, losses) }),
    ...(product_url !== undefined && { product_url: cut(product_url, `${path}.url`, losses) }),
    ...metadata(product, held, path, losses),
  }
}

/** One purchase per product, with the properties of product and order; a quantity above 100 takes several. */
function toPurchases(item: EventItem, given: Values, losses: Loss[]): readonly Values[] | undefined {
  const currency = currencyOf(given)
  const products = productsOf(given)
  const isRefund = [given['total'], given['revenue']].some(
    (amount) => typeof amount === 'number' && amount < 0,
  )
  if (currency === undefined || products === undefined || isRefund) return undefined
  const found: Loss[] = []
  noteCurrency(given, currency, purchaseSource, found)
  const ofOrder = keepOthers(given, ['currency', 'products'], 'event.properties', purchaseSource, found)
  const purchases: Values[] = []
  for (const [index, product] of products.entries()) {
    const own = idOf(product['product_id'])
    const product_id = own ?? idOf(product['sku'])
    const price = amountOf(product['price'])
    const quantity = quantityOf(product)
    if (product_id === undefined || price === undefined || quantity === undefined) return undefined
    if (quantity > maxPieces) return undefined
    const except = ['price', 'quantity', own === undefined ? 'sku' : 'product_id']
    const path = `event.properties.products[${index}]`
    const properties = { ...keepOthers(product, except, path, purchaseSource, found), ...ofOrder }
    const fixed = { product_id, currency, price, time: item.at }
    const extra = Object.keys(properties).length > 0 ? { properties } : {}
    for (let left = quantity; left > 0; left -= maxQuantity)
      purchases.push({ ...fixed, quantity: Math.min(left, maxQuantity), ...extra })
  }
  losses.push(...found)
  return purchases
}
