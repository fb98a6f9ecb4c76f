import type { Ability, Capability } from './capability.ts'
import type { Fault } from './fault.ts'

/** What *this account* may do, and how sure that is. */
export interface CheckReport {
  readonly account?: {
    readonly id?: string
    readonly name?: string
    readonly region?: string
    readonly plan?: string
    readonly timeZone?: string
  }
  readonly abilities: Readonly<
    Record<Ability, Capability & { readonly confidence: 'verified' | 'inferred' | 'assumed' }>
  >
  /** Vendor's clock minus the host's, in ms. */
  readonly clockSkewMs?: number
  readonly faults: readonly Fault[]
}
