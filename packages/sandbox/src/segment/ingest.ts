import { type Context, toIso } from './context.ts'
import { countDelivery } from './delivery-metrics.ts'
import { newId } from './state.ts'
import { isJson, type Json, type Source, type StoredMessage } from './store-types.ts'
import { correctTimes } from './timestamps.ts'
import { enqueue } from './unify/settle.ts'
import { type IngestCode, isCallType, rejectionCode } from './validate-message.ts'

export interface Envelope {
  readonly source: Source
  readonly receivedAtMs: number
  readonly sentAt: unknown
  readonly context?: Json
  readonly integrations?: Json
}

/** Takes one message, or records why not. The caller has answered, or will answer, 200 either way. */
export function ingest(state: Context, envelope: Envelope, item: Json, index: number): void {
  const { store, account } = state
  const { source, receivedAtMs } = envelope
  const type = item.type
  if (!isCallType(type)) return reject(state, source.id, item, index, 'multi_user_error')
  const code = refusal(state, source) ?? rejectionCode(type, item, account)
  if (code) return reject(state, source.id, item, index, code)
  const messageId =
    typeof item.messageId === 'string' && item.messageId !== '' ? item.messageId : newId(store, 'api-')
  if (isDuplicate(state, messageId, receivedAtMs)) {
    store.duplicates.push({ at: toIso(receivedAtMs), messageId, sourceId: source.id })
    return
  }
  if (typeof item.userId === 'string' && store.suppressed.has(item.userId)) {
    store.dropped.push({ at: toIso(receivedAtMs), reason: 'suppressed', messageId, spaceId: undefined })
    return
  }
  const message = toMessage(type, item, messageId, envelope)
  store.messages.push(message)
  countDelivery(store, receivedAtMs, {
    stage: 'successfully-received',
    sourceId: source.id,
    eventName: message.event ?? '',
    eventType: type,
    reason: '',
  })
  for (const spaceId of source.spaceIds) enqueue(state, spaceId, message)
}

const refusal = ({ account }: Context, source: Source): IngestCode | undefined =>
  account.locked ? 'locked_workspace' : source.enabled ? undefined : 'source_disabled'

/** Records a message that was answered with 200 and not taken. */
export function reject(
  { store, clock }: Context,
  sourceId: string | undefined,
  item: Json,
  index: number,
  code: IngestCode,
): void {
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
  store.rejected.push({
    at: toIso(clock.now()),
    code,
    sourceId,
    type: text(item.type),
    messageId: text(item.messageId),
    index,
  })
  if (sourceId === undefined) return
  countDelivery(store, clock.now(), {
    stage: 'failed-on-ingest',
    sourceId,
    eventName: text(item.event) ?? '',
    eventType: text(item.type) ?? '',
    reason: code,
  })
}

/** By messageId alone, over all sources of the workspace. segmentio/analytics-ruby#241 */
function isDuplicate({ store, account }: Context, messageId: string, nowMs: number): boolean {
  for (const [oldest, atMs] of store.seenMessageIds) {
    if (nowMs - atMs < account.deduplicationWindowMs) break
    store.seenMessageIds.delete(oldest)
  }
  if (store.seenMessageIds.has(messageId)) return true
  store.seenMessageIds.set(messageId, nowMs)
  return false
}

const textFields = ['userId', 'anonymousId', 'event', 'name', 'category', 'groupId', 'previousId'] as const
const objectFields = ['properties', 'traits'] as const

function toMessage(
  type: StoredMessage['type'],
  item: Json,
  messageId: string,
  envelope: Envelope,
): StoredMessage {
  const own: Record<string, unknown> = {}
  for (const name of textFields) if (typeof item[name] === 'string') own[name] = item[name]
  for (const name of objectFields) if (isJson(item[name])) own[name] = item[name]
  return {
    ...own,
    messageId,
    type,
    sourceId: envelope.source.id,
    context: mergeObjects(envelope.context, item.context),
    integrations: mergeObjects(envelope.integrations, item.integrations),
    ...correctTimes(item.timestamp, item.sentAt ?? envelope.sentAt, envelope.receivedAtMs),
    version: 2,
  }
}

/** The batch's object with the item's own merged over it, objects inside objects too. */
function mergeObjects(base: unknown, own: unknown): Json {
  if (!isJson(base)) return isJson(own) ? own : {}
  if (!isJson(own)) return base
  const merged: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(own))
    merged[name] = isJson(merged[name]) && isJson(value) ? mergeObjects(merged[name], value) : value
  return merged
}
