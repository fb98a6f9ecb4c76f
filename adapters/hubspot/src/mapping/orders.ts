import { isRecord } from '@tripline/kit'
import { readOrder, type EventItem, type Loss, type Order, type Value, type Values } from '@tripline/model'
import type { HubSpotOptions } from '../options.ts'

const source = 'https://developers.hubspot.com/docs/api-reference/latest/events/guide'

/** What an order becomes. `count`: an event without what an order needs, counted like any other event. */
export type HubSpotOrder =
  | { readonly form: 'event'; readonly properties: Values }
  | { readonly form: 'properties'; readonly order: OrderTotals }
  | { readonly form: 'count' }
export interface OrderTotals {
  readonly id: string
  readonly value: number
  readonly currency: string
}

/** Contact properties of the form `properties`, beside those of every counted event. */
export const orderProperties = {
  id: 'last_order_id',
  value: 'last_order_value',
  currency: 'last_order_currency',
  total: 'total_order_value',
} as const
/** Stem of the counted properties of orders: `last_order_at`, `order_count`, `last_order_key`. */
export const orderStem = 'order'

/** What the form `properties` says of everything else in the order. */
export const orderLoss = 'an order as properties keeps id, value and currency'

/** The ladder: a custom event where the account has them, else last and total properties, else a counted event. */
export function toHubSpotOrder(item: EventItem, options: HubSpotOptions, losses: Loss[]): HubSpotOrder {
  const { properties } = item.event
  if (options.orders !== 'properties' && options.eventFallback !== 'properties')
    return { form: 'event', properties: withoutProducts(properties, losses) }
  const read = readOrder(properties, ['order_id', 'currency', 'total'])
  if (!read.ok) {
    const { path, message } = read.mistakes[0] ?? { path: 'event.properties', message: 'is no order' }
    losses.push({ path, kind: 'coerced', because: `${message}: counted, but not as an order`, source })
    return { form: 'count' }
  }
  for (const name of Object.keys(properties))
    if (!kept.has(name))
      losses.push({
        path: `event.properties.${name}`,
        kind: 'dropped',
        because: orderLoss,
        source,
      })
  return { form: 'properties', order: totalsOf(read.order) }
}
const kept: ReadonlySet<string> = new Set(['order_id', 'currency', 'total'])
const totalsOf = ({ order_id = '', total = 0, currency = '' }: Order): OrderTotals => ({
  id: order_id,
  value: total,
  currency,
})

/** Event properties hold no lists of objects: the ids and the number of the products stay. */
function withoutProducts(properties: Values, losses: Loss[]): Values {
  const { products, ...rest } = properties
  if (!Array.isArray(products)) return properties
  const list = products as readonly Value[]
  const ids = list.flatMap((product) => (isRecord(product) ? (idOf(product) ?? []) : []))
  losses.push({
    path: 'event.properties.products',
    kind: 'collapsed',
    because: 'event properties hold no lists of objects: product ids and their number are kept',
    source,
  })
  return {
    ...rest,
    product_count: list.length,
    ...(ids.length > 0 && { product_ids: [...new Set(ids)] }),
  }
}
const idOf = (product: Values): string | undefined =>
  [product['product_id'], product['sku']].find((id) => typeof id === 'string' && id !== '') as
    | string
    | undefined
