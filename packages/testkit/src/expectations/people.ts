import type { Value } from '@tripline/model'

/** Somebody, or a group, whose identity may still change. */
export interface Person {
  /** As in `Picture.facts`. */
  name: string
  readonly facts: Map<string, readonly Value[]>
  /** When each fact was set, in calls of `setFact`. */
  readonly setAt: Map<string, number>
  /** What became of it at the vendor. */
  mergedInto: Person | undefined
}
/** Everybody a vendor knows, while items are applied one after the other. */
export interface People {
  find(name: string): Person | undefined
  get(name: string): Person
  /** Another name for somebody; the person is shown under it when `shown`. */
  alsoKnownAs(person: Person, name: string, shown?: boolean): void
  /** `from` is gone, its names lead to `into`; which gets from it what it lacks, or all that was set later. */
  merge(from: Person, into: Person, takes: 'lacking' | 'later'): void
  all(): readonly Person[]
}

export function createPeople(): People {
  const byName = new Map<string, Person>()
  const everybody: Person[] = []
  const find = (name: string): Person | undefined => {
    const person = byName.get(name)
    return person && survivor(person)
  }
  return {
    find,
    get(name) {
      const known = find(name)
      if (known) return known
      const person: Person = { name, facts: new Map(), setAt: new Map(), mergedInto: undefined }
      byName.set(name, person)
      everybody.push(person)
      return person
    },
    alsoKnownAs(person, name, shown = false) {
      byName.set(name, person)
      if (shown) person.name = name
    },
    merge(from, into, takes) {
      for (const [what, values] of from.facts) {
        const isLater = (from.setAt.get(what) ?? 0) > (into.setAt.get(what) ?? 0)
        if (takes === 'later' ? !isLater && into.facts.has(what) : isKnown(into, what)) continue
        into.facts.set(what, values)
        into.setAt.set(what, from.setAt.get(what) ?? 0)
      }
      from.mergedInto = into
    },
    all: () => everybody.filter(({ mergedInto }) => mergedInto === undefined),
  }
}

export function survivor(person: Person): Person {
  let last = person
  while (last.mergedInto) last = last.mergedInto
  return last
}
const isKnown = ({ facts }: Person, what: string): boolean =>
  facts.get(what)?.some((value) => value !== null) ?? false

let clock = 0
/** Sets a fact; when it is in doubt whether the write was done, the values of before stay possible. */
export function setFact({ facts, setAt }: Person, what: string, value: Value, sure: boolean): void {
  setAt.set(what, ++clock)
  facts.set(what, sure ? [value] : [...(facts.get(what) ?? [null]), value])
}
