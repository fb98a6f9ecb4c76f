import type { Item } from '../item.ts'
import { readAlias, readGroup, readIdentify } from './translate-people.ts'
import { isPlainObject } from './clean-value.ts'
import { readTime, readValues, readWho } from './envelope.ts'
import { checkFields, type MessageType, readType } from './message-fields.ts'
import type { Findings, Mistake, Note } from './mistake.ts'
import type { ParseOptions } from './parse-options.ts'
import { readPage, readTrack } from './translate-event.ts'
import type { Draft } from './draft.ts'

export type ParsedMessage =
  | { readonly ok: true; readonly items: readonly Item[]; readonly notes: readonly Note[] }
  /** `mistakes` holds all of the message's mistakes, never none. */
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

const translate: { readonly [type in MessageType]: (draft: Draft) => readonly Item[] } = {
  track: readTrack,
  page: readPage,
  screen: readPage,
  identify: readIdentify,
  group: readGroup,
  alias: readAlias,
}

/**
 * Checks one message of the Segment Spec and translates it into canonical items.
 *
 * - `track`, `page`, `screen` → `event`; `properties` and `context` are the message's own objects, not copies.
 * - `identify` → `profile`, and a `link` before it when it carries both ids.
 * - `group` → `group` with the person as `member`; `alias` → `link`, only from an anonymous id.
 * - `Segment Consent Preference Updated` → one `consent` item for each category.
 *
 * Keys are the `messageId` (derived by hash when missing), with a suffix for the further items of a message. Times become
 * UTC milliseconds; a time in the future is not judged here. `null` in an optional field of the message itself counts as
 * absent; in properties and traits `null`, `''` and absent stay three things. Not carried over: `context` of messages
 * that do not become events, `integrations` (noted), transport fields (`sentAt`, `version` …), unknown fields (noted).
 *
 * Never throws for what is in the message.
 * @see https://segment.com/docs/connections/spec/
 * @example
 * parseMessage({ type: 'track', userId: 'u1', event: 'Signed Up', messageId: 'm1', timestamp: '2026-11-01T10:00:00Z' })
 * // => { ok: true, notes: [], items: [{ kind: 'event', key: 'm1', lane: 'u1', at: '2026-11-01T10:00:00.000Z', … }] }
 */
export function parseMessage(input: unknown, options: ParseOptions = {}): ParsedMessage {
  if (!isPlainObject(input)) {
    return { ok: false, mistakes: [{ path: '', message: 'is no plain object', allowed: ['object'] }] }
  }
  const findings: Findings = { mistakes: [], notes: [] }
  const type = readType(input, findings)
  checkFields(input, type, findings)
  const who = readWho(input, findings)
  const at = readTime(input, options, findings)
  const context = readValues(input, 'context', findings)
  if (type === undefined) {
    readValues(input, 'properties', findings)
    readValues(input, 'traits', findings)
    return { ok: false, mistakes: findings.mistakes }
  }
  const items = translate[type]({ type, message: input, who, at, context, options, findings })
  if (findings.mistakes.length > 0) return { ok: false, mistakes: findings.mistakes }
  return { ok: true, items, notes: findings.notes }
}
