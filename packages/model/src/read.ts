import type { Identity } from './identity.ts'
import type { Instant, Values } from './value.ts'

/** Where to go on reading. `token` is opaque text, versioned by the adapter. */
export interface Cursor {
  readonly vendor: string
  readonly token: string
  readonly expiresAt?: Instant
}
/** Store the items first, then the cursor. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly cursor?: Cursor
  readonly last: boolean
}
export type Query = {
  /** Canonical names; an empty list asks for the identity only. */
  readonly fields: readonly string[]
} & (
  | { readonly mode: 'since'; readonly from: Instant | Cursor }
  | { readonly mode: 'all'; readonly resume?: Cursor }
  | { readonly mode: 'ids'; readonly who: readonly Identity[] }
)
export type ProfileRow =
  | {
      readonly kind: 'profile'
      readonly who: Identity
      readonly traits: Values
      readonly changedAt?: Instant
      readonly fieldChangedAt?: { readonly [name: string]: Instant }
    }
  /** Deleted, archived or merged away. */
  | { readonly kind: 'gone'; readonly who: Identity; readonly mergedInto?: Identity }
  | { readonly kind: 'missing' | 'ambiguous'; readonly who: Identity }
