import type { SegmentAccount } from '../account.ts'
import { newId, type Store } from '../state.ts'
import type { Collection, Profile, Space } from '../store-types.ts'
import type { Identifier } from './identifiers.ts'
import { mergeProfiles } from './merge.ts'

const defaultIdentifierLimit = 5

export interface Arrival {
  readonly atMs: number
  readonly messageId: string
  readonly sourceId: string
}

/** The profile a segment id or an identifier leads to, merges followed. */
export function findProfile(
  space: Space,
  collection: Collection,
  type: string,
  id: string,
): Profile | undefined {
  const profileId = space.index.get(indexKey(collection, type, id))
  return profileId === undefined ? undefined : findById(space, profileId)
}
export function findById(space: Space, profileId: string): Profile | undefined {
  let id: string | undefined = profileId
  for (let next = space.mergedInto.get(id); next !== undefined; next = space.mergedInto.get(id)) id = next
  return space.profiles.get(id)
}
export const indexKey = (collection: Collection, type: string, id: string): string =>
  `${collection}|${type}|${id}`

/**
 * Finds, extends, merges or creates the profile of these identifiers (best first). When the result would hold too many
 * values of a type, or would be merged too often, the last identifier is left aside and the rest tried again.
 * https://segment.com/docs/unify/identity-resolution/identity-resolution-settings/#priority
 */
export function resolveProfile(
  store: Store,
  space: Space,
  account: SegmentAccount,
  collection: Collection,
  identifiers: readonly Identifier[],
  arrival: Arrival,
): Profile | undefined {
  for (let used = identifiers; used.length > 0; used = used.slice(0, -1)) {
    const matched = new Set<Profile>()
    for (const { type, id } of used) {
      const profile = findProfile(space, collection, type, id)
      if (profile) matched.add(profile)
    }
    if (!fits([...matched], used, account)) continue
    const oldestFirst = [...matched].sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1))
    const [kept = createProfile(store, space, collection, arrival), ...others] = oldestFirst
    for (const other of others) mergeProfiles(space, kept, other)
    attach(space, kept, used, arrival)
    return kept
  }
  return undefined
}

function fits(matched: readonly Profile[], used: readonly Identifier[], account: SegmentAccount): boolean {
  if (matched.length > 1) {
    const merges = matched.reduce((sum, profile) => sum + profile.merges, 0) + matched.length - 1
    if (merges > account.maxMerges) return false
  }
  const values = new Map<string, Set<string>>()
  const add = (type: string, id: string): void =>
    void (values.get(type) ?? values.set(type, new Set()).get(type))?.add(id)
  for (const profile of matched) for (const { type, id } of profile.externalIds) add(type, id)
  const before = matched.length === 1 ? (matched[0]?.externalIds.length ?? 0) : -1
  for (const { type, id } of used) add(type, id)
  const total = [...values.values()].reduce((sum, ids) => sum + ids.size, 0)
  if (total === before) return true // nothing new: a limit lowered later does not split a profile
  if (total > account.maxIdsPerProfile) return false
  return [...values].every(
    ([type, ids]) => ids.size <= (account.identifierLimits[type] ?? defaultIdentifierLimit),
  )
}

function attach(space: Space, profile: Profile, identifiers: readonly Identifier[], arrival: Arrival): void {
  for (const { type, id } of identifiers) {
    const key = indexKey(profile.collection, type, id)
    if (space.index.has(key)) continue
    space.index.set(key, profile.id)
    const { sourceId, messageId, atMs } = arrival
    profile.externalIds.push({ type, id, sourceId, createdAtMs: atMs, firstMessageId: messageId })
  }
}

function createProfile(store: Store, space: Space, collection: Collection, arrival: Arrival): Profile {
  const profile: Profile = {
    id: newId(store, collection === 'users' ? 'use_' : 'gro_'),
    collection,
    traits: new Map(),
    externalIds: [],
    events: [],
    eventsByName: new Map(),
    links: new Set(),
    consent: new Map(),
    createdAtMs: arrival.atMs,
    firstMessageId: arrival.messageId,
    firstSourceId: arrival.sourceId,
    merges: 0,
    updatedAtMs: arrival.atMs,
    lastMessageId: arrival.messageId,
    lastSourceId: arrival.sourceId,
  }
  space.profiles.set(profile.id, profile)
  return profile
}
