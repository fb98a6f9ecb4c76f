/**
 * What is known about a user beside events, each from its instant on; a fact is seen by the events of its millisecond.
 * A later one replaces an earlier one of the same kind and subject.
 */
export type Fact = { readonly atMs: number } & (
  | { readonly kind: 'consent'; readonly purpose: string; readonly state: 'granted' | 'denied' }
  | { readonly kind: 'suppression'; readonly suppressed: boolean }
  /** Without one a channel is taken for reachable. */
  | { readonly kind: 'reachability'; readonly channel: string; readonly reachable: boolean }
  /**
   * A change of a static segment, or a read of a mirrored one. `effect`: a step made it; it comes after the events of
   * its millisecond, at this place (from 0) among the effects of steps (see `effectsOf`).
   */
  | {
      readonly kind: 'membership'
      readonly segment: string
      readonly member: boolean
      readonly effect?: number
    }
  /** A profile write that is no event: traits as they stand then, `null` clears. The user exists from then on. */
  | { readonly kind: 'traits'; readonly traits: { readonly [name: string]: unknown } }
  /** The outbox gave the send up: caps count it no more. `send` is the id of its ledger line. */
  | { readonly kind: 'dead'; readonly send: string }
)
