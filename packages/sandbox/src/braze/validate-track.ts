import type { BrazeAccount } from './account.ts'
import { messages, mismatch, refuse, trackErrors } from './errors.ts'
import { readIdentifier } from './identifiers.ts'
import { readInstant } from './instants.ts'
import { isList, isName, isObject, type Json, type JsonObject } from './json.ts'
import { sizeLimits } from './limits.ts'
import type { Identifier } from './profile-index.ts'
import type { SimReply } from '../core/index.ts'
import { reservedFault } from './validate-attributes.ts'
import { ecommerceFault, isCurrency, isEcommerceEvent } from './validate-ecommerce.ts'
import { validProperties } from './validate-properties.ts'

export const trackArrays = ['attributes', 'events', 'purchases'] as const
export type TrackArray = (typeof trackArrays)[number]

/** One object that Braze has taken in. */
export interface TrackObject {
  readonly who: Identifier
  readonly existingOnly: boolean
  readonly given: JsonObject
}
export interface TrackError {
  readonly type: string
  readonly input_array: TrackArray
  readonly index: number
}
export interface CheckedTrack {
  readonly accepted: Readonly<Record<TrackArray, readonly TrackObject[]>>
  readonly sent: readonly TrackArray[]
  readonly errors: readonly TrackError[]
  /** Dropped ecommerce events: named in `errors`, and yet no failure. */
  readonly dropped: number
}

/** Reads the three arrays, or answers as Braze does when they cannot be read at all. */
export function readArrays(
  body: JsonObject,
): Readonly<Partial<Record<TrackArray, readonly Json[]>>> | SimReply {
  const arrays: Partial<Record<TrackArray, readonly Json[]>> = {}
  for (const name of trackArrays) {
    const value = body[name]
    if (value === undefined) continue
    if (!isList(value)) return mismatch()
    // An empty array is refused even beside full ones (rudderlabs/rudder-transformer#4801).
    if (value.length === 0) return refuse(400, messages.noValidData)
    arrays[name] = value
  }
  return Object.keys(arrays).length === 0 ? refuse(400, messages.noValidData) : arrays
}

export function checkTrack(
  arrays: Readonly<Partial<Record<TrackArray, readonly Json[]>>>,
  account: BrazeAccount,
): CheckedTrack {
  const accepted: Record<TrackArray, TrackObject[]> = { attributes: [], events: [], purchases: [] }
  const errors: TrackError[] = []
  let dropped = 0
  for (const name of trackArrays)
    for (const [index, object] of (arrays[name] ?? []).entries()) {
      const checked = checkObject(name, object, account)
      if (typeof checked !== 'string') {
        const fault = name === 'events' ? recommendedFault(checked.given) : undefined
        if (!fault) accepted[name].push(checked)
        else {
          dropped++
          errors.push({ type: fault, input_array: name, index })
        }
      } else errors.push({ type: checked, input_array: name, index })
    }
  return { accepted, sent: trackArrays.filter((name) => arrays[name]), errors, dropped }
}

function checkObject(name: TrackArray, object: Json, account: BrazeAccount): TrackObject | string {
  if (!isObject(object)) return trackErrors.assumedObject
  const who = readIdentifier(object)
  const fault = name === 'attributes' ? reservedFault(object) : undefined
  // A token import is the one object that needs no identifier.
  if (typeof who === 'string') return object['push_token_import'] === true && fault ? fault : who
  if (who.kind === 'external_id' && account.blockedExternalIds.includes(who.value)) return trackErrors.blocked
  const ill =
    fault ??
    (name === 'events' ? eventFault(object) : name === 'purchases' ? purchaseFault(object) : undefined)
  if (ill) return ill
  const flag = object['_update_existing_only']
  // With an alias the default turns round: only `false` creates an alias-only profile.
  const existingOnly = who.kind === 'user_alias' ? flag !== false : flag === true || who.kind === 'braze_id'
  return { who, existingOnly, given: object }
}

function eventFault(event: JsonObject): string | undefined {
  if (!isName(event['name']) || event['name'].length > sizeLimits.textChars.max)
    return trackErrors.assumedName
  if (!isName(event['time']) || readInstant(event['time']) === undefined) return trackErrors.assumedTime
  return validProperties(event['properties'], 'events') ? undefined : trackErrors.properties
}

function recommendedFault(event: JsonObject): string | undefined {
  const { name, properties } = event
  if (!isName(name) || !isEcommerceEvent(name)) return undefined
  return ecommerceFault(name, isObject(properties) ? properties : {})
}

function purchaseFault(purchase: JsonObject): string | undefined {
  const { product_id: productId, currency, price, quantity, time } = purchase
  if (!isName(productId) || productId.length > sizeLimits.textChars.max) return trackErrors.assumedProductId
  if (!isCurrency(currency)) return trackErrors.currency
  if (typeof price !== 'number') return trackErrors.assumedPrice
  if (!isName(time) || readInstant(time) === undefined) return trackErrors.assumedTime
  if (quantity !== undefined && !validQuantity(quantity)) return trackErrors.quantity
  return validProperties(purchase['properties'], 'purchases') ? undefined : trackErrors.properties
}

const validQuantity = (quantity: Json): boolean =>
  typeof quantity === 'number' &&
  Number.isInteger(quantity) &&
  quantity >= 1 &&
  quantity <= sizeLimits.purchaseQuantity.max
