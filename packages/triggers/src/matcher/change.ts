import { sameValue, type Value } from '@tripline/model'
import type { ChangesOccasion } from '../definition/occasion.ts'
import type { Builder } from './builder.ts'
import type { MatcherEvent } from './event.ts'
import { compilePath, firstName } from './path.ts'

/** Whether an identify event that was just applied changed the trait from and to what is asked for. */
export function changeHandler(
  { trait, from, to }: ChangesOccasion,
  builder: Builder,
): (event: MatcherEvent) => boolean {
  builder.keepTrait(trait)
  const read = compilePath(trait)
  const name = firstName(trait)
  const declared = builder.types.trait(trait)
  const type = declared?.type ?? 'object'
  const typed = (value: unknown): Value =>
    declared === undefined ? (value as Value) : (declared.typed(value) ?? null)
  const isAsked = (value: Value, wanted: Value | undefined) =>
    wanted === undefined || sameValue(value, wanted, type)
  return ({ properties }) => {
    if (!Object.hasOwn(properties, name)) return false
    const { before } = builder.place
    const earlier = typed(before === undefined ? null : read(before))
    const later = typed(read(properties))
    return !sameValue(earlier, later, type) && isAsked(earlier, from) && isAsked(later, to)
  }
}
