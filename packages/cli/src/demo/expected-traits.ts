import type { Loss, Value } from '@tripline/model'
import type { Delivered } from './deliver-all.ts'

/** What a trait was set to last, and whether the vendor was said to hold it in another form. */
export interface ExpectedTrait {
  readonly value: Value
  /** A loss said so; undefined: as given. */
  readonly as: Exclude<Loss['kind'], 'dropped' | 'renamed'> | undefined
}
/** By userId, then by the trait's name. */
export type ExpectedTraits = ReadonlyMap<string, ReadonlyMap<string, ExpectedTrait>>

/** What everybody's traits must be: the profile items that arrived, applied one after the other, less their losses. */
export function expectTraits(delivered: readonly Delivered[]): ExpectedTraits {
  const people = new Map<string, Map<string, ExpectedTrait>>()
  for (const { item, result } of delivered) {
    if (item.kind !== 'profile' || item.who.userId === undefined || !arrived(result.outcome)) continue
    const traits = people.get(item.who.userId) ?? new Map<string, ExpectedTrait>()
    people.set(item.who.userId, traits)
    for (const [name, value] of Object.entries(item.set)) {
      const loss = result.losses.find(({ path }) => path === `set.${name}`)
      if (loss?.kind !== 'dropped') {
        traits.set(name, { value, as: loss?.kind === 'renamed' ? undefined : loss?.kind })
        // An empty text that the vendor cannot hold clears the value.
      } else if (value === '') traits.set(name, { value: null, as: undefined })
    }
  }
  return people
}

const arrived = (outcome: Delivered['result']['outcome']): boolean =>
  outcome.status === 'sent' || (outcome.status === 'skipped' && outcome.because === 'unchanged')

/** Who is a member now: everybody for whom the last membership that arrived says so. */
export function expectMembers(delivered: readonly Delivered[]): ReadonlyMap<string, boolean> {
  const members = new Map<string, boolean>()
  for (const { item, result } of delivered) {
    if (item.kind !== 'membership' || item.who.userId === undefined || !arrived(result.outcome)) continue
    members.set(item.who.userId, item.member)
  }
  return members
}
