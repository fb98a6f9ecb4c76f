import type { Profile } from './profile.ts'

/** Pairs of (label, name), each held by one user; a user holds one name per label. */
export interface AliasIndex {
  find(label: string, name: string): Profile | undefined
  /** False when another user holds the pair or the profile holds another name under the label. */
  add(profile: Profile, label: string, name: string): boolean
  rename(label: string, from: string, to: string): boolean
  drop(profile: Profile): void
  clear(): void
}
const keyOf = (label: string, name: string): string => JSON.stringify([label, name])

export function createAliasIndex(): AliasIndex {
  const holders = new Map<string, Profile>()
  function add(profile: Profile, label: string, name: string): boolean {
    if (holders.has(keyOf(label, name)) || profile.aliases.has(label)) return false
    holders.set(keyOf(label, name), profile)
    profile.aliases.set(label, name)
    return true
  }
  return {
    find: (label, name) => holders.get(keyOf(label, name)),
    add,
    rename(label, from, to) {
      const profile = holders.get(keyOf(label, from))
      if (!profile || holders.has(keyOf(label, to))) return false
      holders.delete(keyOf(label, from))
      profile.aliases.delete(label)
      return add(profile, label, to)
    },
    drop(profile) {
      for (const [label, name] of profile.aliases) holders.delete(keyOf(label, name))
    },
    clear: () => holders.clear(),
  }
}
