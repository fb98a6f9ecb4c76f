/** Something of an item that the vendor cannot hold. Travels with the result; nothing is lost silently. */
export interface Loss {
  /** Where in the item: `event.properties.coupon`, `set.tags`. */
  readonly path: string
  /** `collapsed`: two different things became one (two events in one second, two names folded to one). */
  readonly kind: 'dropped' | 'truncated' | 'coerced' | 'renamed' | 'rounded' | 'collapsed'
  readonly because: string
  /** Public URL or `owner/repo:path` of the vendor fact behind it. */
  readonly source: string
}
