import type { EventItem, Value, Values } from '@tripline/model'
import { isList, isObject } from '../canonical-text.ts'
import type { LossBook } from '../loss-book.ts'
import type { ExpectedBrazeAccount } from './expect.ts'

/** How an order must be stored; undefined: as any other event. */
export type ExpectedOrder =
  | { readonly name: 'ecommerce.order_placed'; readonly properties: Values }
  | { readonly purchases: readonly Values[] }
  | undefined

const stepDown = (book: LossBook, lacks: string): boolean => book.has('coerced', `event.properties.${lacks}`)

/**
 * Orders take the account's form; one that lacks something takes the next form down, which a loss must say.
 * https://www.braze.com/docs/user_guide/data/custom_data/ecommerce_events/
 */
export function expectOrder(
  { event }: EventItem,
  book: LossBook,
  account: ExpectedBrazeAccount,
): ExpectedOrder {
  const { orders = 'ecommerce', ecommerceSource = 'tripline' } = account
  const { properties } = event
  const products = (isList(properties['products']) ? properties['products'] : []).filter(isObject)
  if (orders === 'event') return undefined
  if (orders === 'ecommerce') {
    const lacks = lackOfEcommerce(properties, products)
    if (lacks === undefined || !stepDown(book, lacks))
      return {
        name: 'ecommerce.order_placed',
        properties: ecommerceOf(properties, products, ecommerceSource, book),
      }
  }
  const isPurchase =
    isText(properties['currency']) &&
    products.length > 0 &&
    products.every(
      ({ product_id, sku, price }) => (isText(product_id) || isText(sku)) && typeof price === 'number',
    )
  if (!isPurchase && stepDown(book, 'products')) return undefined
  return { purchases: products.flatMap((product, index) => purchasesOf(properties, product, index, book)) }
}

const isText = (value: Value | undefined): value is string => typeof value === 'string' && value !== ''

function lackOfEcommerce(order: Values, products: readonly Values[]): string | undefined {
  if (!isText(order['order_id'])) return 'order_id'
  if (!isText(order['currency'])) return 'currency'
  if (typeof (order['total'] ?? order['revenue']) !== 'number') return 'total'
  if (products.length === 0) return 'products'
  for (const [index, { product_id, name, variant, sku, price }] of products.entries()) {
    const at = `products[${index}]`
    if (!isText(product_id)) return `${at}.product_id`
    if (!isText(name)) return `${at}.name`
    if (!isText(variant) && !isText(sku)) return `${at}.variant`
    if (typeof price !== 'number') return `${at}.price`
  }
  return undefined
}

function ecommerceOf(order: Values, products: readonly Values[], source: string, book: LossBook): Values {
  const { order_id, currency, total, discount, products: _, ...rest } = order
  return {
    order_id: order_id ?? null,
    currency: currency ?? null,
    total_value: total ?? rest['revenue'] ?? null,
    total_discounts: discount ?? null,
    products: products.map((product, index) =>
      productOf(product, `event.properties.products[${index}]`, book),
    ),
    source,
    ...metadata(rest, 'event.properties', book),
  }
}

function productOf(product: Values, path: string, book: LossBook): Values {
  const { product_id, name, variant, sku, quantity, price, image_url, url, ...rest } = product
  const extra = isText(variant) && sku !== undefined ? { ...rest, sku } : rest
  return {
    product_id: product_id ?? null,
    product_name: name ?? null,
    variant_id: isText(variant) ? variant : (sku ?? null),
    quantity: typeof quantity === 'number' ? quantity : 1,
    price: price ?? null,
    image_url: image_url ?? null,
    product_url: url ?? null,
    ...metadata(extra, path, book),
  }
}

/** What the strict schema has no field for goes into `metadata`, or is said to be dropped. */
function metadata(rest: Values, path: string, book: LossBook): { readonly metadata?: Values } {
  const left = Object.entries(rest).filter(
    ([name, value]) => value !== null && !book.dropped(`${path}.${name}`),
  )
  return left.length === 0 ? {} : { metadata: Object.fromEntries(left) }
}

const maxQuantity = 100
/** One purchase per product, several when the quantity is over 100. https://www.braze.com/docs/api/objects_filters/purchase_object/ */
function purchasesOf(order: Values, product: Values, index: number, book: LossBook): readonly Values[] {
  const { currency, products: _, ...ofOrder } = order
  const { product_id, sku, price, quantity, ...ofProduct } = product
  const kept = {
    ...unlessDropped(ofProduct, `event.properties.products[${index}]`, book),
    ...unlessDropped(
      isText(product_id) && sku !== undefined ? { sku } : {},
      `event.properties.products[${index}]`,
      book,
    ),
    ...unlessDropped(ofOrder, 'event.properties', book),
  }
  const purchases: Values[] = []
  for (let left = typeof quantity === 'number' ? quantity : 1; left > 0; left -= maxQuantity)
    purchases.push({
      product_id: isText(product_id) ? product_id : (sku ?? null),
      currency: currency ?? null,
      price: price ?? null,
      quantity: Math.min(left, maxQuantity),
      ...kept,
    })
  return purchases
}
const unlessDropped = (values: Values, path: string, book: LossBook): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !book.dropped(`${path}.${name}`)))
