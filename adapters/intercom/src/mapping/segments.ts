import type { ConsentItem, Loss, MembershipItem } from '@tripline/model'

const source =
  'intercom/Intercom-OpenAPI:descriptions/2.16/api.intercom.io.yaml POST /contacts/{contact_id}/subscriptions'

/** Name of the tag that stands for a segment. */
export const segmentTag = (name: string): string => `seg:${name}`

/** What a membership becomes: the tag on or off. Undefined: not a tag. */
export const toTagging = (
  item: Pick<MembershipItem, 'segment' | 'member'>,
): { readonly tagId: string; readonly on: boolean } | undefined =>
  item.segment.form === 'tag' ? { tagId: item.segment.id, on: item.member } : undefined

/**
 * Consent type of a topic and canonical state → what is done with the person's subscription. Intercom keeps explicit
 * choices only: attaching an `opt_out` type opts the person *out*, attaching an `opt_in` type opts in.
 */
export const subscriptionActs = {
  opt_out: { granted: 'detach', denied: 'attach' },
  opt_in: { granted: 'attach', denied: 'detach' },
} as const satisfies Record<'opt_in' | 'opt_out', Record<ConsentItem['state'], 'attach' | 'detach'>>
export type ConsentType = keyof typeof subscriptionActs

/** What a consent becomes; undefined: Intercom has no place for it. */
export type IntercomConsent =
  | { readonly form: 'field'; readonly unsubscribed_from_emails: boolean }
  | { readonly form: 'topic'; readonly topic: string; readonly state: ConsentItem['state'] }

export function toConsent(item: ConsentItem, losses: Loss[]): IntercomConsent | undefined {
  if (item.topic === undefined && item.channel !== 'email') return undefined
  if (item.basis !== undefined)
    losses.push({ path: 'basis', kind: 'dropped', because: 'Intercom keeps no legal basis', source })
  return item.topic === undefined
    ? { form: 'field', unsubscribed_from_emails: item.state === 'denied' }
    : { form: 'topic', topic: item.topic, state: item.state }
}
