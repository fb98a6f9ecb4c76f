import { type Context, toIso } from '../context.ts'
import { isJson, type Json, type Profile, type Space, type StoredMessage } from '../store-types.ts'
import { consentEvent } from '../validate-message.ts'
import { hasZone } from '../timestamps.ts'
import { foldId, isBlocked, userIdentifiers } from './identifiers.ts'
import { type Arrival, resolveProfile } from './identity.ts'
import { addEvent } from './merge.ts'
import { noteEvent, noteFields } from './seen-names.ts'
import { unifyProblem } from './unify-limits.ts'

/** Applies one message to a space's profiles. Gives the profiles it changed. */
export function applyMessage(
  state: Context,
  space: Space,
  message: StoredMessage,
  nowMs: number,
): readonly Profile[] {
  const { store, account } = state
  const drop = (reason: string): readonly Profile[] => {
    store.dropped.push({ at: toIso(nowMs), reason, messageId: message.messageId, spaceId: space.id })
    return []
  }
  // alias is for destinations only: https://segment.com/docs/connections/spec/alias/
  if (message.type === 'alias') return []
  const problem = unifyProblem(message)
  if (problem) return drop(problem)
  const arrival: Arrival = { atMs: nowMs, messageId: message.messageId, sourceId: message.sourceId }
  const user = resolveProfile(store, space, account, 'users', userIdentifiers(message, account), arrival)
  if (!user) return drop('no_identifier')
  touch(user, message, nowMs)
  if (message.type === 'identify') setTraits(space, user, message.traits ?? {}, message.sourceId, nowMs)
  else if (message.type !== 'group') addMessage(space, user, message, nowMs)
  const group = linkAccount(state, space, user, message, arrival)
  return group ? [user, group] : [user]
}

function touch(profile: Profile, message: StoredMessage, nowMs: number): void {
  profile.updatedAtMs = nowMs
  profile.lastMessageId = message.messageId
  profile.lastSourceId = message.sourceId
}

/** Null is stored as null: Segment has no unset. */
export function setTraits(
  space: Space,
  profile: Profile,
  traits: Json,
  sourceId: string,
  nowMs: number,
): void {
  for (const [name, value] of Object.entries(traits))
    profile.traits.set(name, { value, sourceId, updatedAtMs: nowMs, kind: 'custom' })
  noteFields(space.traits[profile.collection], traits, nowMs)
}

function addMessage(space: Space, profile: Profile, message: StoredMessage, nowMs: number): void {
  const { type } = message
  const event = type === 'page' ? 'Page Viewed' : type === 'screen' ? 'Screen Viewed' : (message.event ?? '')
  const named = message.name === undefined ? {} : { name: message.name, [`${type}_name`]: message.name }
  const properties: Json = type === 'track' ? (message.properties ?? {}) : { ...message.properties, ...named }
  addEvent(profile, { event, properties, atMs: engageTime(message), message })
  noteEvent(space, event, type, properties, nowMs)
  if (event === consentEvent) setConsent(space, profile, message.context)
}

/** Engage ignores a time without a zone: the event then counts as of its arrival. */
const engageTime = ({ originalTimestamp, timestamp, receivedAt }: StoredMessage): number =>
  Date.parse(hasZone(originalTimestamp) ? timestamp : receivedAt)

/** Categories not named become false. https://segment.com/docs/privacy/consent-management/consent-in-unify/ */
function setConsent(space: Space, profile: Profile, context: Json): void {
  const consent = isJson(context.consent) ? context.consent : {}
  const preferences = isJson(consent.categoryPreferences) ? consent.categoryPreferences : {}
  for (const category of Object.keys(preferences)) space.consentCategories.add(category)
  for (const category of space.consentCategories)
    profile.consent.set(category, preferences[category] === true)
}

function linkAccount(
  { store, account }: Context,
  space: Space,
  user: Profile,
  message: StoredMessage,
  arrival: Arrival,
): Profile | undefined {
  const groupId = message.groupId ?? message.context.groupId
  if (typeof groupId !== 'string' || isBlocked(groupId, account)) return undefined
  const identifier = { type: 'group_id', id: foldId(groupId, account) }
  const group = resolveProfile(store, space, account, 'accounts', [identifier], arrival)
  if (!group) return undefined
  touch(group, message, arrival.atMs)
  if (message.type === 'group') setTraits(space, group, message.traits ?? {}, message.sourceId, arrival.atMs)
  group.links.add(user.id)
  user.links.add(group.id)
  return group
}
