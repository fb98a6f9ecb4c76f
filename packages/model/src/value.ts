/** A moment: ISO 8601, UTC, milliseconds, e.g. `2026-11-01T10:00:00.000Z`. */
export type Instant = string
/** What a property or trait may hold. `undefined`, `NaN` and infinities are refused by validation. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }
/** Named values. `null` clears a value at the vendor, an absent name leaves it alone, `''` is a value. */
export type Values = { readonly [name: string]: Value }
