/** A number as the exact decimal that is written for it: `mantissa` × 10^−`scale`. */
export interface Decimal {
  readonly mantissa: bigint
  readonly scale: number
}
export const zero: Decimal = { mantissa: 0n, scale: 0 }

const powers = [1, 10, 100, 1000, 10_000] as const
/** Up to 15 digits a decimal and its double determine each other. */
const exactLimit = 1e15

/** @example toDecimal(0.1) // => { mantissa: 1n, scale: 1 } */
export function toDecimal(value: number): Decimal {
  for (const [scale, power] of powers.entries()) {
    const scaled = Math.round(value * power)
    if (Math.abs(scaled) <= exactLimit && scaled / power === value) return { mantissa: BigInt(scaled), scale }
  }
  const [digits = '0', exponent = '0'] = String(value).split('e')
  const [whole = '0', fraction = ''] = digits.split('.')
  const mantissa = BigInt(whole + fraction)
  const scale = fraction.length - Number(exponent)
  return scale >= 0 ? { mantissa, scale } : { mantissa: mantissa * 10n ** BigInt(-scale), scale: 0 }
}

export function add(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale)
  return { mantissa: raise(left, scale) + raise(right, scale), scale }
}

/** −1, 0 or 1: how `left` stands to `value` × `times`, exactly. */
export function compareDecimal(left: Decimal, value: number, times: number): number {
  const right = toDecimal(value)
  const scale = Math.max(left.scale, right.scale)
  const difference = raise(left, scale) - raise(right, scale) * BigInt(times)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

function raise({ mantissa, scale }: Decimal, to: number): bigint {
  return to === scale ? mantissa : mantissa * 10n ** BigInt(to - scale)
}
