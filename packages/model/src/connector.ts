import type { Capabilities } from './capability.ts'
import type { CheckReport } from './check.ts'
import type { Field } from './field.ts'
import type { Call } from './host.ts'
import type { Identity } from './identity.ts'
import type { Item, StartItem } from './item.ts'
import type { Limit } from './limit.ts'
import type { Page, ProfileRow, Query } from './read.ts'
import type { Report } from './result.ts'
import type { SegmentRef } from './segment.ts'
import type { Instant } from './value.ts'

export type VendorField = Field & { readonly vendorName: string; readonly writable: boolean }
export interface EnsuredField {
  readonly field: Field
  /** `implicit`: nothing to create, it comes into being with its first value. */
  readonly did: 'exists' | 'created' | 'implicit' | 'manual' | 'refused' | 'planned'
  readonly note: string
}
export type ListedSegment = SegmentRef & { readonly size?: number; readonly writable: boolean }
export interface EnsuredSegment {
  readonly segment: SegmentRef
  readonly created: boolean
  /** What a person must do in the vendor's UI for full effect; empty when nothing is left. */
  readonly manual: readonly string[]
}
export interface Member {
  readonly who: Identity
  readonly member: boolean
  readonly since?: Instant
}

/**
 * What every vendor package returns. Items go in, one result per item comes out, in the same order; nothing throws for
 * an item. Every write to a person goes through `deliver` or `start`. A breaking change adds a `specVersion: 2` beside
 * this one; it never edits this one.
 */
export interface Connector {
  readonly specVersion: 1
  readonly vendor: string
  readonly capabilities: Capabilities
  /** Effective for this account's options. */
  readonly limits: readonly Limit[]
  check(call?: Call): Promise<CheckReport>
  /** Fields that must exist at the vendor before they can be written. */
  readonly schema: {
    read(call?: Call): Promise<readonly VendorField[]>
    ensure(fields: readonly Field[], call?: Call): Promise<readonly EnsuredField[]>
  }
  deliver(items: readonly Item[], call?: Call): Promise<Report>
  start(items: readonly StartItem[], call?: Call): Promise<Report>
  readProfiles(query: Query, call?: Call): AsyncIterable<Page<ProfileRow>>
  readonly segments: {
    list(call?: Call): AsyncIterable<Page<ListedSegment>>
    ensure(name: string, call?: Call): Promise<EnsuredSegment>
    members(segment: SegmentRef, query: Query, call?: Call): AsyncIterable<Page<Member>>
  }
}
