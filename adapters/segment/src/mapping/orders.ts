import type { Loss, Values } from '@tripline/model'

const source = 'https://segment.com/docs/connections/spec/ecommerce/v2/#order-completed'
/** Amounts that destinations read together with `currency`. */
const amounts = ['revenue', 'total', 'value'] as const

/**
 * Segment is the home of the spec: an order passes through as it is. The one thing that changes on the way is an amount
 * without a currency: the spec, and so every destination, reads it as US dollars.
 */
export function noteCurrency(properties: Values, losses: Loss[]): void {
  const { currency } = properties
  if (currency !== undefined && currency !== null) return
  const amount = amounts.find((name) => typeof properties[name] === 'number')
  if (amount === undefined) return
  losses.push({
    path: `event.properties.${amount}`,
    kind: 'coerced',
    because: 'without a currency the spec reads an amount as USD',
    source,
  })
}
