import type { Project } from './project.ts'
import { canonicalOf } from './identity-original.ts'
import type { Properties } from './state.ts'

const devicePrefix = '$device:'

export interface Ids {
  readonly distinctId: string
  readonly userId?: string
  readonly deviceId?: string
}

/**
 * Who an event belongs to in a simplified project: `$user_id`, else `$device:` + `$device_id`; a bare distinct_id is a
 * user. One leading `$device:` is taken off. https://docs.mixpanel.com/docs/tracking-methods/id-management/identifying-users-simplified
 * and ak--47/mixpanel-import (live probes p05–p08).
 */
export function readSimplifiedIds(properties: Properties): Ids {
  const given = text(properties['distinct_id'])
  const device = text(properties['$device_id']) || (given.startsWith(devicePrefix) ? given : '')
  const deviceId = device.startsWith(devicePrefix) ? device.slice(devicePrefix.length) : device
  const bareUser = deviceId === '' && given !== '' ? given : ''
  const userId = text(properties['$user_id']) || bareUser
  const distinctId = userId || (deviceId === '' ? '' : devicePrefix + deviceId)
  return { distinctId, ...(userId && { userId }), ...(deviceId && { deviceId }) }
}
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** An event with both ids joins them, for earlier events too. The first user to claim a device keeps it. */
export function joinDevice({ state, clock }: Project, ids: Ids): void {
  if (!ids.userId || !ids.deviceId || state.devices.has(ids.deviceId)) return
  state.devices.set(ids.deviceId, { userId: ids.userId, joinedAtMs: clock.now() })
}

/** The id a query shows for a stored one. Joins show after the account's delay. */
export function resolveId({ state, account, clock }: Project, distinctId: string): string {
  if (account.identityMode === 'original') return canonicalOf(state, distinctId)
  if (!distinctId.startsWith(devicePrefix)) return distinctId
  const owner = state.devices.get(distinctId.slice(devicePrefix.length))
  return owner && clock.now() - owner.joinedAtMs >= account.identityVisibleAfterMs ? owner.userId : distinctId
}
