import type { CanonicalEvent, Values } from '@tripline/model'

/** What a message of the Segment Spec says beside its event: who, when, and its own id. */
export interface Envelope {
  readonly userId?: string
  readonly anonymousId?: string
  /** ISO 8601. */
  readonly timestamp?: string
  readonly messageId?: string
  readonly context?: Values
}

/** A `track` message of the Segment Spec; without an envelope a `CanonicalEvent`. */
export type TrackMessage = CanonicalEvent & { readonly type: 'track' } & Envelope
/** An `identify` message of the Segment Spec. */
export type IdentifyMessage = Envelope & { readonly type: 'identify'; readonly traits: Values }
