import type { Route, SimReply } from '../../core/index.ts'
import type { BrazeContext } from '../context.ts'
import { refuse, success } from '../errors.ts'
import { isEmail, isPhone, prioritize, readAlias, readPrioritization } from '../identifiers.ts'
import { isList, isName, isObject, type Json, type JsonObject } from '../json.ts'
import { sizeLimits } from '../limits.ts'
import { mergeInto } from '../merge-profiles.ts'
import type { Identifier } from '../profile-index.ts'
import type { Profile } from '../profile.ts'
import { post } from './route.ts'

/** https://www.braze.com/docs/api/endpoints/user_data/post_users_merge/ */
export const mergeRoutes = (context: BrazeContext): readonly Route[] => [
  post(context, { path: '/users/merge', known: ['merge_updates'], handle: (body) => merge(context, body) }),
]

interface Side {
  readonly who: Identifier
  readonly prioritization: readonly string[]
}
const badIdentifiers =
  "identifiers must be objects with an 'external_id' property that is a string, or 'user_alias' property that is an object"

function merge(context: BrazeContext, { merge_updates: updates }: JsonObject): SimReply {
  if (!isList(updates) || !updates.every(isObject))
    return refuse(400, "'merge_updates' must be an array of objects")
  if (updates.length > sizeLimits.idsPerRequest.max)
    return refuse(400, 'a single request may not contain more than 50 merge updates')
  const pairs: (readonly [Side, Side])[] = []
  for (const update of updates) {
    const names = Object.keys(update)
    if (names.length !== 2 || !names.includes('identifier_to_merge') || !names.includes('identifier_to_keep'))
      return refuse(400, "'merge_updates' must only have 'identifier_to_merge' and 'identifier_to_keep'")
    const [source, target] = [readSide(update['identifier_to_merge']), readSide(update['identifier_to_keep'])]
    if (!source || !target) return refuse(400, badIdentifiers)
    pairs.push([source, target])
  }
  const { clock, account, queue } = context
  queue.add(clock.now(), account.visibleAfterMs, (at) => {
    for (const [source, target] of pairs) mergeOne(context, source, target, at)
  })
  return success(202)
}

function readSide(value: Json | undefined): Side | undefined {
  if (!isObject(value)) return undefined
  const { external_id: externalId, user_alias: alias, email, phone } = value
  if (isName(externalId)) return { who: { kind: 'external_id', value: externalId }, prioritization: [] }
  if (alias !== undefined) {
    const who = readAlias(alias)
    return who && { who, prioritization: [] }
  }
  const prioritization = readPrioritization(value['prioritization'])
  if (!prioritization) return undefined
  if (isEmail(email)) return { who: { kind: 'email', value: email }, prioritization }
  return isPhone(phone) ? { who: { kind: 'phone', value: phone }, prioritization } : undefined
}

/** The target is filled soon; the source can still be found until it is removed a little later. */
function mergeOne({ store, queue, account }: BrazeContext, from: Side, to: Side, now: number): void {
  const find = ({ who, prioritization }: Side): Profile | undefined =>
    prioritize(store.profiles.find(who), prioritization)
  const [source, target] = [find(from), find(to)]
  if (!source || !target || source === target) return
  mergeInto(store.profiles, target, source, now)
  queue.add(now, account.removedAfterMs, () => {
    if (!source.removed) store.profiles.remove(source)
  })
}
