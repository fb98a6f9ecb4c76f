import type { Item } from '../item.ts'
import { type Fields, isPlainObject } from './clean-value.ts'
import { readValues } from './envelope.ts'
import type { Findings, Mistake, Note } from './mistake.ts'
import { parseMessage } from './parse-message.ts'
import type { ParseOptions } from './parse-options.ts'
import { elementPath } from './path.ts'

/** A message of a batch that was not accepted; the others were. */
export interface RefusedMessage {
  /** Its place in the batch, from 0. */
  readonly index: number
  /** Paths begin at the batch: `batch[3].properties.price`. */
  readonly mistakes: readonly Mistake[]
}
export type ParsedBatch =
  | {
      readonly ok: true
      /** Items of the accepted messages, in the batch's order. */
      readonly items: readonly Item[]
      readonly notes: readonly Note[]
      readonly refused: readonly RefusedMessage[]
    }
  /** The body is no batch; nothing of it was read. */
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

/**
 * Checks and translates a batch: the body of Segment's `/v1/batch` (`{ batch: […], context?, integrations? }`) or a bare
 * list. Each message stands alone: one with mistakes is refused, the others are translated.
 *
 * The batch's own `context` and `integrations` are given to each message that does not say otherwise, name by name at
 * the first level; Segment documents the merge, not its depth.
 * @see https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/#batch
 */
export function parseBatch(input: unknown, options: ParseOptions = {}): ParsedBatch {
  const batch = Array.isArray(input)
    ? (input as readonly unknown[])
    : isPlainObject(input)
      ? input['batch']
      : undefined
  if (!Array.isArray(batch)) {
    const path = isPlainObject(input) ? 'batch' : ''
    return { ok: false, mistakes: [{ path, message: 'is no list of messages', allowed: ['list'] }] }
  }
  const root = Array.isArray(input) ? '' : 'batch'
  const common = isPlainObject(input) ? input : {}
  const findings: Findings = { mistakes: [], notes: [] }
  readValues(common, 'context', findings)
  if (findings.mistakes.length > 0) return { ok: false, mistakes: findings.mistakes }
  const items: Item[] = []
  const notes: Note[] = []
  const refused: RefusedMessage[] = []
  for (let index = 0; index < batch.length; index++) {
    const parsed = parseMessage(withCommon(batch[index], common), options)
    const path = elementPath(root, index)
    if (!parsed.ok) refused.push({ index, mistakes: parsed.mistakes.map((mistake) => below(path, mistake)) })
    else {
      for (const item of parsed.items) items.push(item)
      for (const note of parsed.notes) notes.push(below(path, note))
    }
  }
  return { ok: true, items, notes, refused }
}

function below<T extends { readonly path: string }>(parent: string, finding: T): T {
  const joint = finding.path === '' || finding.path.startsWith('[') ? '' : '.'
  return { ...finding, path: `${parent}${joint}${finding.path}` }
}

function withCommon(message: unknown, common: Fields): unknown {
  const { context, integrations } = common
  if (!isPlainObject(message) || (context === undefined && integrations === undefined)) return message
  const merged: { [name: string]: unknown } = { ...message }
  if (context !== undefined) merged['context'] = mergeFirstLevel(context, message['context'])
  if (integrations !== undefined)
    merged['integrations'] = mergeFirstLevel(integrations, message['integrations'])
  return merged
}

function mergeFirstLevel(common: unknown, own: unknown): unknown {
  if (own === undefined || own === null) return common
  return isPlainObject(common) && isPlainObject(own) ? { ...common, ...own } : own
}
