import { countBehavior } from './behavior-count.ts'
import { cohortMembers } from './cohort-evaluate.ts'
import { selects, type Lookup } from './expression-evaluate.ts'
import type { ProfileQuery } from './profile-query-input.ts'
import type { Project } from './project.ts'
import type { Properties } from './state.ts'

/** The profiles a query reads: users, or the groups of one key. */
export const sourceOf = ({ state }: Project, query: ProfileQuery): ReadonlyMap<string, Properties> =>
  query.groupKey === undefined
    ? state.profiles
    : (state.groups.get(query.groupKey) ?? new Map<string, Properties>())

/**
 * Ids of the result, in the order the profiles were made.
 * @throws {ExpressionError} when `where` joins what is no boolean
 */
export function selectIds(project: Project, query: ProfileQuery): readonly string[] {
  const profiles = sourceOf(project, query)
  const counts = new Map(
    [...query.behaviors].map(([name, behavior]) => [name, countBehavior(project, behavior)]),
  )
  const { where } = query
  const chosen = candidates(project, query, profiles)
  if (!where) return [...chosen]
  return [...chosen].filter((id) => selects(where, lookupOf(id, profiles.get(id) ?? {}, counts)))
}

function candidates(
  project: Project,
  query: ProfileQuery,
  profiles: ReadonlyMap<string, Properties>,
): Iterable<string> {
  if (query.cohort) return cohortCandidates(project, query, query.cohort, profiles)
  if (query.ids) return [...new Set(query.ids)].filter((id) => profiles.has(id))
  return profiles.keys()
}

/** `include_all_users` (default true) keeps members that have no profile. */
function cohortCandidates(
  project: Project,
  query: ProfileQuery,
  cohort: NonNullable<ProfileQuery['cohort']>,
  profiles: ReadonlyMap<string, Properties>,
): readonly string[] {
  const members = cohortMembers(project, cohort)
  const asked = query.ids && new Set(query.ids)
  return [...members].filter((id) => (query.includeAllUsers || profiles.has(id)) && (!asked || asked.has(id)))
}

function lookupOf(
  id: string,
  profile: Properties,
  counts: ReadonlyMap<string, ReadonlyMap<string, number>>,
): Lookup {
  return (source, name) => {
    if (source === 'behaviors') return counts.get(name)?.get(id) ?? (counts.has(name) ? 0 : undefined)
    return source === 'event' ? undefined : profile[name]
  }
}
