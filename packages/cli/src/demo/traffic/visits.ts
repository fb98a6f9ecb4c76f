import type { Values } from '@tripline/model'
import { catalogue, currencies, type Product } from './catalogue.ts'
import type { Message } from './message.ts'
import { fillCart, freeSample, orderOf, productIn, refundOf } from './orders.ts'
import type { Random } from './random.ts'

/** Writes one person's messages; the first part of every message id is that person's. */
export interface Writer {
  readonly who: Pick<Message, 'userId' | 'anonymousId'>
  readonly random: Random
  add(message: Omit<Message, 'messageId' | 'timestamp'>, atMs: number): void
}
const track = (writer: Writer, event: string, properties: Values, atMs: number): void =>
  writer.add({ type: 'track', ...writer.who, event, properties }, atMs)

/** One visit from `startMs`; answers when it ended. `mayBuy`: only who has signed up can order. */
export function visit(writer: Writer, startMs: number, { mayBuy }: { readonly mayBuy: boolean }): number {
  const { random } = writer
  let atMs = startMs
  const later = (): number => (atMs += random.between(1, 90) * 1_000 + random.between(0, 999))
  writer.add(
    { type: 'page', ...writer.who, name: 'Home', properties: { path: '/', url: 'https://shop.example/' } },
    atMs,
  )
  if (random.chance(0.3)) track(writer, 'Products Searched', { query: random.pick(queries) }, later())
  const seen: Product[] = []
  for (let count = random.between(1, 4); count > 0; count--) {
    const product = random.pick(catalogue)
    const currency = random.pick(currencies)
    seen.push(product)
    track(writer, 'Product Viewed', { ...productIn(product, currency), currency: currency.code }, later())
  }
  const wanted = seen.filter(() => random.chance(0.35))
  for (const product of wanted) add(writer, product, later())
  if (random.chance(0.12)) track(writer, 'Product Added to Wishlist', wishOf(seen, random), later())
  if (mayBuy && (wanted.length > 0 || random.chance(0.02)) && random.chance(0.6))
    atMs = buy(writer, wanted, later())
  return atMs
}
const queries = ['coffee', 'grün tee', 'マグ', 'mill under 100', ''] as const

const doubleClicks = [(atMs: number) => atMs, (atMs: number) => atMs - (atMs % 1_000) + 999] as const

function add(writer: Writer, product: Product, atMs: number): void {
  const { random } = writer
  const currency = random.pick(currencies)
  const properties = {
    ...productIn(product, currency),
    quantity: random.between(1, 3),
    cart_id: `cart-${atMs}`,
  }
  track(writer, 'Product Added', properties, atMs)
  // A double click: twice the same in one millisecond, or in one second.
  const again = random.pick(doubleClicks)
  if (random.chance(0.05)) track(writer, 'Product Added', properties, again(atMs))
}

const wishOf = (seen: readonly Product[], random: Random): Values => ({
  ...productIn(seen[0] ?? catalogue[0], currencies[0]),
  wishlist_name: random.chance(0.1) ? `for ${'someone dear '.repeat(25)}🎁` : 'mine',
})

function buy(writer: Writer, wanted: readonly Product[], startMs: number): number {
  const { random } = writer
  const cart = wanted.length > 0 ? fillCart(wanted, random) : freeSample(random)
  let atMs = startMs
  track(writer, 'Checkout Started', { currency: cart.currency.code, products: cart.lines }, atMs)
  const order = orderOf(cart, `order-${startMs.toString(36)}-${random.between(1_000, 9_999)}`, random)
  track(writer, 'Order Completed', order, (atMs += random.between(20, 240) * 1_000))
  if (random.chance(0.06))
    track(writer, 'Order Refunded', refundOf(order), (atMs += random.between(1, 5) * 3_600_000))
  return atMs
}
