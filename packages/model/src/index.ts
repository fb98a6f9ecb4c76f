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
export { fieldTypes, type Field, type FieldType } from './field.ts'
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
export { checkIdentity, textIdProblem } from './spec/check-identity.ts'
export { coerceToField } from './spec/coerce-to-field.ts'
export type { Coerced, FieldFinding, WireForm } from './spec/coerced.ts'
export { commerceEvents, type CommerceEvent } from './spec/commerce-events.ts'
export type { CommerceEventMap } from './spec/commerce-types.ts'
export { currencyExponent } from './spec/currencies.ts'
export { foldCollisions, type Collision } from './spec/fold-collisions.ts'
export { isCalendarDate, isInstant, readInstant, type ReadInstant } from './spec/instant.ts'
export { messageTypes, type MessageType } from './spec/message-fields.ts'
export { deriveMessageId } from './spec/message-id.ts'
export type { Mistake, Note } from './spec/mistake.ts'
export { fromMinorUnits, toMinorUnits, type MinorUnits } from './spec/money.ts'
export { readOrder, type Order, type OrderLine, type OrderNeed, type ReadOrder } from './spec/order.ts'
export { parseBatch, type ParsedBatch, type RefusedMessage } from './spec/parse-batch.ts'
export { parseMessage, type ParsedMessage } from './spec/parse-message.ts'
export type { ConsentMeaning, ParseOptions } from './spec/parse-options.ts'
export { readBack } from './spec/read-back.ts'
export { sameValue, type Resolution } from './spec/same-value.ts'
