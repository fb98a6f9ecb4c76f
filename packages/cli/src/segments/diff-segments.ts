import type { Identity } from '@tripline/model'
import { readMembers, type Members, type MembersOptions } from './read-members.ts'

export interface SegmentDiff {
  /** In `from`, not in `to`. */
  readonly entering: readonly Identity[]
  /** In `to`, not in `from`. Only people in `among` where `to` lists no members. */
  readonly leaving: readonly Identity[]
  readonly both: number
  readonly source: Counted
  readonly target: Counted
}
export interface Counted {
  readonly members: number
  readonly withoutId: number
  readonly complete: boolean
}

/**
 * Compares the members of two segments by our own ids. Where a vendor lists no members it is asked about the members of
 * the other one and about `among`.
 */
export async function diffSegments(from: MembersOptions, to: MembersOptions): Promise<SegmentDiff> {
  const source = await readMembers(from)
  const asked = [...source.byId.values(), ...to.among].map(withOurIds)
  const target = await readMembers({ ...to, among: distinct(asked) })
  const entering = missingIn(source, target)
  return {
    entering,
    leaving: missingIn(target, source),
    both: source.byId.size - entering.length,
    source: counted(source),
    target: counted(target),
  }
}

const missingIn = (one: Members, other: Members): readonly Identity[] =>
  [...one.byId].flatMap(([id, who]) => (other.byId.has(id) ? [] : [withOurIds(who)]))

/** A vendor's own ids and contact data mean nothing, or something else, at another vendor. */
function withOurIds({ userId, anonymousId }: Identity): Identity {
  return { ...(userId !== undefined && { userId }), ...(anonymousId !== undefined && { anonymousId }) }
}

function distinct(people: readonly Identity[]): readonly Identity[] {
  return [...new Map(people.map((who) => [who.userId ?? who.anonymousId, who])).values()]
}

const counted = ({ byId, withoutId, complete }: Members): Counted => ({
  members: byId.size + withoutId,
  withoutId,
  complete,
})
