import type { Route, SimReply, SimRequest } from '../../core/index.ts'
import { ingestionError } from '../errors.ts'
import { isAtHome, overIngestionRate } from '../ingest-gate.ts'
import { readRecords } from '../ingest-input.ts'
import { ingestReply } from '../ingest-reply.ts'
import type { Project } from '../project.ts'
import { applyOperation, groupOperations } from '../profile-operations.ts'
import { profileReply, sortUpdates, type ProfileUpdate } from '../profile-update.ts'

/** `/groups`: group profiles, a paid add-on. https://developer.mixpanel.com/reference/group-set-property */
export const groupRoutes = (project: Project): readonly Route[] => [
  { method: 'POST', path: '/groups', handle: (request) => groups(project, request) },
  { method: 'GET', path: '/groups', handle: (request) => groups(project, request) },
]
const fields = [
  '$group_key',
  '$group_id',
  '$time',
  '$ip',
  '$ignore_time',
  '$ignore_alias',
  '$latitude',
  '$longitude',
]

function groups(project: Project, request: SimRequest): SimReply {
  const { limits, groupAnalytics, entitlementStatus } = project.account
  if (!groupAnalytics) return ingestionError(entitlementStatus, 'Group Analytics is not part of this plan')
  const read = readRecords(request)
  if (!read.ok) return ingestReply(request.query, false, read.error)
  const limited = overIngestionRate(project, request, 0)
  if (limited) return limited
  if (read.records.length > limits.groupUpdates) {
    return ingestReply(read.options, false, `more than ${limits.groupUpdates} updates`)
  }
  const ids = ['$group_key', '$group_id']
  const sorted = sortUpdates(read.records, {
    operations: groupOperations,
    fields,
    ids,
    maxBytes: limits.profileUpdateBytes,
  })
  for (const update of sorted.good) applyUpdate(project, update)
  return profileReply(project, read.options, sorted)
}

/** A key that is not in the project settings is accepted and gone (consequence assumed). */
function applyUpdate(project: Project, { record, operation, token }: ProfileUpdate): void {
  const { state, account } = project
  const key = String(record['$group_key'])
  const known = account.groupKeys.some((one) => one.propertyName === key)
  if (token !== account.projectToken || !known || !isAtHome(project)) {
    state.counters.profileUpdatesLost += 1
    return
  }
  const id = String(record['$group_id'])
  const ofKey = state.groups.get(key) ?? new Map<string, Record<string, unknown>>()
  state.groups.set(key, ofKey)
  const after = applyOperation(ofKey.get(id) ?? {}, operation, record[operation], account.limits)
  if (after) ofKey.set(id, after)
  else ofKey.delete(id)
  state.counters.groupUpdates += 1
  state.revision += 1
}
