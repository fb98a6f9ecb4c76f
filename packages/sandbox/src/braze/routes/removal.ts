import type { Route, SimReply } from '../../core/index.ts'
import type { BrazeContext } from '../context.ts'
import { messages, mismatch, refuse, success } from '../errors.ts'
import { isEmail, isExternalId, isPhone, prioritize, readAlias, readPrioritization } from '../identifiers.ts'
import { isList, isName, isObject, type Json, type JsonObject } from '../json.ts'
import { sizeLimits } from '../limits.ts'
import type { Profile } from '../profile.ts'
import type { BrazeStore } from '../store.ts'
import { post } from './route.ts'

const { max } = sizeLimits.idsPerRequest

/** delete, and the two calls of an external id migration. https://www.braze.com/docs/api/endpoints/user_data/ */
export const removalRoutes = (context: BrazeContext): readonly Route[] => [
  post(context, {
    path: '/users/delete',
    known: Object.keys(finders),
    handle: (body) => remove(context, body),
  }),
  post(context, {
    path: '/users/external_ids/rename',
    known: ['external_id_renames'],
    handle: (body) => rename(context, body),
  }),
  post(context, {
    path: '/users/external_ids/remove',
    known: ['external_ids'],
    handle: (body) => removeIds(context, body),
  }),
]

type Find = (store: BrazeStore, entry: Json) => Profile | 'nobody' | undefined
const contact =
  (kind: 'email' | 'phone', fits: (value: unknown) => value is string): Find =>
  (store, entry) => {
    const rules = isObject(entry) ? readPrioritization(entry['prioritization']) : undefined
    const value = isObject(entry) ? entry[kind] : undefined
    if (!rules || !fits(value)) return undefined
    return prioritize(store.profiles.find({ kind, value }), rules) ?? 'nobody'
  }
/** Undefined: the entry is malformed. A deprecated external id finds, and kills, the whole profile. */
const finders: Readonly<Record<string, Find>> = {
  external_ids: (store, entry) =>
    isName(entry) ? (store.profiles.byExternalId(entry) ?? 'nobody') : undefined,
  braze_ids: (store, entry) =>
    isName(entry) ? (store.profiles.find({ kind: 'braze_id', value: entry })[0] ?? 'nobody') : undefined,
  user_aliases: (store, entry) => {
    const alias = readAlias(entry)
    return alias && (store.profiles.find(alias)[0] ?? 'nobody')
  },
  email_addresses: contact('email', isEmail),
  phone_numbers: contact('phone', isPhone),
}

function remove(context: BrazeContext, body: JsonObject): SimReply {
  const names = Object.keys(finders).filter((name) => body[name] !== undefined)
  const [name] = names
  const list = name === undefined ? undefined : body[name]
  const find = name === undefined ? undefined : finders[name]
  if (names.length !== 1 || !isList(list) || !find) return mismatch()
  if (list.length === 0) return refuse(400, `'${name}' must not be empty`)
  if (list.length > max) return refuse(400, messages.tooManyIds)
  const doomed = new Set<Profile>()
  for (const entry of list) {
    const found = find(context.store, entry)
    if (found === undefined) return refuse(400, `'${name}' is not valid`)
    if (found !== 'nobody') doomed.add(found)
  }
  context.queue.add(context.clock.now(), context.account.removedAfterMs, () => {
    for (const profile of doomed) if (!profile.removed) context.store.profiles.remove(profile)
  })
  return success(201, { deleted: doomed.size })
}

function rename({ store }: BrazeContext, { external_id_renames: renames }: JsonObject): SimReply {
  if (!isList(renames) || renames.length === 0) return mismatch()
  if (renames.length > max) return refuse(400, messages.tooManyIds)
  const [done, errors]: [string[], [number, string][]] = [[], []]
  for (const [index, entry] of renames.entries()) {
    const fault = renameOne(store, entry, done)
    if (fault) errors.push([index, fault])
  }
  return success(201, { external_ids: done, rename_errors: errors })
}

/** The texts but `already in use` are not published. */
function renameOne(store: BrazeStore, entry: Json, done: string[]): string | undefined {
  const { current_external_id: from, new_external_id: to } = isObject(entry) ? entry : {}
  if (!isName(from)) return 'current_external_id is required'
  if (!isExternalId(to)) return 'new_external_id is not valid'
  const profile = store.profiles.byExternalId(from)
  if (!profile) return 'current_external_id was not found'
  if (profile.externalId !== from) return 'current_external_id must be the primary external_id'
  if (store.profiles.byExternalId(to)) return 'new_external_id is already in use'
  store.profiles.rename(profile, to)
  done.push(to)
  return undefined
}

function removeIds({ store }: BrazeContext, { external_ids: ids }: JsonObject): SimReply {
  if (!isList(ids) || ids.length === 0) return mismatch()
  if (ids.length > max) return refuse(400, messages.tooManyIds)
  const [removed, errors]: [string[], [number, string][]] = [[], []]
  for (const [index, id] of ids.entries()) {
    const profile = isName(id) ? store.profiles.byExternalId(id) : undefined
    if (isName(id) && profile?.deprecatedIds.has(id)) {
      store.profiles.dropDeprecated(profile, id)
      removed.push(id)
    } else errors.push([index, profile ? 'external_id is not deprecated' : 'external_id was not found'])
  }
  return success(201, { removed_ids: removed, removal_errors: errors })
}
