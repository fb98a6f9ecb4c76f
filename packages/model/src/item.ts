import type { CanonicalEvent } from './event.ts'
import type { Identity } from './identity.ts'
import type { SegmentRef } from './segment.ts'
import type { Instant, Values } from './value.ts'

export interface ItemBase {
  /** Idempotency key: unique per item, the same in every attempt. */
  readonly key: string
  /** The canonical person or group, set by the caller after identity resolution. Order is kept inside a lane. */
  readonly lane: string
  readonly at: Instant
  /** Writes of this item that were already acknowledged: `done` of an earlier result. */
  readonly done?: readonly string[]
}
export interface EventItem extends ItemBase {
  readonly kind: 'event'
  readonly who: Identity
  readonly event: CanonicalEvent
  /** Old data: may not start anything at the vendor. @default false */
  readonly backfill?: boolean
}
export interface ProfileItem extends ItemBase {
  readonly kind: 'profile'
  readonly who: Identity
  readonly set: Values
  /** The values the vendor holds now, as last acknowledged; equal ones are not sent again (Braze bills them). */
  readonly before?: Values
}
/** Anonymous → known: what `other` did belongs to `known`. */
export interface LinkItem extends ItemBase {
  readonly kind: 'link'
  readonly known: Identity
  readonly other: Identity
}
export interface GroupItem extends ItemBase {
  readonly kind: 'group'
  /** `company`, `workspace` … */
  readonly groupType: string
  readonly groupId: string
  readonly set: Values
  readonly before?: Values
  /** A person to attach to the group, after both exist. */
  readonly member?: Identity
}
/** A state, not an event: leaving is written as such. */
export interface MembershipItem extends ItemBase {
  readonly kind: 'membership'
  readonly who: Identity
  readonly segment: SegmentRef
  readonly member: boolean
}
/** A recorded act of consent; no record is *unknown*, never "granted". */
export interface ConsentItem extends ItemBase {
  readonly kind: 'consent'
  readonly who: Identity
  /** `email`, `sms`, `push` … */
  readonly channel: string
  readonly topic?: string
  readonly state: 'granted' | 'denied'
  /** Legal basis, kept where the vendor keeps one. */
  readonly basis?: string
}
/** What `deliver` takes. */
export type Item = EventItem | ProfileItem | LinkItem | GroupItem | MembershipItem | ConsentItem

/** Hands one person to a workflow that exists at the vendor. */
export interface StartItem extends ItemBase {
  readonly who: Identity
  readonly data?: Values
  readonly via: {
    readonly kind: 'canvas' | 'campaign' | 'event' | 'segment' | 'message'
    readonly id: string
  }
}
