import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { callerAddress, profilePlace } from '../geo.ts'
import { resolveId } from '../identity.ts'
import { isAtHome, overIngestionRate } from '../ingest-gate.ts'
import { readRecords } from '../ingest-input.ts'
import { ingestReply } from '../ingest-reply.ts'
import type { Project } from '../project.ts'
import { applyOperation, userOperations } from '../profile-operations.ts'
import { profileReply, sortUpdates, type ProfileUpdate } from '../profile-update.ts'
import type { Properties } from '../state.ts'

/** `/engage`: user profiles, no credential but the token. https://developer.mixpanel.com/reference/profile-set */
export const engageRoutes = (project: Project): readonly Route[] => [
  { method: 'POST', path: '/engage', handle: (request) => engage(project, request) },
  { method: 'GET', path: '/engage', handle: (request) => engage(project, request) },
]
const modifiers = ['$distinct_id', '$ip', '$time', '$ignore_time', '$ignore_alias', '$latitude', '$longitude']

function engage(project: Project, request: SimRequest): SimReply {
  const { limits, projectToken } = project.account
  const read = readRecords(request)
  if (!read.ok) return ingestReply(request.query, false, read.error)
  const limited = overIngestionRate(project, request, 0)
  if (limited) return limited
  if (read.records.length > limits.profileUpdates) {
    return ingestReply(read.options, false, `more than ${limits.profileUpdates} updates`)
  }
  const rules = {
    operations: userOperations,
    fields: modifiers,
    ids: ['$distinct_id'],
    maxBytes: limits.profileUpdateBytes,
  }
  const sorted = sortUpdates(read.records, rules)
  for (const update of sorted.good) {
    if (update.token === projectToken && isAtHome(project)) schedule(project, update, read.options)
    else project.state.counters.profileUpdatesLost += 1
  }
  return profileReply(project, read.options, sorted)
}

function schedule(project: Project, update: ProfileUpdate, options: URLSearchParams): void {
  const { state, clock, account } = project
  state.counters.profileUpdates += 1
  const atMs = clock.now()
  const apply = (): void => applyUpdate(project, update, options, atMs)
  if (account.profileVisibleAfterMs === 0) apply()
  else state.delayed.push({ dueAtMs: atMs + account.profileVisibleAfterMs, apply })
}

function applyUpdate(project: Project, update: ProfileUpdate, options: URLSearchParams, atMs: number): void {
  const { state, account } = project
  const { record, operation } = update
  const given = String(record['$distinct_id'])
  // In a simplified project a device's profile stays its own: "properties are not carried to the user".
  const resolves = account.identityMode === 'original' && record['$ignore_alias'] !== true
  const id = resolves ? resolveId(project, given) : given
  const after = applyOperation(state.profiles.get(id) ?? {}, operation, record[operation], account.limits)
  if (after) state.profiles.set(id, { ...after, ...serverProperties(project, record, options, atMs) })
  else state.profiles.delete(id)
  state.revision += 1
}

/** Place and `$last_seen`: what an update changes without being asked. */
function serverProperties(
  project: Project,
  record: Properties,
  options: URLSearchParams,
  atMs: number,
): Properties {
  const own = record['$ip']
  const address = own ?? (options.get('ip') === '0' ? undefined : callerAddress)
  const place = String(own) === '0' ? {} : profilePlace(project, address)
  const spot = ['$latitude', '$longitude'].filter((name) => typeof record[name] === 'number')
  const time = typeof record['$time'] === 'number' ? record['$time'] : undefined
  const seenMs = time === undefined ? atMs : time >= 1e11 ? time : time * 1_000
  const seen =
    record['$ignore_time'] === true ? {} : { $last_seen: new Date(seenMs).toISOString().slice(0, 19) }
  return { ...place, ...Object.fromEntries(spot.map((name) => [name, record[name]])), ...seen }
}
