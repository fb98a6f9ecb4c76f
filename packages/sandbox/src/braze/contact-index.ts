import type { Json } from './json.ts'
import type { Profile } from './profile.ts'

export type ContactField = 'email' | 'phone'

/** Who has an e-mail address or a phone number; several people may have the same. Compared byte for byte. */
export interface ContactIndex {
  find(field: ContactField, value: string): readonly Profile[]
  /** To be called before the profile's own field changes to `to`. */
  move(field: ContactField, profile: Profile, to: Json): void
  drop(profile: Profile): void
  clear(): void
}

export function createContactIndex(): ContactIndex {
  const holders = { email: new Map<string, Set<Profile>>(), phone: new Map<string, Set<Profile>>() }
  function leave(field: ContactField, profile: Profile): void {
    const from = profile.standard.get(field)
    const before = typeof from === 'string' ? holders[field].get(from) : undefined
    before?.delete(profile)
    if (typeof from === 'string' && before?.size === 0) holders[field].delete(from)
  }
  return {
    find: (field, value) => [...(holders[field].get(value) ?? [])],
    move(field, profile, to) {
      leave(field, profile)
      if (typeof to === 'string') holders[field].set(to, (holders[field].get(to) ?? new Set()).add(profile))
    },
    drop(profile) {
      leave('email', profile)
      leave('phone', profile)
    },
    clear() {
      holders.email.clear()
      holders.phone.clear()
    },
  }
}
