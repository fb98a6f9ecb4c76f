import type { Value, Values } from '../value.ts'
import { checkCommerce } from './check-commerce.ts'
import { commerceEvents } from './commerce-events.ts'
import { currencyExponent } from './currencies.ts'
import { addMistake, type Findings, type Mistake } from './mistake.ts'

type OrderRow = (typeof commerceEvents)['Order Completed']
type Held<Type> = Type extends 'string' ? string : number

/** One product of an order; prices in major units. Properties that the spec does not name stay in the event. */
export type OrderLine = {
  readonly [Property in keyof OrderRow['products']['each']]?: Held<OrderRow['products']['each'][Property]>
}
/** An order in Segment's names. Amounts are decimals in major units of `currency`; nothing is computed or defaulted. */
export type Order = {
  readonly [Property in Exclude<keyof OrderRow, 'products'>]?: Held<OrderRow[Property]>
} & { readonly products: readonly OrderLine[] }

/** Something that a vendor's form of an order cannot do without; `products.price` is asked of every product. */
export type OrderNeed = keyof OrderRow | `products.${keyof OrderRow['products']['each']}`

export type ReadOrder =
  | { readonly ok: true; readonly order: Order }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

const base = 'event.properties'
const orderRow: OrderRow = commerceEvents['Order Completed']

/**
 * The order in the properties of an `Order Completed` (also Updated, Cancelled, Refunded) event.
 *
 * `null` and absent are the same here; the currency code is written in upper case and must be in ISO 4217. Amounts must
 * not be negative: a refund is an event of its own with a positive amount. The spec requires nothing, so only what
 * `needs` names must be there: ask with the needs of the best form of a vendor, and with fewer for the next one.
 * Paths of mistakes begin with `event.properties`.
 * @example readOrder(event.properties, ['order_id', 'currency', 'total', 'products.product_id'])
 */
export function readOrder(properties: Values, needs: readonly OrderNeed[] = []): ReadOrder {
  const findings: Findings = { mistakes: [], notes: [] }
  checkCommerce(properties, orderRow, false, findings, base)
  const order: { [name: string]: Value } = {}
  const { products, ...row } = orderRow
  for (const name of Object.keys(row)) copy(properties, name, order)
  const lines = Array.isArray(properties['products']) ? (properties['products'] as readonly Values[]) : []
  order['products'] = lines.map((line) => {
    const kept: { [name: string]: Value } = {}
    for (const name of Object.keys(products.each)) copy(line, name, kept)
    return kept
  })
  checkAmounts(order, findings)
  for (const need of needs) checkNeed(order, lines, need, findings)
  if (findings.mistakes.length > 0) return { ok: false, mistakes: findings.mistakes }
  return { ok: true, order: order as unknown as Order }
}

function copy(from: Values, name: string, to: { [name: string]: Value }): void {
  const value = from?.[name]
  if (value !== undefined && value !== null) to[name] = value
}

function checkAmounts(order: { [name: string]: Value }, findings: Findings): void {
  for (const name of ['subtotal', 'total', 'revenue']) {
    const amount = order[name]
    if (typeof amount !== 'number' || amount >= 0) continue
    const message = 'is negative; a refund is an event of its own with a positive amount'
    addMistake(findings, { path: `${base}.${name}`, message })
  }
  const { currency } = order
  if (typeof currency !== 'string') return
  const code = currency.toUpperCase()
  if (currencyExponent(code) === undefined) {
    const message = 'is no ISO 4217 code with a minor unit'
    addMistake(findings, { path: `${base}.currency`, message, allowed: ['ISO 4217 code, e.g. EUR'] })
  }
  Object.assign(order, { currency: code })
}

function checkNeed(order: Values, lines: readonly Values[], need: OrderNeed, findings: Findings): void {
  const [field, inLine] = need.split('.') as [string, string | undefined]
  if (field !== 'products') {
    if (order[field] === undefined) addMistake(findings, { path: `${base}.${field}`, message: 'is missing' })
    return
  }
  if (lines.length === 0) addMistake(findings, { path: `${base}.products`, message: 'lists no product' })
  if (inLine === undefined) return
  lines.forEach((line, index) => {
    const value = line?.[inLine]
    if (value !== undefined && value !== null) return
    addMistake(findings, { path: `${base}.products[${index}].${inLine}`, message: 'is missing' })
  })
}
