/**
 * How two texts stand bytewise (UTF-8): below 0, 0 or above 0. That is the order of code points, which differs from `<`
 * only where one text has a character above U+FFFF.
 */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const [one, other] = [left.charCodeAt(index), right.charCodeAt(index)]
    if (one !== other) return moveSurrogates(one) - moveSurrogates(other)
  }
  return left.length - right.length
}

/** Surrogates stand for code points above all others: they change places with U+E000 to U+FFFF. */
function moveSurrogates(unit: number): number {
  if (unit < 0xd8_00) return unit
  return unit < 0xe0_00 ? unit + 0x20_00 : unit - 0x08_00
}

/** Numbers by size, texts bytewise, amounts of money in one currency; `undefined` for anything else. */
export function compareValues(left: unknown, right: unknown): number | undefined {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right)
  if (!isAmount(left) || !isAmount(right) || left.currency !== right.currency) return undefined
  return left.amount - right.amount
}

interface Amount {
  readonly amount: number
  readonly currency?: unknown
}

function isAmount(value: unknown): value is Amount {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Amount>).amount === 'number'
}
