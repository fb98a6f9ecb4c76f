import type { Profile, ProfileEvent, Space } from '../store-types.ts'

/** Moves everything of `other` into `kept`; `other` lives on as an alias. Of two values the later one stays. */
export function mergeProfiles(space: Space, kept: Profile, other: Profile): void {
  for (const [name, theirs] of other.traits) {
    const ours = kept.traits.get(name)
    if (!ours || ours.updatedAtMs <= theirs.updatedAtMs) kept.traits.set(name, theirs)
  }
  for (const externalId of other.externalIds) {
    kept.externalIds.push(externalId)
    space.index.set(`${kept.collection}|${externalId.type}|${externalId.id}`, kept.id)
  }
  for (const event of other.events) addEvent(kept, event)
  for (const link of other.links) kept.links.add(link)
  for (const [category, theirs] of other.consent) {
    const ours = kept.consent.get(category)
    // https://segment.com/docs/privacy/consent-management/consent-in-unify/#profile-level-conflict
    kept.consent.set(category, ours === undefined || ours === theirs ? theirs : 'conflict')
  }
  for (const audience of space.audiences.values())
    if (audience.members.delete(other.id)) audience.members.add(kept.id)
  kept.merges += other.merges + 1
  space.profiles.delete(other.id)
  space.mergedInto.set(other.id, kept.id)
}

export function addEvent(profile: Profile, event: ProfileEvent): void {
  profile.events.push(event)
  const sameName = profile.eventsByName.get(event.event)
  if (sameName) sameName.push(event)
  else profile.eventsByName.set(event.event, [event])
}
