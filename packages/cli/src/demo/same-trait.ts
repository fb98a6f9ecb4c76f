import { sameValue, type Field, type Resolution, type Value } from '@tripline/model'
import type { Vendor } from '../config/vendors.ts'
import type { ExpectedTrait } from './expected-traits.ts'

/** How finely each vendor keeps values; beyond that only a loss explains a difference. */
const resolutions = {
  segment: {},
  mixpanel: {},
  hubspot: { emptyIsNull: true },
  braze: {},
  intercom: { instantMs: 1_000 },
} as const satisfies Readonly<Record<Vendor, Resolution>>

/** Whether what was read back is what was written, at the vendor's resolution and less what a loss said. */
export function sameTrait(
  vendor: Vendor,
  { name, type }: Field,
  expected: ExpectedTrait | undefined,
  found: Value | undefined,
): boolean {
  const resolution: Resolution = {
    ...resolutions[vendor],
    ...(name === 'email' && { text: 'folded' }),
  }
  const given = expected?.value
  const isEmpty = resolution.emptyIsNull && Array.isArray(given) && given.length === 0
  const value = isEmpty ? null : given
  if (sameValue(value, found, type, resolution)) return true
  switch (expected?.as) {
    case 'truncated':
      return typeof value === 'string' && typeof found === 'string' && isStartOf(value, found)
    case 'coerced':
    case 'rounded':
      return textOf(value) === textOf(found)
    case 'collapsed':
      return found === undefined || found === null
    case undefined:
      return false
  }
}

/** A start that is shorter, not empty, and does not end inside a character. */
const isStartOf = (whole: string, found: string): boolean =>
  found.length > 0 &&
  found.length < whole.length &&
  whole.startsWith(found) &&
  !/[\uD800-\uDBFF]$/.test(found)

/** A list joined, a number or a boolean written as text; case is not looked at. */
function textOf(value: Value | undefined): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(textOf).join(', ').toLowerCase()
  return (typeof value === 'object' ? JSON.stringify(value) : String(value)).toLowerCase()
}
