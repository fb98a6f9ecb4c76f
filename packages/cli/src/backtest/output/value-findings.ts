import type { ValueFinding } from '@tripline/triggers'
import { counted } from '../../report/words.ts'

/** What the engine found about values while it read: it went on, taking them as the semantics say. */
export interface ValueFindings {
  /** Fields with values of another type than declared, which count as missing. `event` is absent for a trait. */
  readonly types: readonly { readonly field: string; readonly type: string; readonly event?: string }[]
  /** Users who had to be asked for their zone and have none: the default zone was taken. */
  readonly usersWithoutZone: number
  /** The same, their zone being no known one. */
  readonly usersWithUnknownZone: number
}

/** Counts users, keeps fields: one entry each. */
export function collectFindings(): { take(finding: ValueFinding): void; readonly found: ValueFindings } {
  const found = {
    types: [] as ValueFindings['types'][number][],
    usersWithoutZone: 0,
    usersWithUnknownZone: 0,
  }
  return {
    take(finding) {
      if (finding.kind === 'zone') {
        if (finding.zone === undefined) found.usersWithoutZone++
        else found.usersWithUnknownZone++
        return
      }
      const { field, type, event } = finding
      if (found.types.some((known) => known.field === field && known.event === event)) return
      found.types.push({ field, type, ...(event !== undefined && { event }) })
    },
    found,
  }
}

/** A line for each kind of finding. */
export function findingLines({
  types,
  usersWithoutZone,
  usersWithUnknownZone,
}: ValueFindings): readonly string[] {
  const users = (count: number, what: string) =>
    count === 0 ? [] : [`${counted(count, 'user')} ${what}: the default zone of the policy, or UTC, is taken`]
  return [
    ...types.map(
      ({ field, type, event }) =>
        `${event === undefined ? 'trait' : `"${event}"`} ${field}: has values that are no ${type}, taken as missing`,
    ),
    ...users(usersWithoutZone, 'without a time zone'),
    ...users(usersWithUnknownZone, 'with an unknown time zone'),
  ]
}
