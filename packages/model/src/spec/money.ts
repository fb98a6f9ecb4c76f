import { currencyExponent } from './currencies.ts'
import { readDecimal, toUnits } from './decimal.ts'

export type MinorUnits =
  /** `units`: a safe integer. `rounded`: the amount had more decimals than the currency. */
  | { readonly ok: true; readonly units: number; readonly rounded: boolean }
  | { readonly ok: false; readonly because: string }

/**
 * An amount in major units as a whole number of the currency's own minor units: JPY has none, KWD has thousandths.
 *
 * - `amount`: a number, read by its shortest decimal text (so 0.1 is one tenth), or decimal text as JSON writes numbers.
 * - More decimals than the currency has are rounded half away from zero, and `rounded` says so.
 * - Refused: no number, an unknown currency (codes are upper-case ISO 4217), a result beyond 2^53 − 1.
 * @example toMinorUnits(19.99, 'EUR') // => { ok: true, units: 1999, rounded: false }
 * @example toMinorUnits(1200, 'JPY') // => { ok: true, units: 1200, rounded: false }
 */
export function toMinorUnits(amount: number | string, currency: string): MinorUnits {
  const exponent = currencyExponent(currency)
  if (exponent === undefined) {
    return { ok: false, because: 'the currency is no ISO 4217 code with a minor unit (upper case, e.g. EUR)' }
  }
  const decimal = readDecimal(String(amount))
  if (decimal === undefined) return { ok: false, because: 'the amount is no decimal number' }
  const { units, rounded } = toUnits(decimal, exponent)
  if (units > BigInt(Number.MAX_SAFE_INTEGER) || units < -BigInt(Number.MAX_SAFE_INTEGER)) {
    return { ok: false, because: 'the amount is beyond 2^53 − 1 minor units' }
  }
  return { ok: true, units: Number(units), rounded }
}

/**
 * The amount in major units of a whole number of minor units, or `undefined` when the currency is unknown or `units` is no
 * safe integer. Exact to 15 digits, which is what a double holds of any decimal.
 * @example fromMinorUnits(1999, 'EUR') // => 19.99
 */
export function fromMinorUnits(units: number, currency: string): number | undefined {
  const exponent = currencyExponent(currency)
  return exponent === undefined || !Number.isSafeInteger(units) ? undefined : Number(`${units}e-${exponent}`)
}
