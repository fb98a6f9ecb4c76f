import type { Profile } from './profile.ts'
import type { BrazeSegment } from './state.ts'
import type { BrazeStore } from './store.ts'

/** Whether the profile is in the segment right now; Braze evaluates segments in real time. */
export function isMember({ members, rule }: BrazeSegment, profile: Profile): boolean {
  if (rule) return profile.custom.get(rule.attribute) === rule.equals
  return profile.externalId !== undefined && (members ?? []).includes(profile.externalId)
}

/** All members. A rule looks at every user, as an export does anyway. */
export function* membersOf(store: BrazeStore, segment: BrazeSegment): Generator<Profile, void, undefined> {
  if (segment.rule) {
    for (const profile of store.profiles.all()) if (isMember(segment, profile)) yield profile
    return
  }
  for (const id of segment.members ?? []) {
    const profile = store.profiles.byExternalId(id)
    if (profile) yield profile
  }
}

export function sizeOf(store: BrazeStore, segment: BrazeSegment): number {
  let size = 0
  for (const _member of membersOf(store, segment)) size++
  return size
}
