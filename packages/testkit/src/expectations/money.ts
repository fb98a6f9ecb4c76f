/** Currencies without hundredths. ISO 4217 list one. */
const exponents: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0]),
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3])),
  CLF: 4,
  UYW: 4,
}

/** Whole minor units, half away from zero. @example minorUnits(1.005, 'EUR') // => 101 */
export function minorUnits(amount: number, currency: string): number {
  const digits = exponents[currency.toUpperCase()] ?? 2
  return Math.sign(amount) * Math.round(Number(shift(Math.abs(amount), digits)))
}
/** Moves the decimal point in the text: 1.005 × 100 is 100.49999999999999 as a double. */
const shift = (amount: number, digits: number): string => {
  const [mantissa = '0', exponent = '0'] = String(amount).split('e')
  return `${mantissa}e${Number(exponent) + digits}`
}
