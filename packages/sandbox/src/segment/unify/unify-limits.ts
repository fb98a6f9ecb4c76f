import type { StoredMessage } from '../store-types.ts'

/**
 * What Unify drops without a word although the Tracking API took it.
 * https://segment.com/docs/unify/product-limits/ ; "300 or more traits" for identify is the stricter of two statements.
 */
export const unifyLimits = {
  maxProperties: 300,
  maxIdentifyTraits: 299,
  maxMessageIdChars: 100,
  maxGroupIdChars: 500,
  oldestMs: 0,
} as const

/** The reason a message never reaches a profile; undefined when it does. */
export function unifyProblem(message: StoredMessage): string | undefined {
  const { messageId, type, groupId, context } = message
  if (messageId.length > unifyLimits.maxMessageIdChars) return 'message_id_too_long'
  const maxTraits = type === 'identify' ? unifyLimits.maxIdentifyTraits : unifyLimits.maxProperties
  if (Object.keys(message.properties ?? {}).length > unifyLimits.maxProperties) return 'too_many_properties'
  if (Object.keys(message.traits ?? {}).length > maxTraits) return 'too_many_traits'
  if (type === 'group' && (groupId ?? '') === '') return 'group_id_empty'
  if (context.groupId === '') return 'context_group_id_empty'
  const group = groupId ?? context.groupId
  if (typeof group === 'string' && group.length > unifyLimits.maxGroupIdChars) return 'group_id_too_long'
  // "may not ingest": taken as lost
  return Date.parse(message.timestamp) < unifyLimits.oldestMs ? 'timestamp_before_1970' : undefined
}
