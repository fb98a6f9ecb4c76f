import type { ConsentItem, Loss, MembershipItem, Value } from '@tripline/model'

const source = 'https://www.braze.com/docs/api/objects_filters/user_attributes_object/'

/** Name of the boolean attribute that stands for a segment. */
export const segmentAttribute = (name: string): string =>
  `seg_${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')}`

/** Leaving is `false`, never null: null fires no trigger. */
export const toMembership = (item: MembershipItem): Record<string, Value> => ({
  [item.segment.id]: item.member,
})

const globalStates = { email: 'email_subscribe', push: 'push_subscribe' } as const

/**
 * Consent as attributes. `granted` is `opted_in` only with a recorded basis, else `subscribed`. A topic is the id of a
 * subscription group.
 * @returns undefined when Braze has no place for it
 */
export function toConsent(item: ConsentItem, losses: Loss[]): Record<string, Value> | undefined {
  const granted = item.state === 'granted'
  if (item.topic !== undefined) {
    if (item.basis !== undefined)
      losses.push({ path: 'basis', kind: 'dropped', because: 'Braze keeps no legal basis', source })
    return {
      subscription_groups: [
        { subscription_group_id: item.topic, subscription_state: granted ? 'subscribed' : 'unsubscribed' },
      ],
    }
  }
  if (item.channel !== 'email' && item.channel !== 'push') return undefined
  if (item.basis !== undefined)
    losses.push({ path: 'basis', kind: 'dropped', because: 'Braze keeps no legal basis', source })
  return {
    [globalStates[item.channel]]: granted
      ? item.basis === undefined
        ? 'subscribed'
        : 'opted_in'
      : 'unsubscribed',
  }
}
