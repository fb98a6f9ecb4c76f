import type { Builder } from './builder.ts'
import { isZone } from '../time/local-time.ts'
import { compilePath } from './path.ts'
import { readSlot, writeSlot, type MatcherUser } from './user.ts'

export type ZoneOf = (user: MatcherUser) => string

/** The user's zone at the place that is worked on. A missing or unknown one is the default, told once per user. */
export function compileZone(builder: Builder): ZoneOf {
  const { zoneTrait, defaultZone } = builder.policy
  const { finding } = builder.options
  builder.keepTrait(zoneTrait)
  const read = compilePath(zoneTrait)
  const toldSlot = finding === undefined ? undefined : builder.newSlot()
  return (user) => {
    const zone = user.traits === undefined ? null : read(user.traits)
    if (typeof zone === 'string' && isZone(zone)) return zone
    if (finding !== undefined && toldSlot !== undefined && readSlot(user, toldSlot) === undefined) {
      writeSlot(user, toldSlot, true)
      const { userId } = user
      finding({ kind: 'zone', userId, ...(typeof zone === 'string' && { zone }) })
    }
    return defaultZone
  }
}
