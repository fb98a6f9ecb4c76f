/** A number as the exact decimal that is written for it: `mantissa` × 10^−`scale`. The mantissa is whole. */
export interface Decimal {
  /** A `number` where it is safe, as that is faster. */
  readonly mantissa: number | bigint
  readonly scale: number
}
export const zero: Decimal = { mantissa: 0, scale: 0 }

const powers = [1, 10, 100, 1000, 10_000] as const
/** Up to 15 digits a decimal and its double determine each other. */
const exactLimit = 1e15

/** @example toDecimal(0.1) // => { mantissa: 1, scale: 1 } */
export function toDecimal(value: number): Decimal {
  for (const [scale, power] of powers.entries()) {
    const scaled = Math.round(value * power)
    if (Math.abs(scaled) <= exactLimit && scaled / power === value) return { mantissa: scaled, scale }
  }
  const [digits = '0', exponent = '0'] = String(value).split('e')
  const [whole = '0', fraction = ''] = digits.split('.')
  const mantissa = BigInt(whole + fraction)
  const scale = fraction.length - Number(exponent)
  return scale >= 0 ? { mantissa, scale } : { mantissa: mantissa * 10n ** BigInt(-scale), scale: 0 }
}

export function add(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale)
  const [one, other] = [raise(left, scale), raise(right, scale)]
  if (typeof one === 'number' && typeof other === 'number') {
    const sum = one + other
    if (Number.isSafeInteger(sum)) return { mantissa: sum, scale }
  }
  return { mantissa: BigInt(one) + BigInt(other), scale }
}

export function subtract(left: Decimal, { mantissa, scale }: Decimal): Decimal {
  return add(left, { mantissa: -mantissa, scale })
}

/** Below 0, 0 or above 0: how `left` stands to `value` × `times`, exactly. */
export function compareDecimal(left: Decimal, value: number, times: number): number {
  const right = toDecimal(value)
  const scale = Math.max(left.scale, right.scale)
  const [one, other] = [raise(left, scale), raise(right, scale)]
  if (typeof one === 'number' && typeof other === 'number' && Number.isSafeInteger(other * times)) {
    return one - other * times
  }
  const difference = BigInt(one) - BigInt(other) * BigInt(times)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** The nearest number. */
export function toNumber({ mantissa, scale }: Decimal): number {
  return Number(`${mantissa}e-${scale}`)
}

/** The mantissa at a scale that is not less. */
function raise({ mantissa, scale }: Decimal, to: number): number | bigint {
  if (to === scale) return mantissa
  const power = powers[to - scale]
  if (typeof mantissa === 'number' && power !== undefined && Number.isSafeInteger(mantissa * power)) {
    return mantissa * power
  }
  return BigInt(mantissa) * 10n ** BigInt(to - scale)
}
