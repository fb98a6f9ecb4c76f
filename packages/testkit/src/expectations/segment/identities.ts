import { createPeople, type People, type Person } from '../people.ts'

/** Most values of an identifier on one profile. https://segment.com/docs/unify/identity-resolution/identity-resolution-settings/ */
const maxUserIds = 1
const maxOthers = 5

export interface MessageIds {
  readonly userId?: string | undefined
  readonly email?: string | undefined
  readonly anonymousId?: string | undefined
}
/** The profiles of a space: who is found, joined or made by the identifiers of a message. */
export interface Profiles {
  resolve(ids: MessageIds): Person | undefined
  readonly people: People
}

export function createProfiles(): Profiles {
  const people = createPeople()
  const idsOf = new Map<Person, Set<string>>()
  const made: Person[] = []

  function fits(persons: readonly Person[], names: readonly string[]): boolean {
    const all = new Set([...persons.flatMap((person) => [...(idsOf.get(person) ?? [])]), ...names])
    const count = (kind: string): number => [...all].filter((name) => name.startsWith(`${kind}:`)).length
    return count('user') <= maxUserIds && count('email') <= maxOthers && count('anonymous') <= maxOthers
  }
  return {
    people,
    resolve({ userId, email, anonymousId }) {
      // The best identifier first; when they cannot be one profile, the last is left aside.
      const names = [
        ...(userId === undefined ? [] : [`user:${userId.toLowerCase()}`]),
        ...(email === undefined ? [] : [`email:${email.toLowerCase()}`]),
        ...(anonymousId === undefined ? [] : [`anonymous:${anonymousId.toLowerCase()}`]),
      ]
      for (let used = names; used.length > 0; used = used.slice(0, -1)) {
        const found = [...new Set(used.flatMap((name) => people.find(name) ?? []))]
        if (!fits(found, used)) continue
        const [kept = people.get(used[0] ?? ''), ...others] = found.sort(
          (a, b) => made.indexOf(a) - made.indexOf(b),
        )
        if (!idsOf.has(kept)) made.push(kept)
        const ids = idsOf.get(kept) ?? new Set<string>()
        for (const other of others) {
          people.merge(other, kept, 'later')
          for (const id of idsOf.get(other) ?? []) ids.add(id)
        }
        for (const name of used) ids.add(name)
        for (const name of ids) if (!people.find(name)) people.alsoKnownAs(kept, name)
        idsOf.set(kept, ids)
        kept.name = nameOf(ids)
        return kept
      }
      return undefined
    },
  }
}

/** The user id, or else the first identifier that is no address, or the address. */
export function nameOf(ids: ReadonlySet<string>): string {
  const all = [...ids]
  return (
    all.find((id) => id.startsWith('user:')) ??
    all.find((id) => id.startsWith('anonymous:')) ??
    all[0] ??
    'nobody'
  )
}
