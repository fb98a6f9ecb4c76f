import type { RawEvent } from './validate-event.ts'
import type { ProjectState, Properties } from './state.ts'

const clusterSize = 500
const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i

/** The id that stands for the cluster an id belongs to; it may well be the anonymous one. */
export const canonicalOf = (state: ProjectState, id: string): string =>
  state.clusters.get(id)?.canonical ?? id

/**
 * Runs one identity verb of an original project. A wrong one is kept as an event that says why, and nothing else shows.
 * https://docs.mixpanel.com/docs/tracking-methods/id-management/identifying-users-original
 * @returns properties to keep with the event
 */
export function runVerb(
  state: ProjectState,
  { event, properties }: RawEvent,
  road: 'import' | 'track',
): Properties {
  if (event === '$identify') {
    const anonymous = properties['$anon_id']
    return runIdentify(state, anonymous, properties['$identified_id'])
  }
  if (event === '$create_alias') return merge(state, properties['distinct_id'], properties['alias'])
  if (road === 'track') return { $failure_reason: '$merge is only taken through /import' }
  const ids: unknown = properties['$distinct_ids']
  if (!Array.isArray(ids) || ids.length !== 2) return { $failure_reason: '$distinct_ids must hold two ids' }
  return merge(state, ids[0], ids[1])
}

function runIdentify(state: ProjectState, anonymous: unknown, identified: unknown): Properties {
  if (typeof anonymous !== 'string' || !uuidV4.test(anonymous))
    return { $failure_reason: '$anon_id is not a UUID v4' }
  if (state.clusters.has(anonymous)) return { $failure_reason: '$anon_id was merged before' }
  return merge(state, anonymous, identified)
}

function merge(state: ProjectState, first: unknown, second: unknown): Properties {
  if (typeof first !== 'string' || typeof second !== 'string' || first === '' || second === '') {
    return { $failure_reason: 'ids must be strings' }
  }
  const kept = state.clusters.get(second) ??
    state.clusters.get(first) ?? { canonical: first, members: new Set<string>() }
  const joined = new Set([...kept.members, first, second])
  for (const id of [first, second])
    for (const member of state.clusters.get(id)?.members ?? []) joined.add(member)
  if (joined.size > clusterSize) return { $failure_reason: `cluster would hold more than ${clusterSize} ids` }
  const cluster = { canonical: kept.canonical, members: joined }
  for (const id of joined) state.clusters.set(id, cluster)
  joinProfiles(state, cluster.canonical, joined)
  return {}
}

/** One profile for the cluster; where two know the same property, the canonical id's stays (assumed). */
function joinProfiles(state: ProjectState, canonical: string, members: ReadonlySet<string>): void {
  for (const id of members) {
    const profile = state.profiles.get(id)
    if (!profile || id === canonical) continue
    state.profiles.set(canonical, { ...profile, ...state.profiles.get(canonical) })
    state.profiles.delete(id)
  }
}
