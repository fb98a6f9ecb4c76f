/**
 * Who an item is about. Ids are opaque text, compared byte for byte, never trimmed, padded or made a number.
 * A person is matched by vendor id, then `userId`, then `anonymousId`; e-mail and phone only where the account
 * says that they identify people.
 */
export interface Identity {
  readonly userId?: string
  readonly anonymousId?: string
  readonly email?: string
  /** E.164, e.g. `+4915112345678`; anything else is not sent. */
  readonly phone?: string
  /** The person's own id at a vendor, by vendor name: `{ hubspot: '1234' }`. */
  readonly vendorIds?: { readonly [vendor: string]: string }
}
