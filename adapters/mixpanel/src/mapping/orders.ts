import { readOrder, type Loss, type Values } from '@tripline/model'

const source = 'https://docs.mixpanel.com/docs/data-structure/property-reference/data-type'

/**
 * The properties of an order, which stays one event with its products as a list. There is no second form on purpose:
 * a charge on the profile (`$append $transactions`) would count again with every repeat.
 *
 * What is no amount (negative, text) and no currency of ISO 4217 is left out, because Mixpanel would sum or ignore it
 * silently; the currency code is written in upper case.
 * @example toMixpanelOrder({ order_id: 'o1', total: 12, currency: 'eur' }, losses) // => { …, currency: 'EUR' }
 */
export function toMixpanelOrder(properties: Values, losses: Loss[]): Values {
  const read = readOrder(properties)
  if (read.ok) {
    const { currency } = read.order
    if (currency === undefined || currency === properties['currency']) return properties
    losses.push({
      path: 'event.properties.currency',
      kind: 'coerced',
      because: 'ISO 4217 codes are upper case',
      source,
    })
    return { ...properties, currency }
  }
  const left = new Map(Object.entries(properties))
  for (const { path, message } of read.mistakes) {
    if (!left.delete(path.replace('event.properties.', ''))) continue // a mistake inside of `products`: kept as given
    losses.push({ path, kind: 'dropped', because: `it ${message}`, source })
  }
  return Object.fromEntries(left)
}
