import { readOrder, toMinorUnits, type EventItem, type Loss, type Values } from '@tripline/model'

const source =
  'intercom/Intercom-OpenAPI:descriptions/2.16/api.intercom.io.yaml POST /events, Monetary Amount'

/** Canonical properties of an order that `price` stands for. */
export const orderProperties = { amount: ['total', 'revenue'], currency: 'currency' } as const

/** Intercom's monetary amount: minor units and the currency in lower case. */
export interface IntercomMoney {
  readonly amount: number
  readonly currency: string
}

/**
 * An amount in major units as Intercom writes money; undefined, with a loss, when it cannot: Intercom wants a positive
 * whole number of minor units (those of the currency: JPY has none, KWD has thousandths).
 */
export function toIntercomMoney(
  amount: number,
  currency: string,
  path: string,
  losses: Loss[],
): IntercomMoney | undefined {
  const minor = toMinorUnits(amount, currency.toUpperCase())
  if (!minor.ok || minor.units <= 0) {
    const because = minor.ok ? 'Intercom takes positive amounts only' : minor.because
    losses.push({ path, kind: 'dropped', because, source })
    return undefined
  }
  if (minor.rounded)
    losses.push({ path, kind: 'rounded', because: 'more decimals than the currency has', source })
  return { amount: minor.units, currency: currency.toLowerCase() }
}

/** An order as event metadata. */
export interface IntercomOrder {
  readonly properties: Values
  readonly price?: IntercomMoney
}

/**
 * The properties of an order with its amount as `price` and without its products, which event metadata cannot hold. An
 * order without amount or currency keeps its plain numbers: no currency, no money.
 */
export function toIntercomOrder(item: EventItem, losses: Loss[]): IntercomOrder {
  const { products, ...given } = item.event.properties
  if (products !== undefined)
    losses.push({
      path: 'event.properties.products',
      kind: 'dropped',
      because: 'event metadata is flat: products have no place',
      source,
    })
  const read = readOrder(given, ['currency'])
  const named = orderProperties.amount.find((name) => typeof given[name] === 'number')
  const { currency } = given
  if (!read.ok || named === undefined || typeof currency !== 'string') {
    const because = 'no amount with a currency: plain numbers instead of a price'
    losses.push({ path: 'event.properties.currency', kind: 'coerced', because, source })
    return { properties: given }
  }
  const path = `event.properties.${named}`
  const found: Loss[] = []
  const price = toIntercomMoney(given[named] as number, currency, path, found)
  if (!price) {
    const because = `${found[0]?.because}: plain numbers instead of a price`
    losses.push({ path: 'event.properties.currency', kind: 'coerced', because, source })
    return { properties: given }
  }
  losses.push(...found)
  const { [named]: _amount, currency: _currency, price: _price, ...properties } = given
  return { properties, price }
}
