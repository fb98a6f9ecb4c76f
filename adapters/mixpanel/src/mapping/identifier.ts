import type { Fault, Identity } from '@tripline/model'
import { maxOf } from '../limits.ts'

/** Who an event or a profile belongs to. https://docs.mixpanel.com/docs/tracking-methods/id-management */
export interface Person {
  readonly distinctId: string
  /** `$user_id` and `$device_id` of a simplified project. */
  readonly userId?: string
  readonly deviceId?: string
}

const maxIdBytes = maxOf('distinctId.bytes')
const devicePrefix = '$device:'

/** Refused for `distinct_id` and `$insert_id`, in any case. https://developer.mixpanel.com/reference/import-events */
export const refusedIds: ReadonlySet<string> = new Set([
  '00000000-0000-0000-0000-000000000000',
  'anon',
  'anonymous',
  'nil',
  'none',
  'null',
  'n/a',
  'na',
  'undefined',
  'unknown',
  '<nil>',
  '0',
  '-1',
  'true',
  'false',
  '[]',
  '{}',
  'lmy47d', // ak--47/mixpanel-import:components/transforms.js
  '',
])
const longestRefused = 36
export const isRefused = (id: string): boolean =>
  id.length <= longestRefused ? refusedIds.has(id.trim().toLowerCase()) : id.trim() === ''
export const isFault = (value: object): value is Fault => 'code' in value

/**
 * How Mixpanel knows a person. A simplified project derives its own id from `userId`, else from `anonymousId`, so these
 * go before a vendor id that may be from before a link. An original project has its own: vendor id → userId →
 * anonymousId. E-mail and phone never identify.
 */
export function createIdentifier(mode: 'simplified' | 'original'): (who: Identity) => Person | Fault {
  return mode === 'simplified' ? simplifiedPerson : originalPerson
}

function simplifiedPerson(who: Identity): Person | Fault {
  const { userId, anonymousId } = who
  const vendorId = who.vendorIds?.['mixpanel']
  const fault =
    (userId !== undefined ? faultOfId(userId, 'who.userId', true) : undefined) ??
    (anonymousId !== undefined ? faultOfId(anonymousId, 'who.anonymousId', true) : undefined)
  if (fault) return fault
  if (userId !== undefined)
    return anonymousId === undefined
      ? { distinctId: userId, userId }
      : { distinctId: userId, userId, deviceId: anonymousId }
  if (vendorId !== undefined && (anonymousId === undefined || vendorId !== devicePrefix + anonymousId)) {
    const refused = faultOfId(vendorId, 'who.vendorIds.mixpanel', false)
    if (refused) return refused
    const device =
      anonymousId ?? (vendorId.startsWith(devicePrefix) ? vendorId.slice(devicePrefix.length) : undefined)
    if (vendorId.startsWith(devicePrefix))
      return { distinctId: vendorId, ...(device !== undefined && { deviceId: device }) }
    return { distinctId: vendorId, userId: vendorId, ...(device !== undefined && { deviceId: device }) }
  }
  if (anonymousId !== undefined) return { distinctId: devicePrefix + anonymousId, deviceId: anonymousId }
  return nobody
}

function originalPerson(who: Identity): Person | Fault {
  const vendorId = who.vendorIds?.['mixpanel']
  const distinctId = vendorId ?? who.userId ?? who.anonymousId
  if (distinctId === undefined) return nobody
  const path =
    vendorId !== undefined
      ? 'who.vendorIds.mixpanel'
      : who.userId !== undefined
        ? 'who.userId'
        : 'who.anonymousId'
  return faultOfId(distinctId, path, false) ?? { distinctId }
}
const nobody: Fault = {
  code: 'invalid',
  message: 'Mixpanel needs a userId, an anonymousId or vendorIds.mixpanel',
  path: 'who',
}

/** Why Mixpanel would refuse or change an id; ids are never rewritten or cut. */
export function faultOfId(id: string, path: string, isSimplified: boolean): Fault | undefined {
  if (typeof id !== 'string') return { code: 'invalid', message: 'ids are text, not numbers', path }
  if (isRefused(id)) return { code: 'invalid', message: 'Mixpanel refuses this as an id of anybody', path }
  if (isSimplified && id.startsWith(devicePrefix))
    return {
      code: 'invalid',
      message: `Mixpanel would take "${devicePrefix}" off and join it with another id`,
      path,
    }
  const room = maxIdBytes - devicePrefix.length
  if (id.length * 3 <= room || Buffer.byteLength(id) <= room) return undefined
  return { code: 'too-large', message: `longer than ${room} bytes; ids are never cut`, path }
}

/** Who a read profile is, in canonical words. */
export function identityOf(distinctId: string, mode: 'simplified' | 'original'): Identity {
  const vendorIds = { mixpanel: distinctId }
  if (mode === 'original') return { vendorIds }
  return distinctId.startsWith(devicePrefix)
    ? { anonymousId: distinctId.slice(devicePrefix.length), vendorIds }
    : { userId: distinctId, vendorIds }
}
