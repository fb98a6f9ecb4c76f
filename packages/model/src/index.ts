export { abilities, type Ability, type Capabilities, type Capability } from './capability.ts'
export type { CheckReport } from './check.ts'
export type {
  Connector,
  EnsuredField,
  EnsuredSegment,
  ListedSegment,
  Member,
  VendorField,
} from './connector.ts'
export { TriplineError } from './errors.ts'
export type { CanonicalEvent } from './event.ts'
export type { Fault, FaultCode } from './fault.ts'
export type { Field, FieldType } from './field.ts'
export type { Budget, Call, CallEvent, Clock, Host, IdCache, PlannedRequest } from './host.ts'
export type { Identity } from './identity.ts'
export type {
  ConsentItem,
  EventItem,
  GroupItem,
  Item,
  ItemBase,
  LinkItem,
  MembershipItem,
  ProfileItem,
  StartItem,
} from './item.ts'
export type { Limit, ParallelLimit, RateLimit, SizeLimit } from './limit.ts'
export type { Loss } from './loss.ts'
export type { Cursor, Page, ProfileRow, Query } from './read.ts'
export type { CallCount, ItemResult, Outcome, Report } from './result.ts'
export type { SegmentRef } from './segment.ts'
export type { Instant, Value, Values } from './value.ts'
