export { createBuffer, type Buffer, type BufferOptions } from './buffer.ts'
export { deliverItems } from './deliver/deliver.ts'
export {
  allSent,
  dead,
  sentFrom,
  skipped,
  write,
  writes,
  type Batch,
  type Mapped,
  type Operation,
  type Sent,
  type Verdict,
  type Write,
} from './deliver/operation.ts'
export { createMemoryBudget } from './host/budget.ts'
export { systemClock } from './host/clock.ts'
export { createHost } from './host/host.ts'
export { createMemoryCache } from './host/memory-cache.ts'
export { createSecret, type Secret } from './host/secret.ts'
export { baseUrlOf } from './http/base-url.ts'
export { backoffMs, retryAfterMs, type Backoff } from './http/backoff.ts'
export type { Bridge, BridgedCall, Halt, Observation, Session, TransportOptions } from './http/contracts.ts'
export type { Answer, HttpRequest, HttpResult, Judgement, Repeat } from './http/request.ts'
export { createTransport, type Transport } from './http/transport.ts'
export { flatten, isRecord, keepImportant } from './mapping/flatten.ts'
export { faultOfValues } from './mapping/item-values.ts'
export { sha256Hex32, uuidV5 } from './mapping/keys.ts'
export { createNames, type NameRules, type Names } from './mapping/names.ts'
export { truncateBytes, truncateChars } from './mapping/text.ts'
export { transportOptions, type ConnectorOptions } from './options.ts'
export { createCursorCodec, paginate, type CursorCodec } from './paginate.ts'
export type { Undelivered } from './undelivered.ts'
