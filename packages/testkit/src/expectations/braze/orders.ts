import { currencyExponent, type EventItem, type Value, type Values } from '@tripline/model'
import { isList, isObject } from '../canonical-text.ts'
import type { LossBook } from '../loss-book.ts'
import type { ExpectedBrazeAccount } from './expect.ts'
import { kept } from './values.ts'

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
  const listed = isList(properties['products']) ? properties['products'] : []
  const products = listed.every(isObject) ? listed : []
  if (orders === 'event') return undefined
  if (orders === 'ecommerce') {
    const lacks = lackOfEcommerce(properties, products)
    if (lacks === undefined || !stepDown(book, lacks))
      return {
        name: 'ecommerce.order_placed',
        properties: ecommerceOf(properties, products, ecommerceSource, book),
      }
  }
  const isRefund = [properties['total'], properties['revenue']].some((amount) => Number(amount) < 0)
  const isPurchase =
    currencyOf(properties) !== undefined &&
    !isRefund &&
    products.length > 0 &&
    products.every(
      ({ product_id, sku, price, quantity }) =>
        (isId(product_id) || isId(sku)) &&
        isAmount(price) &&
        isCount(quantity) &&
        Number(quantity ?? 1) <= 7_500,
    )
  if (!isPurchase && stepDown(book, 'products')) return undefined
  return { purchases: products.flatMap((product, index) => purchasesOf(properties, product, index, book)) }
}

const isText = (value: Value | undefined): value is string => typeof value === 'string' && value !== ''
/** Braze keeps 255 characters of a text, and an id is never cut. */
const isId = (value: Value | undefined): value is string => isText(value) && value.length <= 255
const isAmount = (value: Value | undefined): boolean => typeof value === 'number' && value >= 0
const isCount = (value: Value | undefined): boolean =>
  value === undefined || value === null || (Number.isSafeInteger(value) && Number(value) > 0)
const currencyOf = ({ currency }: Values): string | undefined =>
  isText(currency) && currencyExponent(currency.toUpperCase()) !== undefined
    ? currency.toUpperCase()
    : undefined

function lackOfEcommerce(order: Values, products: readonly Values[]): string | undefined {
  if (!isId(order['order_id'])) return 'order_id'
  if (currencyOf(order) === undefined) return 'currency'
  if (!isAmount(order['total'] ?? order['revenue'])) return 'total'
  if (products.length === 0) return 'products'
  for (const [index, { product_id, name, variant, sku, price, quantity }] of products.entries()) {
    const at = `products[${index}]`
    if (!isId(product_id)) return `${at}.product_id`
    if (!isText(name)) return `${at}.name`
    if (!isId(variant) && !isId(sku)) return `${at}.variant`
    if (!isAmount(price)) return `${at}.price`
    if (!isCount(quantity)) return `${at}.quantity`
  }
  return undefined
}

function ecommerceOf(order: Values, products: readonly Values[], source: string, book: LossBook): Values {
  const { order_id, currency: _currency, total, discount, products: _, ...others } = order
  const hasDiscount = typeof discount === 'number'
  const rest = hasDiscount || discount === undefined ? others : { ...others, discount }
  return {
    order_id: order_id ?? null,
    currency: currencyOf(order) ?? null,
    total_value: total ?? rest['revenue'] ?? null,
    total_discounts: hasDiscount ? discount : null,
    products: products.map((product, index) =>
      productOf(product, `event.properties.products[${index}]`, book),
    ),
    source,
    ...metadata(rest, 'event.properties', book),
  }
}

function productOf(product: Values, path: string, book: LossBook): Values {
  const { product_id, name, variant, sku, quantity, price, image_url, url, ...rest } = product
  const extra: Record<string, Value> = { ...rest }
  if (isId(variant) && sku !== undefined) extra['sku'] = sku
  if (!isId(variant) && variant !== undefined) extra['variant'] = variant
  if (!isText(image_url) && image_url !== undefined) extra['image_url'] = image_url
  if (!isText(url) && url !== undefined) extra['url'] = url
  const held = (value: Value | undefined, at: string): Value =>
    isText(value) ? (kept(value, `${path}.${at}`, book) ?? null) : null
  return {
    product_id: product_id ?? null,
    product_name: held(name, 'name'),
    variant_id: isId(variant) ? variant : (sku ?? null),
    quantity: quantity ?? 1,
    price: price ?? null,
    image_url: held(image_url, 'image_url'),
    product_url: held(url, 'url'),
    ...metadata(extra, path, book),
  }
}

/** What the strict schema has no field for goes into `metadata`, or is said to be dropped. */
function metadata(rest: Values, path: string, book: LossBook): { readonly metadata?: Values } {
  const left = Object.entries(rest).flatMap(([name, value]): [string, Value][] => {
    const held = value === null ? undefined : kept(value, `${path}.${name}`, book)
    return held === undefined ? [] : [[name, held]]
  })
  return left.length === 0 ? {} : { metadata: Object.fromEntries(left) }
}

const maxQuantity = 100
/** One purchase per product, several when the quantity is over 100. https://www.braze.com/docs/api/objects_filters/purchase_object/ */
function purchasesOf(order: Values, product: Values, index: number, book: LossBook): readonly Values[] {
  const { currency: _currency, products: _, ...ofOrder } = order
  const { product_id, sku, price, quantity, ...ofProduct } = product
  const others = {
    ...unlessDropped(ofProduct, `event.properties.products[${index}]`, book),
    ...unlessDropped(
      isId(product_id) && sku !== undefined ? { sku } : {},
      `event.properties.products[${index}]`,
      book,
    ),
    ...unlessDropped(ofOrder, 'event.properties', book),
  }
  const purchases: Values[] = []
  for (let left = Number(quantity ?? 1); left > 0; left -= maxQuantity)
    purchases.push({
      product_id: isId(product_id) ? product_id : (sku ?? null),
      currency: currencyOf(order) ?? null,
      price: price ?? null,
      quantity: Math.min(left, maxQuantity),
      ...others,
    })
  return purchases
}
const unlessDropped = (values: Values, path: string, book: LossBook): Values =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, Value][] => {
      const held = kept(value, `${path}.${name}`, book)
      return held === undefined ? [] : [[name, held]]
    }),
  )
