import { hash } from 'node:crypto'
import type { Instant, Value } from '../value.ts'
import { canonicalJson } from './canonical-json.ts'
import type { Fields } from './clean-value.ts'

/** What a message says; the rest is transport (`sentAt`, `writeKey` …) and differs between two sends of one message. */
const contentFields = [
  'anonymousId',
  'category',
  'context',
  'event',
  'groupId',
  'name',
  'previousId',
  'properties',
  'traits',
  'userId',
] as const

/**
 * The id of a message that came without one: 64 hex digits of SHA-256 over the canonical JSON of
 * [user, type, name, timestamp, content]. The same message gives the same id; a message without a timestamp gets the
 * time of receipt, so two of them differ.
 *
 * The message must be valid: every value in it a canonical `Value`.
 */
export function deriveMessageId(message: Fields, at: Instant): string {
  const content: { [name: string]: Value } = {}
  for (const name of contentFields) {
    const value = message[name] as Value | undefined
    if (value !== undefined && value !== null) content[name] = value
  }
  const user = content['userId'] ?? content['anonymousId'] ?? null
  const name = content['event'] ?? content['name'] ?? null
  return hash('sha256', canonicalJson([user, message['type'] as Value, name, at, content]))
}
