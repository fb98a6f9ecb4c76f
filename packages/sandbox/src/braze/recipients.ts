import type { SimReply } from '../core/index.ts'
import { messages, refuse } from './errors.ts'
import { isEmail, isExternalId, prioritize, readAlias, readPrioritization } from './identifiers.ts'
import { isList, isObject, jsonBytes, type Json, type JsonObject } from './json.ts'
import { sizeLimits } from './limits.ts'
import type { Identifier } from './profile-index.ts'
import type { Profile } from './profile.ts'
import type { BrazeStore } from './store.ts'
import { reservedFault } from './validate-attributes.ts'

/** One entry of `recipients`. https://www.braze.com/docs/api/objects_filters/recipient_object/ */
export interface Recipient {
  readonly who: Identifier
  readonly prioritization: readonly string[]
  /** Trigger properties or context of this one recipient. */
  readonly properties: JsonObject
  readonly attributes: JsonObject | undefined
  readonly existingOnly: boolean
  readonly asSent: Json
}
/** Fields of a recipient beside its properties. */
export const recipientFields = [
  'external_user_id',
  'user_alias',
  'braze_id',
  'email',
  'prioritization',
  'send_to_existing_only',
  'attributes',
]

/** Reads up to 50 recipients; `propertyNames` are the keys that may carry their properties. */
export function readRecipients(
  list: Json | undefined,
  propertyNames: readonly string[],
): readonly Recipient[] | SimReply {
  if (!isList(list) || list.length === 0) return refuse(400, messages.noRecipients)
  if (list.length > sizeLimits.recipients.max) return refuse(400, messages.tooManyRecipients)
  const recipients: Recipient[] = []
  for (const [index, entry] of list.entries()) {
    const read = isObject(entry) ? readRecipient(entry, propertyNames) : 'must be an object'
    // The texts of a single bad recipient are not published.
    if (typeof read === 'string') return refuse(400, `recipients[${index}] ${read}`)
    recipients.push(read)
  }
  return withoutRepeats(recipients)
}

/** Of several entries for one `external_user_id` the last counts, and one message goes out. */
function withoutRepeats(recipients: readonly Recipient[]): readonly Recipient[] {
  const last = new Map<string, Recipient>()
  for (const [index, recipient] of recipients.entries())
    last.set(recipient.who.kind === 'external_id' ? `id ${recipient.who.value}` : `entry ${index}`, recipient)
  return [...last.values()]
}

function readRecipient(entry: JsonObject, propertyNames: readonly string[]): Recipient | string {
  const who = readWho(entry)
  if (typeof who === 'string') return who
  const prioritization = readPrioritization(entry['prioritization'])
  if (who.kind === 'email' && !prioritization) return "must have a 'prioritization' beside 'email'"
  const { send_to_existing_only: existingOnly = true, attributes } = entry
  if (typeof existingOnly !== 'boolean') return "'send_to_existing_only' must be a boolean"
  if (attributes !== undefined && (!isObject(attributes) || reservedFault(attributes)))
    return "'attributes' is not valid"
  if (!existingOnly && attributes === undefined)
    return "must have 'attributes' when 'send_to_existing_only' is false"
  if (!existingOnly && who.kind === 'user_alias')
    return "cannot use 'send_to_existing_only' with a 'user_alias'"
  const properties = readProperties(entry, propertyNames)
  if (!properties) return 'properties are not valid'
  return {
    who,
    prioritization: prioritization ?? [],
    properties,
    attributes: isObject(attributes) ? attributes : undefined,
    existingOnly,
    asSent: entry,
  }
}

function readWho(entry: JsonObject): Identifier | string {
  const { external_user_id: id, user_alias: alias, braze_id: brazeId, email } = entry
  const given = [id, alias, brazeId, email].filter((value) => value !== undefined)
  if (given.length !== 1) return "must have one of 'external_user_id', 'user_alias', 'braze_id' and 'email'"
  if (id !== undefined)
    return isExternalId(id) ? { kind: 'external_id', value: id } : "'external_user_id' is not valid"
  if (alias !== undefined) return readAlias(alias) ?? "'user_alias' is not valid"
  if (typeof brazeId === 'string') return { kind: 'braze_id', value: brazeId }
  return isEmail(email) ? { kind: 'email', value: email } : "'email' is not valid"
}

/** The properties under any of the names, the later laid over the earlier; up to 50 KB. */
export function readProperties(entry: JsonObject, names: readonly string[]): JsonObject | undefined {
  let properties: JsonObject = {}
  for (const name of names) {
    const value = entry[name]
    if (value === undefined) continue
    if (!isObject(value) || jsonBytes(value) > sizeLimits.triggerPropertyBytes.max) return undefined
    properties = { ...properties, ...value }
  }
  return properties
}

/** The one user a recipient means; `ambiguous` when an e-mail still fits several. */
export function resolveRecipient(
  store: BrazeStore,
  { who, prioritization }: Recipient,
): Profile | 'unknown-user' | 'ambiguous' {
  const found = store.profiles.find(who)
  if (found.length === 0) return 'unknown-user'
  return prioritize(found, prioritization) ?? 'ambiguous'
}
