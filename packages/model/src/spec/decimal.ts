/** An exact decimal number: `digits × 10^-scale`. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

const decimalText = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/

/**
 * A decimal written as JSON writes numbers (`12.50`, `-1e3`), exactly; `undefined` for any other text. The result has no
 * zeros at its end, so two texts say the same number exactly when digits and scale are equal.
 */
export function readDecimal(text: string): Decimal | undefined {
  const match = decimalText.exec(text)
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = '', power = '0'] = match
  const written = `${whole}${fraction}`
  const kept = written.replace(/0+$/, '')
  if (kept === '') return { digits: 0n, scale: 0 }
  return {
    digits: BigInt(`${sign}${kept}`),
    scale: fraction.length - (written.length - kept.length) - Number(power),
  }
}

/** The number that says exactly what the decimal text says, judged by the number's shortest text; else `undefined`. */
export function exactNumber(text: string): number | undefined {
  const decimal = readDecimal(text)
  const number = Number(text)
  if (decimal === undefined || !Number.isFinite(number)) return undefined
  const back = readDecimal(String(number))
  return back?.digits === decimal.digits && back.scale === decimal.scale ? number + 0 : undefined
}

/** The decimal as a whole number of units of 10^-places, rounded half away from zero. */
export function toUnits({ digits, scale }: Decimal, places: number): { units: bigint; rounded: boolean } {
  const power = places - scale
  if (power >= 0) return { units: digits * 10n ** BigInt(power), rounded: false }
  const divisor = 10n ** BigInt(-power)
  const half = digits < 0n ? -divisor / 2n : divisor / 2n
  return { units: (digits + half) / divisor, rounded: true }
}

/** The number to so many decimals, half away from zero, judged by its shortest text: 1.005 to 2 places is 1.01. */
export function roundTo(number: number, places: number): number {
  const decimal = readDecimal(String(number))
  return decimal === undefined ? number : Number(`${toUnits(decimal, places).units}e-${places}`)
}
