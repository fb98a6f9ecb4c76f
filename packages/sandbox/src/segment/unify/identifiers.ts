import type { SegmentAccount } from '../account.ts'
import { isJson, type Json, type StoredMessage } from '../store-types.ts'

export interface Identifier {
  readonly type: string
  readonly id: string
}

/**
 * The identifiers a message promotes to its user's profile, best first: user_id, email, then by name.
 * https://segment.com/docs/unify/identity-resolution/identity-resolution-settings/
 */
export function userIdentifiers(message: StoredMessage, account: SegmentAccount): Identifier[] {
  const { context } = message
  const contextTraits = isJson(context.traits) ? context.traits : {}
  const ownTraits: Json = message.type === 'identify' ? (message.traits ?? {}) : {}
  const found: Identifier[] = [
    ...one('user_id', message.userId),
    ...one('email', ownTraits.email ?? contextTraits.email),
    ...one('anonymous_id', message.anonymousId),
    ...deviceIdentifiers(context),
    ...customIdentifiers(context),
  ]
  const kept = new Map<string, Identifier>()
  for (const { type, id } of found) {
    const folded = foldId(id, account)
    if (!isBlocked(folded, account)) kept.set(`${type}|${folded}`, { type, id: folded })
  }
  return [...kept.values()].sort(
    (a, b) => rank(a.type) - rank(b.type) || (a.type < b.type ? -1 : a.type > b.type ? 1 : 0),
  )
}

export const foldId = (id: string, account: SegmentAccount): string =>
  account.profileIdCase === 'lower' ? id.toLowerCase() : id

/** Blocked values stay in the message and never become identifiers. */
export const isBlocked = (id: string, account: SegmentAccount): boolean =>
  account.blockedIds.some((pattern) => new RegExp(pattern).test(id))

const rank = (type: string): number => (type === 'user_id' ? 1 : type === 'email' ? 2 : 3)
const one = (type: string, value: unknown): Identifier[] =>
  typeof value === 'string' ? [{ type, id: value }] : []

function deviceIdentifiers(context: Json): Identifier[] {
  const device = isJson(context.device) ? context.device : {}
  const system = device.type
  if (system !== 'ios' && system !== 'android') return []
  return [
    ...one(`${system}.id`, device.id),
    ...one(`${system}.push_token`, device.token),
    ...(device.adTrackingEnabled === true ? one(`${system}.idfa`, device.advertisingId) : []),
  ]
}

/** All four fields are required; anything less is ignored. */
function customIdentifiers(context: Json): Identifier[] {
  if (!Array.isArray(context.externalIds)) return []
  return context.externalIds.flatMap((entry: unknown) =>
    isJson(entry) &&
    entry.collection === 'users' &&
    entry.encoding === 'none' &&
    typeof entry.type === 'string'
      ? one(entry.type, entry.id)
      : [],
  )
}
