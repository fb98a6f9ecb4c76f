import { textIdProblem, type Fault, type Identity } from '@tripline/model'
import type { HubSpotOptions } from '../options.ts'

/** How a person is named at HubSpot. */
export type Target =
  /** By our own unique property. */
  | { readonly by: 'user'; readonly id: string }
  /** By HubSpot's record id. */
  | { readonly by: 'record'; readonly id: string }
  /** Lower-cased; only where the account says that addresses identify people. */
  | { readonly by: 'email'; readonly id: string }
  /** HubSpot's tracking cookie: only events take it. */
  | { readonly by: 'utk'; readonly id: string }
/** Somebody that HubSpot can keep as a contact. */
export type Contact = Exclude<Target, { readonly by: 'utk' }>

export const anonymousNote =
  'HubSpot takes no anonymous people: deliver again when the person has a userId, or set anonymousIdIsUtk'

/**
 * Vendor id → userId → e-mail, where it identifies → cookie. Ids are never trimmed or changed.
 * @returns a fault, or undefined for somebody with only an anonymous id
 */
export function targetOf(who: Identity, options: HubSpotOptions): Target | Fault | undefined {
  const recordId = who.vendorIds?.['hubspot']
  if (recordId !== undefined)
    return isRecordId(recordId)
      ? { by: 'record', id: recordId }
      : { code: 'invalid', message: 'a HubSpot record id is digits as text', path: 'who.vendorIds.hubspot' }
  if (who.userId !== undefined) return faultOfId(who.userId, 'who.userId') ?? { by: 'user', id: who.userId }
  if (who.email !== undefined && options.emailIdentifies) return { by: 'email', id: emailOf(who.email) }
  if (who.anonymousId !== undefined)
    return options.anonymousIdIsUtk
      ? (faultOfId(who.anonymousId, 'who.anonymousId') ?? { by: 'utk', id: who.anonymousId })
      : undefined
  const message =
    who.email === undefined
      ? 'HubSpot needs a userId or vendorIds.hubspot'
      : 'HubSpot needs a userId: an e-mail address identifies nobody unless emailIdentifies is set'
  return { code: 'invalid', message, path: 'who' }
}
/** Why HubSpot could not keep an id as it is. */
export function faultOfId(id: string, path: string): Fault | undefined {
  const problem = textIdProblem(id)
  return problem === undefined ? undefined : { code: 'invalid', message: `the id ${problem}`, path }
}
export const isFault = (value: object): value is Fault => 'code' in value
/** The form in which HubSpot compares addresses. */
export const emailOf = (text: string): string => text.trim().toLowerCase()
/** One text per person, for folding and caching. */
export const keyOf = ({ by, id }: Target): string => `${by}:${id}`

function isRecordId(text: string): boolean {
  if (typeof text !== 'string' || text === '') return false
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 48 || unit > 57) return false
  }
  return true
}
