import { trackErrors } from './errors.ts'
import { isEmail } from './identifiers.ts'
import { isList, isName, isObject, type Json, type JsonObject } from './json.ts'

const subscriptionStates: readonly Json[] = ['opted_in', 'subscribed', 'unsubscribed']

/** Why a reserved field makes Braze refuse the whole attributes object. https://www.braze.com/docs/api/endpoints/user_data/post_user_track/ */
export function reservedFault(given: JsonObject): string | undefined {
  const { email, email_subscribe: byEmail, push_subscribe: byPush, current_location: location } = given
  if (email !== undefined && email !== null && !isEmail(email)) return trackErrors.email
  if (byEmail !== undefined && !subscriptionStates.includes(byEmail)) return trackErrors.emailSubscription
  if (byPush !== undefined && !subscriptionStates.includes(byPush)) return trackErrors.pushSubscription
  if (location !== undefined && location !== null && !isLocation(location)) return trackErrors.location
  return groupFault(given['subscription_groups']) ?? tokenFault(given)
}

const isLocation = (value: Json): boolean =>
  isObject(value) && within(value['longitude'], 180) && within(value['latitude'], 90)
const within = (value: Json | undefined, bound: number): boolean =>
  typeof value === 'number' && Math.abs(value) <= bound

function groupFault(groups: Json | undefined): string | undefined {
  if (groups === undefined) return undefined
  if (!isList(groups)) return trackErrors.groupArray
  for (const group of groups) {
    if (!isObject(group)) return trackErrors.groupHash
    if (!isName(group['subscription_group_id'])) return trackErrors.groupId
    const state = group['subscription_state']
    if (state !== 'subscribed' && state !== 'unsubscribed') return trackErrors.groupState
  }
  return undefined
}

function tokenFault(given: JsonObject): string | undefined {
  const tokens = given['push_tokens']
  if (given['push_token_import'] === true && (!isList(tokens) || tokens.length === 0))
    return trackErrors.pushTokenImport
  if (tokens === undefined || tokens === null) return undefined
  if (!isList(tokens)) return trackErrors.pushTokenValue
  for (const token of tokens) {
    if (!isObject(token)) return trackErrors.pushTokenValue
    if (!isName(token['app_id'])) return trackErrors.pushTokenAppId
    if (!isName(token['token'])) return trackErrors.pushTokenText
  }
  return undefined
}
