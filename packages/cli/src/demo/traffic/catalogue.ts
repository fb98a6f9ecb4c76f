/** A product of the demo's shop; the price is in major units of `currency`. */
export interface Product {
  readonly product_id: string
  readonly name: string
  readonly category: string
  readonly variant: string
  readonly price: number
}
type Catalogue = readonly [Product, ...Product[]]

export const catalogue = [
  { product_id: 'p-100', name: 'Café filtre 250 g', category: 'Coffee', variant: 'whole bean', price: 8.9 },
  { product_id: 'p-101', name: 'Espresso 1 kg', category: 'Coffee', variant: 'ground', price: 24.5 },
  { product_id: 'p-102', name: 'Décaf', category: 'Coffee', variant: 'whole bean', price: 9.95 },
  { product_id: 'p-200', name: 'Grünteekännchen', category: 'Tea', variant: '0.5 l', price: 31 },
  { product_id: 'p-201', name: '抹茶 Matcha', category: 'Tea', variant: '40 g', price: 27.3 },
  { product_id: 'p-202', name: 'Rooibos', category: 'Tea', variant: '100 g', price: 4.75 },
  { product_id: '00300', name: 'Mug "Monday"', category: 'Tableware', variant: 'blue', price: 12 },
  { product_id: '00301', name: 'Saucer', category: 'Tableware', variant: 'white', price: 3.2 },
  { product_id: 'p-400', name: 'Hand mill ☕', category: 'Tools', variant: 'steel', price: 89.99 },
  { product_id: 'p-401', name: 'Scale 0.1 g', category: 'Tools', variant: 'black', price: 45.01 },
  { product_id: 'p-402', name: 'Kettle', category: 'Tools', variant: 'EU plug', price: 64 },
  { product_id: 'p-900', name: 'Sample sachet', category: 'Free', variant: 'any', price: 0 },
] as const satisfies Catalogue

/** What a price in euro is multiplied by, and the decimals that the currency has by ISO 4217. */
export const currencies = [
  { code: 'EUR', rate: 1, decimals: 2 },
  { code: 'USD', rate: 1.1, decimals: 2 },
  { code: 'GBP', rate: 0.85, decimals: 2 },
  { code: 'JPY', rate: 160, decimals: 0 },
  { code: 'KWD', rate: 0.33, decimals: 3 },
] as const
export type Currency = (typeof currencies)[number]

/** A price in that currency, to its own decimals. */
export function priceIn(currency: Currency, euro: number): number {
  return Number((euro * currency.rate).toFixed(currency.decimals))
}
