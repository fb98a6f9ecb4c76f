import { textIdProblem, type Fault, type Identity } from '@tripline/model'
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
const refusedIds: ReadonlySet<string> = new Set([
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
/** Blank, or one of the refused ones in any case; without a copy of the text for nearly all ids. */
export function isRefused(id: string): boolean {
  const first = id.charCodeAt(0)
  const isLong = id.length > 'anonymous'.length && first !== zero
  if (isLong && isPrintable(first) && isPrintable(id.charCodeAt(id.length - 1))) return false
  return refusedIds.has(id.trim().toLowerCase())
}
/** What the only long one begins with. */
const zero = 48
const isPrintable = (unit: number): boolean => unit > 32 && unit < 127
export const isFault = (value: object): value is Fault => 'code' in value

/**
 * How Mixpanel knows a person. A simplified project derives its own id from `userId`, else from `anonymousId`, so these
 * go before a vendor id that may be from before a link. An original project has its own: vendor id → userId →
 * anonymousId. E-mail and phone never identify.
 */
export function createIdentifier(mode: 'simplified' | 'original'): (who: Identity) => Person | Fault {
  return mode === 'simplified' ? simplifiedPerson : originalPerson
}

function simplifiedPerson({ userId: given, anonymousId, vendorIds }: Identity): Person | Fault {
  const vendorId = vendorIds?.['mixpanel']
  if (vendorId !== undefined && typeof vendorId !== 'string')
    return { code: 'invalid', message: 'the id is not text', path: 'who.vendorIds.mixpanel' }
  const vendorDevice = vendorId?.startsWith(devicePrefix) ? vendorId.slice(devicePrefix.length) : undefined
  const userId = given ?? (vendorDevice === undefined ? vendorId : undefined)
  const deviceId = userId === undefined ? (vendorDevice ?? anonymousId) : anonymousId
  const fault =
    (userId === undefined ? undefined : faultOfId(userId, 'who.userId', 'user')) ??
    (deviceId === undefined ? undefined : faultOfId(deviceId, 'who.anonymousId', 'device'))
  if (fault) return fault
  if (userId !== undefined) return { distinctId: userId, userId, ...(deviceId !== undefined && { deviceId }) }
  return deviceId === undefined ? nobody : { distinctId: devicePrefix + deviceId, deviceId }
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
  return faultOfId(distinctId, path, 'any') ?? { distinctId }
}
const nobody: Fault = {
  code: 'invalid',
  message: 'Mixpanel needs a userId, an anonymousId or vendorIds.mixpanel',
  path: 'who',
}

/** Why Mixpanel would refuse, change or cut an id; it is never rewritten here. `any`: not in a simplified project. */
export function faultOfId(id: string, path: string, of: 'user' | 'device' | 'any'): Fault | undefined {
  const problem = id === '' ? undefined : textIdProblem(id)
  if (problem !== undefined) return { code: 'invalid', message: `the id ${problem}`, path }
  if (isRefused(id)) return { code: 'invalid', message: 'Mixpanel refuses this as an id of anybody', path }
  if (of !== 'any' && id.startsWith(devicePrefix)) {
    const message = `Mixpanel takes "${devicePrefix}" off an id, which would join it with another one`
    return { code: 'invalid', message, path }
  }
  const maxBytes = of === 'device' ? maxIdBytes - devicePrefix.length : maxIdBytes
  if (id.length * 3 <= maxBytes || Buffer.byteLength(id) <= maxBytes) return undefined
  return { code: 'too-large', message: `longer than ${maxBytes} bytes; ids are never cut`, path }
}

/** Who a read profile is, in canonical words. */
export function identityOf(distinctId: string, mode: 'simplified' | 'original'): Identity {
  const vendorIds = { mixpanel: distinctId }
  if (mode === 'original') return { vendorIds }
  return distinctId.startsWith(devicePrefix)
    ? { anonymousId: distinctId.slice(devicePrefix.length), vendorIds }
    : { userId: distinctId, vendorIds }
}
