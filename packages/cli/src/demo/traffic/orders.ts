import type { Values } from '@tripline/model'
import { catalogue, currencies, priceIn, type Currency, type Product } from './catalogue.ts'
import type { Random } from './random.ts'

/** A line of an order as Segment writes it. */
type Line = Values & { readonly price: number; readonly quantity: number }
export interface Cart {
  readonly currency: Currency
  readonly lines: readonly Line[]
}

export const productIn = (product: Product, currency: Currency): Values => ({
  product_id: product.product_id,
  name: product.name,
  category: product.category,
  variant: product.variant,
  price: priceIn(currency, product.price),
})

export function fillCart(products: readonly Product[], random: Random): Cart {
  const currency = random.pick(currencies)
  const lines = products.map((product): Line => {
    // One in a few hundred orders is for an office: more than 100 of one thing.
    const quantity = random.chance(0.004) ? random.between(101, 260) : random.between(1, 4)
    return { ...productIn(product, currency), price: priceIn(currency, product.price), quantity }
  })
  return { currency, lines }
}

/** The properties of `Order Completed`. Some lack a field, as real ones do; `flaw` names it. */
export function orderOf(cart: Cart, orderId: string, random: Random): Values {
  const subtotal = round(
    cart.lines.reduce((sum, line) => sum + line.price * line.quantity, 0),
    cart.currency,
  )
  const shipping = subtotal === 0 ? 0 : priceIn(cart.currency, 4.9)
  const whole: Values = {
    order_id: orderId,
    total: round(subtotal + shipping, cart.currency),
    revenue: subtotal,
    shipping,
    currency: cart.currency.code,
    products: cart.lines,
    ...(random.chance(0.2) && { coupon: 'AUTUMN', discount: priceIn(cart.currency, 2) }),
    ...(random.chance(0.05) && { affiliation: null }),
  }
  return random.chance(0.04) ? without(whole, random.pick(flaws)) : whole
}
const flaws = ['order_id', 'currency', 'products', 'productNames'] as const

function without(order: Values, flaw: (typeof flaws)[number]): Values {
  const { [flaw]: _, ...rest } = order
  if (flaw !== 'productNames') return rest
  const lines = order['products'] as readonly Values[]
  return { ...order, products: lines.map(({ name: _name, ...line }) => line) }
}

const round = (amount: number, { decimals }: Currency): number => Number(amount.toFixed(decimals))

/** A sample that costs nothing: an order of 0.00. */
export const freeSample = (random: Random): Cart => {
  const currency = random.pick(currencies)
  const sample = catalogue.find(({ price }) => price === 0) ?? catalogue[0]
  return { currency, lines: [{ ...productIn(sample, currency), price: 0, quantity: 1 }] }
}

/** The refund of a whole order: an event of its own with the positive amount. */
export function refundOf(order: Values): Values {
  const { order_id, total, currency } = order
  return { order_id: order_id ?? null, total: total ?? null, currency: currency ?? null }
}
