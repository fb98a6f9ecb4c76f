import type { Definitions } from '../definition/definition.ts'
import { createFindings, type Finding } from './finding.ts'

/** Who is in which segment, in given data. */
export interface Memberships {
  /** All users of the data. */
  readonly users: number
  /** Members by segment id, at one instant. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>
}

/** A segment below this share of the users is nearly empty. */
const smallShare = 0.01
/** Two segments are nearly the same from this share of common members among all members of both (Jaccard) on. */
const equalShare = 0.95

/**
 * Dynamic segments that are nearly empty (under 1 % of the users) or nearly the same (Jaccard index ≥ 0.95) in given
 * data. Of segments that are nearly empty no two are compared.
 */
export function checkSegments(
  { segments }: Definitions,
  { users, members }: Memberships,
): readonly Finding[] {
  const findings = createFindings()
  const large: { readonly index: number; readonly id: string; readonly set: ReadonlySet<string> }[] = []
  for (const [index, { id, kind }] of segments.entries()) {
    const set = members.get(id)
    if (kind !== 'dynamic' || set === undefined) continue
    if (set.size >= users * smallShare && set.size > 0) large.push({ index, id, set })
    else if (users > 0) {
      const share = ((100 * set.size) / users).toFixed(2)
      const message = `"${id}" has ${set.size} of ${users} users (${share} %) in this data; check its condition`
      findings.warn('small-segment', `segments[${index}]`, message)
    }
  }
  for (const [place, a] of large.entries()) {
    for (const b of large.slice(0, place)) {
      const share = jaccard(a.set, b.set)
      if (share < equalShare) continue
      const message = `"${a.id}" and "${b.id}" are ${(100 * share).toFixed(1)} % the same in this data (members of both among members of either); use one of them`
      findings.warn('equal-segments', `segments[${a.index}]`, message)
    }
  }
  return findings.found
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0
  for (const user of a) if (b.has(user)) common += 1
  return common / (a.size + b.size - common)
}
