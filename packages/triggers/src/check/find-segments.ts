import type { Definitions } from '../definition/definition.ts'
import { createFindings, type Finding } from './finding.ts'

/** A segment below this share of the users is nearly empty. */
const smallShare = 0.01
/** Two segments are nearly the same from this share of common members among all members of both (Jaccard) on. */
const equalShare = 0.95

/** How many users are in which dynamic segments, at one instant. Keeps numbers only: as many as pairs of segments. */
export interface MembershipCount {
  /** Once for each user of the data, also for those in no segment. */
  addUser(segments: ReadonlySet<string>): void
  /**
   * Segments that are nearly empty (under 1 % of the users) or nearly the same (Jaccard index ≥ 0.95). Of segments that
   * are nearly empty no two are compared.
   */
  findings(): readonly Finding[]
}

interface Counted {
  readonly id: string
  readonly path: string
  members: number
  /** With each of the segments before it. */
  readonly common: number[]
}

/** Counts the members of the dynamic segments of these definitions. */
export function countMemberships({ segments }: Definitions): MembershipCount {
  const counted = segments.flatMap(({ kind, id }, index): readonly Counted[] =>
    kind === 'dynamic' ? [{ id, path: `segments[${index}]`, members: 0, common: [] }] : [],
  )
  let users = 0
  return {
    addUser(ids) {
      users += 1
      for (const [index, segment] of counted.entries()) {
        if (!ids.has(segment.id)) continue
        segment.members += 1
        for (const [other, { id }] of counted.slice(0, index).entries())
          if (ids.has(id)) segment.common[other] = (segment.common[other] ?? 0) + 1
      }
    },
    findings: () => (users === 0 ? [] : judge(counted, users)),
  }
}

function judge(counted: readonly Counted[], users: number): readonly Finding[] {
  const findings = createFindings()
  const isSmall = ({ members }: Counted) => members === 0 || members < users * smallShare
  for (const [index, segment] of counted.entries()) {
    const { id, path, members } = segment
    if (isSmall(segment)) {
      const share = ((100 * members) / users).toFixed(2)
      const message = `"${id}" has ${members} of ${users} users (${share} %) in this data; check its condition`
      findings.warn('small-segment', path, message)
      continue
    }
    for (const [place, other] of counted.slice(0, index).entries()) {
      const common = segment.common[place] ?? 0
      const share = common / (members + other.members - common)
      if (isSmall(other) || share < equalShare) continue
      const message = `"${id}" and "${other.id}" are ${(100 * share).toFixed(1)} % the same in this data (members of both among members of either); use one of them`
      findings.warn('equal-segments', path, message)
    }
  }
  return findings.found
}
