import { createHash } from 'node:crypto'
import { createAliasIndex, type AliasIndex } from './alias-index.ts'
import { createContactIndex } from './contact-index.ts'
import type { Json } from './json.ts'
import { newProfile, type Profile } from './profile.ts'

/** How a request names a user. */
export type Identifier =
  | { readonly kind: 'external_id' | 'braze_id' | 'email' | 'phone'; readonly value: string }
  | { readonly kind: 'user_alias'; readonly name: string; readonly label: string }

/** All users of the workspace, found by any of their identifiers without a search. */
export interface ProfileIndex {
  all(): Iterable<Profile>
  create(now: number): Profile
  /** Everyone the identifier fits; more than one only for `email` and `phone`. */
  find(who: Identifier): readonly Profile[]
  /** The current or a deprecated external id. */
  byExternalId(id: string): Profile | undefined
  /** Makes `id` the profile's external id. */
  identify(profile: Profile, id: string): void
  /** The old id stays valid until `dropDeprecated`. */
  rename(profile: Profile, id: string): void
  dropDeprecated(profile: Profile, id: string): void
  readonly aliases: AliasIndex
  /** Sets or, with null, removes a reserved field and keeps the e-mail and phone indexes right. */
  setStandard(profile: Profile, field: string, value: Json): void
  touch(profile: Profile, now: number): void
  remove(profile: Profile): void
  clear(): void
}

const some = (profile: Profile | undefined): readonly Profile[] => (profile ? [profile] : [])

/** 24 hexadecimal digits, as Braze's own ids look; counted, so that the same requests give the same ids. */
const brazeId = (order: number): string =>
  createHash('sha256').update(`profile ${order}`).digest('hex').slice(0, 24)

export function createProfileIndex(): ProfileIndex {
  const profiles = new Map<string, Profile>()
  const externalIds = new Map<string, Profile>()
  const aliases = createAliasIndex()
  const contacts = createContactIndex()
  let counted = { created: 0, updates: 0 }

  function find(who: Identifier): readonly Profile[] {
    if (who.kind === 'email' || who.kind === 'phone') return contacts.find(who.kind, who.value)
    if (who.kind === 'user_alias') return some(aliases.find(who.label, who.name))
    return some((who.kind === 'external_id' ? externalIds : profiles).get(who.value))
  }
  function touch(profile: Profile, now: number): void {
    profile.updatedAt = now
    profile.updates = ++counted.updates
  }
  function identify(profile: Profile, id: string): void {
    externalIds.set(id, profile)
    profile.externalId = id
  }
  return {
    all: () => profiles.values(),
    create(now) {
      const profile = newProfile(brazeId(++counted.created), now)
      profiles.set(profile.brazeId, profile)
      touch(profile, now)
      return profile
    },
    find,
    byExternalId: (id) => externalIds.get(id),
    identify,
    rename(profile, id) {
      if (profile.externalId !== undefined) profile.deprecatedIds.add(profile.externalId)
      identify(profile, id)
    },
    dropDeprecated(profile, id) {
      profile.deprecatedIds.delete(id)
      externalIds.delete(id)
    },
    aliases,
    setStandard(profile, field, value) {
      if (field === 'email' || field === 'phone') contacts.move(field, profile, value)
      if (value === null) profile.standard.delete(field)
      else profile.standard.set(field, value)
    },
    touch,
    remove(profile) {
      profile.removed = true
      profiles.delete(profile.brazeId)
      for (const id of [profile.externalId, ...profile.deprecatedIds])
        if (id !== undefined && externalIds.get(id) === profile) externalIds.delete(id)
      aliases.drop(profile)
      contacts.drop(profile)
    },
    clear() {
      for (const map of [profiles, externalIds, aliases, contacts]) map.clear()
      counted = { created: 0, updates: 0 }
    },
  }
}
