import type { ConsentItem, Fault, Loss, MembershipItem } from '@tripline/model'
import type { HubSpotLegalBasis, HubSpotOptions } from '../options.ts'

const source = 'https://developers.hubspot.com/docs/api-reference/latest/communication-preferences/guide'

/** Every legal basis that HubSpot knows. */
export const legalBases = {
  LEGITIMATE_INTEREST_PQL: true,
  LEGITIMATE_INTEREST_CLIENT: true,
  LEGITIMATE_INTEREST_OTHER: true,
  PERFORMANCE_OF_CONTRACT: true,
  CONSENT_WITH_NOTICE: true,
  NON_GDPR: true,
  PROCESS_AND_STORE: true,
} as const satisfies Readonly<Record<HubSpotLegalBasis, true>>

/** A list id, or what is wrong with the segment. */
export function listIdOf({ segment }: Pick<MembershipItem, 'segment'>): string | Fault | undefined {
  if (segment.form !== 'list' && segment.form !== 'segment') return undefined
  return /^\d+$/.test(segment.id)
    ? segment.id
    : {
        code: 'invalid',
        message: 'a list id is digits as text: take it from segments.ensure',
        path: 'segment.id',
      }
}

/** A subscription as HubSpot takes it; the address is found later. */
export interface Subscription {
  /** Undefined: everything, which can only be denied. */
  readonly subscriptionId?: number
  readonly statusState: 'SUBSCRIBED' | 'UNSUBSCRIBED'
  readonly legalBasis?: string
  readonly legalBasisExplanation?: string
}

/** @returns undefined when HubSpot has no place for it */
export function toSubscription(
  item: ConsentItem,
  options: HubSpotOptions,
  losses: Loss[],
): Subscription | Fault | undefined {
  const { channel, topic, state, basis } = item
  if (channel !== 'email') return undefined
  const statusState = state === 'granted' ? 'SUBSCRIBED' : 'UNSUBSCRIBED'
  if (topic === undefined) {
    if (state === 'granted') return undefined
    if (basis !== undefined) losses.push(noBasis('an unsubscription of everything takes no legal basis'))
    return { statusState }
  }
  if (!/^\d{1,15}$/.test(topic))
    return {
      code: 'invalid',
      message: 'the topic of an e-mail consent is a HubSpot subscription id',
      path: 'topic',
    }
  return { subscriptionId: Number(topic), statusState, ...toBasis(basis, options, losses) }
}

function toBasis(
  basis: string | undefined,
  { legalBasis, legalBasisExplanation }: HubSpotOptions,
  losses: Loss[],
): Pick<Subscription, 'legalBasis' | 'legalBasisExplanation'> {
  const known = basis !== undefined && Object.hasOwn(legalBases, basis) ? basis : legalBasis
  const explanation = legalBasisExplanation ?? basis
  if (known === undefined) {
    if (basis !== undefined)
      losses.push(noBasis('not one of HubSpot’s legal bases, and the option legalBasis is not set'))
    return {}
  }
  return { legalBasis: known, ...(explanation !== undefined && { legalBasisExplanation: explanation }) }
}
const noBasis = (because: string): Loss => ({ path: 'basis', kind: 'dropped', because, source })
