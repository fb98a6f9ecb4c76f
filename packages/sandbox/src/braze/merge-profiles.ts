import type { ProfileIndex } from './profile-index.ts'
import type { Profile, Tally } from './profile.ts'

/**
 * Reserved fields that an empty target takes from the source. Subscription states and push tokens are not on Braze's list,
 * so they stay. https://www.braze.com/docs/api/endpoints/user_data/post_users_merge/
 */
const mergedFields = [
  'first_name',
  'last_name',
  'email',
  'gender',
  'dob',
  'phone',
  'time_zone',
  'home_city',
  'country',
  'language',
] as const

/** Fills `target` from `source`: the target's values win, counts and revenue add up, first and last dates widen. */
export function mergeInto(profiles: ProfileIndex, target: Profile, source: Profile, now: number): void {
  for (const field of mergedFields) {
    const value = source.standard.get(field)
    if (value !== undefined && !target.standard.has(field)) profiles.setStandard(target, field, value)
  }
  for (const [name, value] of source.custom) if (!target.custom.has(name)) target.custom.set(name, value)
  addTallies(target.events, source.events)
  addTallies(target.purchases, source.purchases)
  target.revenue += source.revenue
  for (const received of ['campaigns', 'canvases'] as const)
    for (const [id, entry] of source[received]) {
      const before = target[received].get(id)
      if (!before || before.lastReceived < entry.lastReceived) target[received].set(id, entry)
    }
  profiles.touch(target, now)
}

function addTallies(target: Map<string, Tally>, source: ReadonlyMap<string, Tally>): void {
  for (const [name, { first, last, count }] of source) {
    const before = target.get(name)
    if (!before) target.set(name, { first, last, count })
    else {
      before.first = Math.min(before.first, first)
      before.last = Math.max(before.last, last)
      before.count += count
    }
  }
}
