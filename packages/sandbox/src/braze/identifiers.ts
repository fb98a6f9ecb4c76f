import type { BrazeStore } from './store.ts'
import { trackErrors } from './errors.ts'
import { isList, isName, isObject, type Json, type JsonObject } from './json.ts'
import { sizeLimits } from './limits.ts'
import type { Identifier } from './profile-index.ts'
import type { Profile } from './profile.ts'

const email = /^[^\s@<>(),;:"]+@[^\s@<>(),;:".]+(\.[^\s@<>(),;:".]+)+$/
const e164 = /^\+[1-9]\d{1,14}$/

export const isEmail = (value: unknown): value is string => typeof value === 'string' && email.test(value)
export const isPhone = (value: unknown): value is string => typeof value === 'string' && e164.test(value)
export const isExternalId = (value: unknown): value is string =>
  isName(value) && Buffer.byteLength(value) <= sizeLimits.externalIdBytes.max

const isAliasPart = (value: unknown): value is string =>
  isName(value) && Buffer.byteLength(value) <= sizeLimits.aliasBytes.max

/** `{alias_name, alias_label}`, each up to 236 bytes. */
export function readAlias(value: Json | undefined): Extract<Identifier, { kind: 'user_alias' }> | undefined {
  if (!isObject(value)) return undefined
  const { alias_name: name, alias_label: label } = value
  return isAliasPart(name) && isAliasPart(label) ? { kind: 'user_alias', name, label } : undefined
}

/**
 * Who a track object is about: exactly one of `external_id`, `user_alias`, `braze_id`; without one `email`, else `phone`.
 * A text is the reason why the object is refused. https://www.braze.com/docs/api/endpoints/user_data/post_user_track/
 */
export function readIdentifier(object: JsonObject): Identifier | string {
  const { external_id: externalId, user_alias: userAlias, braze_id: brazeId } = object
  const given = [externalId, userAlias, brazeId].filter((value) => value !== undefined && value !== null)
  if (given.length > 1) return trackErrors.assumedTwoIdentifiers
  if (externalId !== undefined && externalId !== null) {
    if (!isName(externalId)) return trackErrors.noIdentifier
    return isExternalId(externalId) ? { kind: 'external_id', value: externalId } : trackErrors.longId
  }
  if (userAlias !== undefined && userAlias !== null) return readAlias(userAlias) ?? trackErrors.assumedAlias
  if (isName(brazeId)) return { kind: 'braze_id', value: brazeId }
  if (object['email'] !== undefined && object['email'] !== null)
    return isEmail(object['email']) ? { kind: 'email', value: object['email'] } : trackErrors.email
  return isPhone(object['phone']) ? { kind: 'phone', value: object['phone'] } : trackErrors.noIdentifier
}

/** The one profile a track object is for: of several with an e-mail, identified ones first, then the latest updated. */
export function resolveLoosely(store: BrazeStore, who: Identifier): Profile | undefined {
  const found = store.profiles.find(who)
  if (found.length < 2) return found[0]
  return [...found].sort(
    (a, b) =>
      Number(b.externalId !== undefined) - Number(a.externalId !== undefined) || b.updates - a.updates,
  )[0]
}

export const prioritizations = [
  'identified',
  'unidentified',
  'most_recently_updated',
  'least_recently_updated',
] as const

export function readPrioritization(value: Json | undefined): readonly string[] | undefined {
  if (!isList(value) || value.length === 0) return undefined
  return value.every((name) => (prioritizations as readonly Json[]).includes(name))
    ? (value as readonly string[])
    : undefined
}

/** Narrows several matches by the ordered rules; undefined when none is left or still more than one. */
export function prioritize(found: readonly Profile[], rules: readonly string[]): Profile | undefined {
  let left = found
  for (const rule of rules) {
    if (left.length < 2) break
    if (rule === 'identified') left = left.filter((profile) => profile.externalId !== undefined)
    else if (rule === 'unidentified') left = left.filter((profile) => profile.externalId === undefined)
    else {
      const sign = rule === 'most_recently_updated' ? -1 : 1
      left = [...left].sort((a, b) => sign * (a.updates - b.updates)).slice(0, 1)
    }
  }
  return left.length === 1 ? left[0] : undefined
}
